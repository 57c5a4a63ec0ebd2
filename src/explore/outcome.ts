/**
 * Outcome: what a search can honestly say of a world.
 */
import type { EventObject, StateValue } from 'xstate';

import type { FiredEffect } from './cells.ts';
import type { Violation } from './violation.ts';

export type Counts = {
  /** Distinct states stored, the first included. */
  readonly states: number;
  /** States whose choices have all been tried. */
  readonly expanded: number;
  readonly transitions: number;
  /** Steps from the first state to the last one expanded. */
  readonly depth: number;
};

export type Outcome =
  /** Every reachable state was seen, and nothing was wrong with any. */
  | ({ readonly kind: 'complete' } & Counts)
  | ({ readonly kind: 'violated'; readonly violation: Violation; readonly trace: Trace } & Counts)
  /** No choice is left, and the slots named may not rest as they are. */
  | ({
      readonly kind: 'deadlocked';
      readonly waiting: readonly string[];
      readonly trace: Trace;
    } & Counts)
  /** Nothing wrong so far; what lies beyond the limit is unknown. */
  | ({ readonly kind: 'limited'; readonly limit: 'states' | 'depth' } & Counts);

/** A shortest way from the first state, step by step. */
export type Trace = readonly TraceStep[];

export type TraceStep = {
  /** The choice taken, by its number in the world. */
  readonly choice: number;
  /** Name of the actor that took the step. */
  readonly actor: string;
  readonly event: EventObject;
  readonly effects: readonly FiredEffect[];
  readonly violations: readonly Violation[];
  /** Slots whose control value changed. */
  readonly changes: readonly { readonly slot: string; readonly to: StateValue }[];
};
