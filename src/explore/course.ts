/**
 * Course: an order in which a search goes through a space, and what it may come upon.
 */

import type { Space } from './space.ts';
import type { Violation } from './violation.ts';
import type { Way } from './way.ts';

export type Limit = 'states' | 'depth' | 'bytes' | 'disk' | 'time' | 'interrupted';

/** What ends a course; ways are found when they are asked for. */
export type Verdict =
  /** Every reachable state was expanded. */
  | { readonly kind: 'complete' }
  | { readonly kind: 'violated'; readonly violation: Violation; readonly way: () => Way }
  /** No choice is open in the last state, and some slot may not rest. */
  | { readonly kind: 'deadlocked'; readonly way: () => Way }
  | { readonly kind: 'limited'; readonly limit: Limit };

/** How far a course is. */
export type Progress = {
  readonly states: number;
  readonly bytes: number;
  /** Of the states that went to disk. */
  readonly diskBytes: number;
  readonly expanded: number;
  readonly transitions: number;
  readonly depth: number;
};

/** What a course has done: states whose choices were tried, and how many of the choices of each, the first ones. */
export type Tried = {
  readonly space: Space;
  states(): Iterable<{ readonly state: number; readonly choices: number }>;
};

export type Course = {
  /** Gives up what it holds, threads above all. */
  readonly close?: () => void;
  /** Expands about that many states more; undefined: it is not over. @throws Refused */
  advance(states: number): Verdict | undefined;
  progress(): Progress;
  /** A shortest way to a stored state, where the order of the course lets it be found again. */
  readonly wayTo?: (state: number) => Way;
  /** Undefined where a state's choices are not tried in order. */
  readonly tried?: () => Tried;
};
