/**
 * Recorded trace: a way through a world as plain data that outlives the numbers of states and choices.
 *
 * A choice is recorded by the name of its actor, which of the actor's takes it is, and the event taken; what the
 * step did is recorded beside it, so that a replay can tell where a changed model goes another way.
 */
import type { EventObject, StateValue } from 'xstate';

import type { FiredEffect } from './cells.ts';
import { modelOf } from './model.ts';
import type { Outcome, RecordedCall, Trace } from './outcome.ts';
import { type RecordedSlot, recordedSlots } from './recorded-slot.ts';
import type { Violation } from './violation.ts';
import type { World } from './world.ts';

export const TRACE_SCHEMA = 'stormdrain.trace/1';

export type RecordedStep = {
  readonly actor: string;
  /** Which of the actor's takes, from 0; where a changed model counts otherwise, the event decides. */
  readonly take: number;
  readonly event: EventObject;
  readonly label: string;
  readonly details: readonly string[];
  /** Nothing came of it but that its state was left. */
  readonly passes: boolean;
  readonly effects: readonly FiredEffect[];
  /** Undefined in traces written before calls and reads were told; a replay tells them. */
  readonly calls?: readonly RecordedCall[];
  readonly reads?: readonly string[];
  readonly changes: readonly { readonly slot: string; readonly to: StateValue }[];
  readonly fields: readonly {
    readonly slot: string;
    readonly field: string;
    readonly to: string;
  }[];
};

/** Where a trace comes from. */
export type TraceOrigin = {
  readonly scenario: string;
  /** Undefined for a world that runs no driver's lists. */
  readonly driver: string | undefined;
  readonly quirks: readonly string[];
  readonly strategy: string;
  /** Of a sampled trace. */
  readonly seed?: number;
  readonly iteration?: number;
};

/** A way through a world, step by step, by names; what a trace file holds. */
export type RecordedTrace = { readonly schema: typeof TRACE_SCHEMA } & TraceOrigin & {
    /** What is wrong in the end; a deadlock is one; undefined: nothing. */
    readonly violation: Violation | undefined;
    /** Everything there is, as it was before the first step; undefined in traces written before it was told. */
    readonly slots?: readonly RecordedSlot[];
    /** Titles of the columns to draw it in, by actor. */
    readonly columns: Readonly<Record<string, string>>;
    readonly steps: readonly RecordedStep[];
  };

/** The property of a trace that ends where no step is left and somebody waits. */
export const DEADLOCK = 'deadlock';

/** The property of a walk that live actors take another way. */
export const DETERMINISM = 'determinism';

export const deadlockOf = (waiting: readonly string[]): Violation => ({
  slot: '',
  property: DEADLOCK,
  sentence: `no step is left, and ${waiting.join(', ')} ${waiting.length === 1 ? 'waits' : 'wait'}`,
});

/** What an outcome found wrong, and the way there. */
export function foundIn(
  outcome: Outcome,
): { readonly violation: Violation; readonly trace: Trace } | undefined {
  switch (outcome.kind) {
    case 'violated':
      return outcome;
    case 'deadlocked':
      return { violation: deadlockOf(outcome.waiting), trace: outcome.trace };
    default:
      return undefined;
  }
}

/** Caller's duty: `world` can be explored. */
export const recordedTrace = (
  origin: TraceOrigin,
  world: World,
  violation: Violation | undefined,
  trace: Trace,
): RecordedTrace => ({
  schema: TRACE_SCHEMA,
  ...origin,
  violation,
  slots: recordedSlots(modelOf(world)),
  columns: world.columns ?? {},
  steps: trace.map(recordedStep),
});

export const recordedStep = (step: Trace[number]): RecordedStep => {
  const { actor, take, event, label, details, passes, effects, calls, reads, changes, fields } =
    step;
  return { actor, take, event, label, details, passes, effects, calls, reads, changes, fields };
};
