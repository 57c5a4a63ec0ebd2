/**
 * Judgement: whether a trace is a behaviour of the model; where not, the first event that nothing explains.
 */

import type { BrokenProperty } from './broken.ts';
import type { UnjudgedEvents } from './unjudged.ts';

/** What could have been seen there instead. */
export type Candidate = {
  /** Whose: a place, or a request of it. */
  readonly object: string;
  /** The list, thread or worker that would show it. */
  readonly actor: string;
  readonly sign: string;
};

export type Rejection = {
  /** Of the file, from 1; behind its last event when something never came. */
  readonly line: number;
  /** Kind of the event, as the event trace names it. */
  readonly event: string;
  /** One sentence, no full stop. */
  readonly why: string;
  readonly candidates: readonly Candidate[];
};

export type Judgement = {
  readonly events: number;
  /** Events that were compared with the model; others say nothing about it, or stand where events were lost. */
  readonly judged: number;
  /** Events that the machines say nothing of, by what they are. */
  readonly notJudged: readonly UnjudgedEvents[];
  readonly firstRejected: Rejection | undefined;
  /** What the driver explains and ought not to do: the first of them, in order. */
  readonly broken: readonly BrokenProperty[];
  readonly brokenTotal: number;
  readonly places: number;
  readonly requests: number;
  readonly answers: number;
  /** Groups that still owe their response at the end. */
  readonly open: number;
  /** Groups whose fate is unknown, because events were lost. */
  readonly unknown: number;
  /** Stretches in which events were lost. */
  readonly losses: number;
  /** The search gave up here: line of the event. */
  readonly limitedAt: number | undefined;
  /** What to know besides, one sentence each. */
  readonly notes: readonly string[];
};

/** Why an event is rejected; whoever knows the event adds where it stands. */
export type Fault = { readonly why: string; readonly candidates: readonly Candidate[] };

/** Each said once. */
export const distinct = (candidates: readonly Candidate[]): readonly Candidate[] => [
  ...new Map(candidates.map((one) => [`${one.object} ${one.actor} ${one.sign}`, one])).values(),
];
