/**
 * Explore course: a plan carried out as a search or as a sampling, with its progress on a terminal.
 */
import { setImmediate } from 'node:timers/promises';
import { ok, type Result } from '../core/result.ts';
import type { Bounds } from '../explore/bounds.ts';
import {
  DEADLOCK,
  DETERMINISM,
  deadlockOf,
  foundIn,
  recordedTrace,
  type TraceOrigin,
} from '../explore/recorded-trace.ts';
import type { Refusal } from '../explore/refusal.ts';
import { beginSampling, type SampleOutcome } from '../explore/sampling/sampling.ts';
import type { StrategyName } from '../explore/sampling/strategies.ts';
import { beginSearch, type Search } from '../explore/search.ts';
import type { Counted } from '../explore/tally.ts';
import type { Violation } from '../explore/violation.ts';
import type { FoundScenario } from '../scenarios/found-scenario.ts';
import type { ExploreOptions } from './explore-options.ts';
import { exploreProgressText } from './explore-progress.ts';
import { type Advancing, type Ran, ranToEnd } from './explore-run.ts';
import { type Explored, type Extent, type Found, limitOf } from './explored.ts';
import { progressLine } from './progress.ts';
import { shortenedTrace, type Walked } from './shortened-trace.ts';
import type { Environment } from './storm-command.ts';

/** Walks of a sampling that nobody limits. */
const WALKS_DEFAULT = 100_000;

/** What an exploration is run with, once names and numbers are known to be good. */
export type ExplorePlan = {
  readonly options: ExploreOptions;
  readonly found: FoundScenario;
  readonly course:
    | { readonly kind: 'search'; readonly order: 'bfs' | 'dfs' }
    | { readonly kind: 'sampling'; readonly strategy: StrategyName; readonly seed: number };
};

type Outside = Pick<Environment, 'now' | 'signal' | 'stderr'>;

export const explored = (
  plan: ExplorePlan,
  outside: Outside,
): Promise<Result<Explored, Refusal>> =>
  plan.course.kind === 'search'
    ? searched(plan, plan.course, outside)
    : sampled(plan, plan.course, outside);

async function searched(
  { options, found }: ExplorePlan,
  { order }: ExplorePlan['course'] & { kind: 'search' },
  outside: Outside,
): Promise<Result<Explored, Refusal>> {
  const world = found.worldOf(found.scenario);
  const begun = beginSearch(world, boundsOf(options, order));
  if (!begun.ok) return begun;
  const ended = await watched(begun.value, options, outside, (counts) => ({
    kind: 'search',
    ...counts,
  }));
  if (!ended.ok) return ended;
  const { outcome, coverage, elapsedSeconds } = ended.value;
  const wrong = foundIn(outcome);
  const told = wrong && {
    origin: { ...originOf(found), strategy: order },
    violation: wrong.violation,
    trace: wrong.trace,
  };
  // A shortest trace needs no shortening, and what a goal misses no single way shows.
  const isGoal = world.goals?.some(({ id }) => id === wrong?.violation.property) ?? false;
  const isAsFound = order === 'bfs' || options.asFound || isGoal;
  const kept = await keptTrace(found, told, isAsFound, outside.signal);
  if (!kept.ok) return kept;
  const counts = begun.value.counts();
  const counted =
    options.coverage === undefined ? undefined : await countedBy(begun.value, outside);
  return ok({
    extent: { kind: 'search', ...counts },
    coverage: counted?.coverage ?? coverage,
    counted,
    elapsedSeconds,
    complete: outcome.kind === 'complete',
    limit: limitOf(outcome),
    unseen: outcome.kind === 'complete' ? outcome.unseen : [],
    found: kept.value,
  });
}

/** What a search took, gone through again; undefined when interrupted. */
async function countedBy(
  search: Search,
  { signal }: Pick<Outside, 'signal'>,
): Promise<Counted | undefined> {
  const pass = search.counted();
  while (pass !== undefined && !signal.aborted) {
    const { done, value } = pass.next();
    if (done === true) return value;
    await setImmediate();
  }
  return undefined;
}

