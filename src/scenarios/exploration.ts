/**
 * Exploration: a scenario searched or walked as a course says, and what came of it in one shape.
 *
 * Policy: time, interrupts and whoever watches come through the hooks.
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
import type { StateFile } from '../explore/state-file.ts';
import type { Counted } from '../explore/tally.ts';
import type { Violation } from '../explore/violation.ts';
import { type Explored, type Extent, type Found, limitOf } from './explored.ts';
import type { FoundScenario } from './found-scenario.ts';
import { type Advancing, type Ran, ranToEnd } from './ran-to-end.ts';
import { shortenedTrace, type Walked } from './shortened-trace.ts';

/** Walks of a sampling that nobody limits. */
const WALKS_DEFAULT = 100_000;
/** Memory of a search with a disk that nobody limits. */
const DISK_BYTES_MAX = 1e9;

/** How far to go and what to judge; undefined: not limited, or the search's own choice. */
export type ExplorationLimits = {
  readonly reduction: 'none' | 'symmetry' | 'por';
  readonly workers: number;
  readonly statesMax: number | undefined;
  readonly depthMax: number | undefined;
  readonly bytesMax: number | undefined;
  /** Where states go that memory has no room for. */
  readonly disk: StateFile | undefined;
  readonly walksMax: number | undefined;
  readonly secondsMax: number | undefined;
  /** Empty: everything is judged. */
  readonly properties: readonly string[];
  readonly twice: boolean;
  /** Whether it is told how often each transition was taken, at the cost of going through it again. */
  readonly counting: boolean;
  /** The trace of a walk is told as it was found. */
  readonly asFound: boolean;
};

export type ExplorationCourse =
  | { readonly kind: 'search'; readonly order: 'bfs' | 'dfs' }
  | { readonly kind: 'sampling'; readonly strategy: StrategyName; readonly seed: number };

export type ExplorationPlan = {
  readonly found: FoundScenario;
  readonly options: ExplorationLimits;
  readonly course: ExplorationCourse;
};

export type ExplorationHooks = {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told now and then how far it is. */
  readonly update: (progress: { readonly extent: Extent; readonly seconds: number }) => void;
};

export const explored = (
  plan: ExplorationPlan,
  hooks: ExplorationHooks,
): Promise<Result<Explored, Refusal>> =>
  plan.course.kind === 'search'
    ? searched(plan, plan.course, hooks)
    : sampled(plan, plan.course, hooks);

async function searched(
  { options, found }: ExplorationPlan,
  { order }: ExplorationCourse & { kind: 'search' },
  hooks: ExplorationHooks,
): Promise<Result<Explored, Refusal>> {
  const world = found.worldOf(found.scenario);
  const begun = beginSearch(world, boundsOf(options, order));
  if (!begun.ok) return begun;
  const ended = await watched(begun.value, options, hooks, (counts) => ({
    kind: 'search',
    ...counts,
  }));
  if (!ended.ok) return ended;
  const { outcome, coverage, machines, elapsedSeconds } = ended.value;
  const wrong = foundIn(outcome);
  const told = wrong && {
    origin: { ...originOf(found), strategy: order },
    violation: wrong.violation,
    trace: wrong.trace,
  };
  // A shortest trace needs no shortening, and what a goal misses no single way shows.
  const isGoal = world.goals?.some(({ id }) => id === wrong?.violation.property) ?? false;
  const isAsFound = order === 'bfs' || options.asFound || isGoal;
  const kept = await keptTrace(found, told, isAsFound, hooks.signal);
  if (!kept.ok) return kept;
  const counts = begun.value.counts();
  const counted = options.counting ? await countedBy(begun.value, hooks) : undefined;
  return ok({
    extent: { kind: 'search', ...counts },
    coverage: counted?.coverage ?? coverage,
    machines,
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
  { signal }: Pick<ExplorationHooks, 'signal'>,
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

const boundsOf = (options: ExplorationLimits, strategy: 'bfs' | 'dfs'): Bounds => {
  const { statesMax, depthMax, bytesMax, disk, properties, reduction, workers } = options;
  return {
    strategy,
    symmetry: reduction === 'none' ? 'none' : 'declared',
    reduction: reduction === 'por' ? 'por' : 'none',
    workers,
    ...(statesMax === undefined ? {} : { statesMax }),
    ...(depthMax === undefined ? {} : { depthMax }),
    ...(bytesMax === undefined ? {} : { bytesMax }),
    ...(disk === undefined ? {} : { disk, bytesMax: bytesMax ?? DISK_BYTES_MAX }),
    ...judgedOf(properties),
  };
};

/** Without a word everything is judged, deadlock included. */
const judgedOf = (properties: readonly string[]) =>
  properties.length === 0 ? {} : { properties, mayDeadlock: !properties.includes(DEADLOCK) };

async function sampled(
  { options, found }: ExplorationPlan,
  { strategy, seed }: ExplorationCourse & { kind: 'sampling' },
  hooks: ExplorationHooks,
): Promise<Result<Explored, Refusal>> {
  const { walksMax, secondsMax, depthMax, properties, twice, asFound } = options;
  const iterations = walksMax ?? (secondsMax === undefined ? WALKS_DEFAULT : undefined);
  const begun = beginSampling(found.worldOf(found.scenario), {
    strategy,
    seed,
    twice,
    counting: options.counting,
    ...(iterations === undefined ? {} : { iterations }),
    ...(depthMax === undefined ? {} : { walkStepsMax: depthMax }),
    ...judgedOf(properties),
  });
  if (!begun.ok) return begun;
  const ended = await watched(begun.value, options, hooks, (counts) => ({
    kind: 'sampling',
    ...counts,
  }));
  if (!ended.ok) return ended;
  const { outcome, coverage, machines, elapsedSeconds } = ended.value;
  const walked = walkedTo(outcome, { ...originOf(found), strategy, seed });
  const isAsFound = asFound || outcome.kind === 'nondeterministic';
  const kept = await keptTrace(found, walked, isAsFound, hooks.signal);
  if (!kept.ok) return kept;
  const counted = begun.value.counted();
  return ok({
    extent: { kind: 'sampling', ...begun.value.counts() },
    coverage: counted?.coverage ?? coverage,
    machines,
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

/** Run to its end; whoever watches is told extents, not counts. */
const watched = <Outcome, Counts>(
  advancing: Advancing<Outcome, Counts>,
  { secondsMax }: ExplorationLimits,
  { now, signal, update }: ExplorationHooks,
  extentOf: (counts: Counts) => Extent,
): Promise<Result<Ran<Outcome>, Refusal>> =>
  ranToEnd(advancing, {
    now,
    signal,
    secondsMax,
    update: (counts, seconds) => update({ extent: extentOf(counts), seconds }),
  });
