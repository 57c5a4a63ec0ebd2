/**
 * Race search: one exploration of one experiment, with its quirks or without, and what it found, as plain data.
 *
 * Policy: with the quirks only the expected property is judged, so that the way to it is a shortest one whatever else
 *         breaks on the way; without them everything is, deadlocks and sightings included.
 */
import { driverWith } from '../../actors/drivers.ts';
import { invariant } from '../../core/invariant.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Outcome } from '../../explore/outcome.ts';
import { foundIn, type RecordedTrace, recordedTrace } from '../../explore/recorded-trace.ts';
import { type Refusal, refusalSentence } from '../../explore/refusal.ts';
import { beginSearch, type Search } from '../../explore/search.ts';
import { UNEXPECTED } from '../../explore/violation.ts';
import { PROPERTIES } from '../explore/unit/observers/table.ts';
import { RACES } from './catalogue.ts';
import type { Expectation, Experiment } from './race.ts';

/** Names one search; crosses threads. */
export type RaceJob = {
  readonly race: string;
  /** The place of the experiment in the race's list. */
  readonly experiment: number;
  readonly with: 'quirks' | 'nothing';
  readonly statesMax: number;
};

export type RaceFinding = {
  readonly kind: 'violated' | 'clean' | 'limited' | 'refused';
  readonly property: string | undefined;
  /** What was broken, who waits, which limit was met, or why it can't be explored. */
  readonly sentence: string | undefined;
  readonly states: number;
  readonly transitions: number;
  /** The way to it, when something is wrong. */
  readonly trace: RecordedTrace | undefined;
};

/** Jobs with the same key are the same search. */
export function jobKey(job: RaceJob): string {
  const { scenario, driver, quirks, expects, aside } = experimentOf(job);
  return job.with === 'nothing'
    ? [scenario.name, driver, ...(judgedWithout(aside) ?? [])].join(' ')
    : [scenario.name, driver, ...quirks, ...(judgedWith(expects) ?? [])].join(' ');
}

/** The one property that a search with quirks judges; undefined: all. */
const judgedWith = (expects: Expectation): readonly string[] | undefined =>
  expects.kind === 'clean' ? undefined : [expects.property];

/** What a search without them judges: all that there is, unless something is set aside. */
const judgedWithout = (aside: Experiment['aside']): readonly string[] | undefined =>
  aside === undefined
    ? undefined
    : [UNEXPECTED, ...PROPERTIES.map(({ id }) => id)].filter(
        (id) => !aside.properties.includes(id),
      );

function experimentOf({ race, experiment }: RaceJob): Experiment {
  const found = RACES.find(({ id }) => id === race);
  invariant(found?.status === 'modelled', `${race} is no modelled race`);
  const of = found.experiments[experiment];
  invariant(of !== undefined, `${race} has no experiment ${experiment}`);
  return of;
}

/** Runs a job to its end. */
export function runRaceJob(job: RaceJob, counted?: (states: number) => void): RaceFinding {
  const slices = raceSlices(job);
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    counted?.(slice.value);
  }
}

/** States between two pauses. */
const SLICE_STATES = 20_000;

/** A job with pauses, in each of which it tells how many states are stored. */
export function* raceSlices(job: RaceJob): Generator<number, RaceFinding> {
  const { scenario, driver, quirks: all, expects, aside } = experimentOf(job);
  const quirks = job.with === 'quirks' ? all : [];
  const built = driverWith(driver, quirks);
  invariant(built.ok, `${job.race} names a driver or a quirk that does not exist`);
  const judged = job.with === 'quirks' ? judgedWith(expects) : judgedWithout(aside);
  const world = scenario.world(built.value);
  const begun = beginSearch(world, {
    statesMax: job.statesMax,
    ...(judged === undefined ? {} : { properties: judged }),
    mayDeadlock: job.with === 'quirks' && expects.kind !== 'clean',
  });
  if (!begun.ok) return refused(refusalSentence(begun.error));
  const ended = yield* finished(begun.value);
  if (!ended.ok) return refused(refusalSentence(ended.error));
  const outcome = ended.value;
  const { states, transitions } = outcome;
  const wrong = foundIn(outcome);
  if (wrong !== undefined) {
    const { violation, trace } = wrong;
    const origin = { scenario: scenario.name, driver, quirks, strategy: 'bfs' };
    return {
      kind: 'violated',
      property: violation.property,
      sentence: violation.sentence,
      states,
      transitions,
      trace: recordedTrace(origin, world, violation, trace),
    };
  }
  const open = openQuestion(outcome);
  const kind = open === undefined ? 'clean' : 'limited';
  return { kind, property: undefined, sentence: open, states, transitions, trace: undefined };
}

function* finished(search: Search): Generator<number, Result<Outcome, Refusal>> {
  for (;;) {
    const advanced = search.advance(SLICE_STATES);
    if (!advanced.ok) return advanced;
    if (advanced.value !== undefined) return ok(advanced.value);
    yield search.counts().states;
  }
}

/** A space in which what was meant to happen does not happen proves nothing either. */
function openQuestion(outcome: Outcome): string | undefined {
  if (outcome.kind === 'limited') return `the limit of ${outcome.limit} was reached`;
  const unseen = outcome.kind === 'complete' ? outcome.unseen : [];
  return unseen.length === 0 ? undefined : `never seen: ${unseen.join(', ')}`;
}

const refused = (sentence: string): RaceFinding => ({
  kind: 'refused',
  property: undefined,
  sentence,
  states: 0,
  transitions: 0,
  trace: undefined,
});

/** Of a search that was ended from outside. */
export const INTERRUPTED: RaceFinding = {
  kind: 'limited',
  property: undefined,
  sentence: 'interrupted',
  states: 0,
  transitions: 0,
  trace: undefined,
};