/** The trace as it was found, or as short as it can be made. */
async function keptTrace(
  found: FoundScenario,
  walked: Walked | undefined,
  isAsFound: boolean,
  signal: AbortSignal,
): Promise<Result<Found | undefined, Refusal>> {
  if (walked === undefined) return ok(undefined);
  if (!isAsFound) return shortenedTrace(found, walked, signal);
  const { origin, violation, trace } = walked;
  const world = found.worldOf(found.scenario);
  return ok({
    violation,
    trace: recordedTrace(origin, world, violation, trace),
    stepsFound: undefined,
  });
}

const boundsOf = (options: ExploreOptions, strategy: 'bfs' | 'dfs'): Bounds => {
  const { statesMax, depthMax, bytesMax, properties, reduction, workers } = options;
  return {
    strategy,
    symmetry: reduction === 'none' ? 'none' : 'declared',
    reduction: reduction === 'por' ? 'por' : 'none',
    workers,
    ...(statesMax === undefined ? {} : { statesMax }),
    ...(depthMax === undefined ? {} : { depthMax }),
    ...(bytesMax === undefined ? {} : { bytesMax }),
    ...judgedOf(properties),
  };
};

/** Without a word everything is judged, deadlock included. */
const judgedOf = (properties: readonly string[]) =>
  properties.length === 0 ? {} : { properties, mayDeadlock: !properties.includes(DEADLOCK) };

async function sampled(
  { options, found }: ExplorePlan,
  { strategy, seed }: ExplorePlan['course'] & { kind: 'sampling' },
  outside: Outside,
): Promise<Result<Explored, Refusal>> {
  const { walksMax, secondsMax, depthMax, properties, twice, asFound } = options;
  const iterations = walksMax ?? (secondsMax === undefined ? WALKS_DEFAULT : undefined);
  const begun = beginSampling(found.worldOf(found.scenario), {
    strategy,
    seed,
    twice,
    counting: options.coverage !== undefined,
    ...(iterations === undefined ? {} : { iterations }),
    ...(depthMax === undefined ? {} : { walkStepsMax: depthMax }),
    ...judgedOf(properties),
  });
  if (!begun.ok) return begun;
  const ended = await watched(begun.value, options, outside, (counts) => ({
    kind: 'sampling',
    ...counts,
  }));
  if (!ended.ok) return ended;
  const { outcome, coverage, elapsedSeconds } = ended.value;
  const walked = walkedTo(outcome, { ...originOf(found), strategy, seed });
  const isAsFound = asFound || outcome.kind === 'nondeterministic';
  const kept = await keptTrace(found, walked, isAsFound, outside.signal);
  if (!kept.ok) return kept;
  const counted = begun.value.counted();
  return ok({
    extent: { kind: 'sampling', ...begun.value.counts() },
    coverage: counted?.coverage ?? coverage,
    counted,
    elapsedSeconds,
    complete: false,
    limit: limitOf(outcome),
    unseen: [],
    found: kept.value,
  });
}

function walkedTo(outcome: SampleOutcome, origin: TraceOrigin): Walked | undefined {
  if (outcome.kind === 'limited') return undefined;
  const { trace, iteration } = outcome;
  return { origin: { ...origin, iteration }, violation: violationOf(outcome), trace };
}

function violationOf(outcome: Exclude<SampleOutcome, { kind: 'limited' }>): Violation {
  switch (outcome.kind) {
    case 'violated':
      return outcome.violation;
    case 'deadlocked':
      return deadlockOf(outcome.waiting);
    case 'nondeterministic':
      return { slot: '', property: DETERMINISM, sentence: outcome.sentence };
  }
}

const originOf = ({ scenario, driver, quirks }: FoundScenario) => ({
  scenario: scenario.name,
  driver,
  quirks,
});

/** Run to its end with a line that shows how far it is. */
async function watched<Outcome, Counts>(
  advancing: Advancing<Outcome, Counts>,
  { secondsMax }: ExploreOptions,
  { now, signal, stderr }: Outside,
  extentOf: (counts: Counts) => Extent,
): Promise<Result<Ran<Outcome>, Refusal>> {
  const line = progressLine(stderr, now, exploreProgressText);
  try {
    return await ranToEnd(advancing, {
      now,
      signal,
      secondsMax,
      update: (counts, seconds) => line.update({ extent: extentOf(counts), seconds }),
    });
  } finally {
    line.end();
  }
}
