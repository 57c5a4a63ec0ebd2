/**
 * Player shape: what a page that plays a trace is told of it: a summary once, and its steps in pages.
 *
 * Policy: a trace of a hundred thousand steps is never one answer. Each page of steps says what every slot is before
 *         its first step, so that any step's state is one page away.
 */
import type { StateValue } from 'xstate';

import type { Violation } from '../explore/violation.ts';

export type PlayerSlot = {
  /** As steps name it: `worker[1]`. */
  readonly slot: string;
  /** What its chart is asked for by; all slots of the kind share one. */
  readonly kind: string;
  readonly role: 'actor' | 'object';
  /** Its thread's lane, by number; undefined where it takes no step in this trace. */
  readonly lane: number | undefined;
  /** Whether any step changes its state or fields. */
  readonly moves: boolean;
};

export type PlayerSummary = {
  readonly id: string;
  /** What it shows, where the trace comes from a catalogue; else the scenario. */
  readonly title: string;
  readonly scenario: string;
  readonly driver: string | undefined;
  readonly quirks: readonly string[];
  readonly strategy: string;
  readonly steps: number;
  /** Steps of each page but the last. */
  readonly pageSteps: number;
  readonly violation: Violation | undefined;
  /** How it differs from what was recorded, when it was replayed; none: it doesn't. */
  readonly differences: readonly string[];
  /** Titles of the threads that take steps, from left to right. */
  readonly lanes: readonly string[];
  /** Kinds of object that steps change, as they are first met. */
  readonly objects: readonly string[];
  /** In the world's order. */
  readonly slots: readonly PlayerSlot[];
  /** The lane that takes most steps in each of up to {@link OVERVIEW_MAX} equal parts of the trace. */
  readonly overview: readonly number[];
};

export const OVERVIEW_MAX = 1200;

export type PlayerStep = {
  readonly actor: string;
  readonly lane: number;
  readonly label: string;
  readonly details: readonly string[];
  readonly passes: boolean;
  /** Effects in order: whose, which, with what. */
  readonly effects: readonly string[];
  readonly changes: readonly { readonly slot: string; readonly to: StateValue }[];
  readonly fields: readonly {
    readonly slot: string;
    readonly field: string;
    readonly to: string;
  }[];
  /** Slots that say that this must not happen, and the property they name. */
  readonly violates: readonly { readonly slot: string; readonly property: string }[];
};

export type PlayerPage = {
  /** Of its first step, from 0. */
  readonly first: number;
  /** Before its first step: each slot's state, and its fields, by name. */
  readonly before: Readonly<Record<string, PlayerHeld>>;
  readonly steps: readonly PlayerStep[];
};

export type PlayerHeld = {
  readonly state: StateValue;
  readonly fields: Readonly<Record<string, string>>;
};
