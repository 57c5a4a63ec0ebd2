/**
 * Outcome: what a search can honestly say of a world.
 */
import type { EventObject, StateValue } from 'xstate';

import type { FiredEffect } from './cells.ts';
import type { Limit } from './course.ts';
import type { Violation } from './violation.ts';

export type Counts = {
  /** Distinct states stored, the first included. */
  readonly states: number;
  /** States whose choices have all been tried. */
  readonly expanded: number;
  readonly transitions: number;
  /** Steps from the first state to the last one expanded; depth first, to the farthest. */
  readonly depth: number;
  /** Memory of the states and of the set that knows them. */
  readonly bytes: number;
  /** Of the states that went to disk. */
  readonly diskBytes: number;
  /** What the counts are less by. */
  readonly reductions: readonly Reduction[];
};

/** Ways to search less than every state, with the same answers. */
export type Reduction = 'symmetry' | 'por';

export type Outcome =
  /** Every reachable state was seen, and nothing was wrong with any. */
  | ({
      readonly kind: 'complete';
      /** Sightings, by id, that were never met: the world may be smaller than was meant. */
      readonly unseen: readonly string[];
    } & Counts)
  | ({ readonly kind: 'violated'; readonly violation: Violation; readonly trace: Trace } & Counts)
  /** No choice is left, and the slots named may not rest as they are. */
  | ({
      readonly kind: 'deadlocked';
      readonly waiting: readonly string[];
      readonly trace: Trace;
    } & Counts)
  /** Nothing wrong so far; what lies beyond the limit is unknown. */
  | ({ readonly kind: 'limited'; readonly limit: Limit } & Counts);

/** A way from the first state, step by step; breadth first, a shortest one. */
export type Trace = readonly TraceStep[];

/** An event sent to an object, or by way of a channel, within a step; slots by name. */
export type RecordedCall = {
  readonly from: string;
  readonly to: string;
  readonly event: EventObject;
};

export type TraceStep = {
  /** The choice taken, by its number in the world. */
  readonly choice: number;
  /** Name of the actor that took the step. */
  readonly actor: string;
  /** Which of the actor's takes, from 0. */
  readonly take: number;
  readonly event: EventObject;
  /** The step in a few words, and what it did to others, a line each. */
  readonly label: string;
  readonly details: readonly string[];
  /** Nothing came of it but that its state was left. */
  readonly passes: boolean;
  readonly effects: readonly FiredEffect[];
  readonly violations: readonly Violation[];
  /** Who called whom in the step, in order. */
  readonly calls: readonly RecordedCall[];
  /** Slots other than the actor's that it or those it called looked at. */
  readonly reads: readonly string[];
  /** Slots whose control value changed. */
  readonly changes: readonly { readonly slot: string; readonly to: StateValue }[];
  /** Held fields that changed, and the one text of what they hold now. */
  readonly fields: readonly {
    readonly slot: string;
    readonly field: string;
    readonly to: string;
  }[];
};
