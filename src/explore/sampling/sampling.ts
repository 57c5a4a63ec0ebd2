/**
 * Sampling: walks through a world too large to search, one after the other, until one comes upon something wrong.
 *
 * Policy: what walks don't find is not absent. Nothing found is said as a limit, with how much was walked.
 */
import { ok, type Result } from '../../core/result.ts';
import type { Coverage, MachineCoverage } from '../coverage.ts';
import { type Model, modelOf } from '../model.ts';
import type { Trace } from '../outcome.ts';
import { type Refusal, unlessRefused } from '../refusal.ts';
import { type Counted, tallyOf } from '../tally.ts';
import { toldTrace } from '../trace.ts';
import type { Violation } from '../violation.ts';
import type { World } from '../world.ts';
import { differenceLive } from './live-check.ts';
import { profileOf } from './profile.ts';
import { type StrategyName, strategyOf } from './strategies.ts';
import { walkPrng } from './walk-prng.ts';
import { walkerOf } from './walker.ts';

export type SampleOptions = {
  readonly strategy: StrategyName;
  readonly seed: number;
  /** Walks; undefined: as many as the caller lets it. */
  readonly iterations?: number;
  /** Steps over all walks. */
  readonly stepsMax?: number;
  /** A walk is cut there. */
  readonly walkStepsMax?: number;
  /** Only violations of these properties count; undefined: any does. */
  readonly properties?: readonly string[];
  readonly mayDeadlock?: boolean;
  /** Whether to count the transitions that are taken. */
  readonly counting?: boolean;
  /** Every walk is taken again by live actors; where they go another way, the world is not a function. */
  readonly twice?: boolean;
};

export type SampleCounts = {
  /** Walks begun. */
  readonly walks: number;
  readonly steps: number;
  /** Steps of the longest walk. */
  readonly longest: number;
  /** Walks that were cut. */
  readonly cut: number;
};

export type SampleOutcome =
  /** `iteration` is the walk's number, from 0. */
  | ({
      readonly kind: 'violated';
      readonly violation: Violation;
      readonly iteration: number;
      readonly trace: Trace;
    } & SampleCounts)
  | ({
      readonly kind: 'deadlocked';
      readonly waiting: readonly string[];
      readonly iteration: number;
      readonly trace: Trace;
    } & SampleCounts)
  /** Live actors did something else on the same way. */
  | ({
      readonly kind: 'nondeterministic';
      readonly sentence: string;
      readonly iteration: number;
      readonly trace: Trace;
    } & SampleCounts)
  /** Nothing was found in that many walks; that says nothing of others. */
  | ({ readonly kind: 'limited'; readonly limit: SampleLimit } & SampleCounts);

export type SampleLimit = 'walks' | 'steps' | 'time' | 'interrupted';

export type Sampling = {
  /** Takes about that many steps more; undefined: it is not over. Once it is, the outcome stays. */
  advance(steps: number): Result<SampleOutcome | undefined, Refusal>;
  counts(): SampleCounts;
  /** Of what its walks could have taken. */
  coverage(): Coverage;
  machines(): readonly MachineCoverage[];
  /** What they took; undefined unless it counts. */
  counted(): Counted | undefined;
  stop(limit: 'time' | 'interrupted'): SampleOutcome;
};

const WALK_STEPS_MAX = 2000;

/** Walks until something is found or a limit is met. Caller's duty: there is a limit. */
export function sample(world: World, options: SampleOptions): Result<SampleOutcome, Refusal> {
  const begun = beginSampling(world, options);
  if (!begun.ok) return begun;
  for (;;) {
    const advanced = begun.value.advance(Number.POSITIVE_INFINITY);
    if (!advanced.ok) return advanced;
    if (advanced.value !== undefined) return ok(advanced.value);
  }
}

/** Nothing is walked yet but the profile; what can't be explored exactly is refused. */
export const beginSampling = (world: World, options: SampleOptions): Result<Sampling, Refusal> =>
  unlessRefused(() => samplingOf(world, modelOf(world), options));

/** The same over a model of the world that is already made: many samplings share what it has filled. @throws Refused */
export function samplingOf(world: World, model: Model, options: SampleOptions): Sampling {
  const { seed, iterations, stepsMax, walkStepsMax = WALK_STEPS_MAX } = options;
  const judged = ({ property }: Violation): boolean =>
    options.properties?.includes(property) ?? true;
  const walker = walkerOf(model, judged);
  const profile = profileOf(world, model, walker, seed, walkStepsMax);
  const strategy = strategyOf(options.strategy, profile);
  const tally = options.counting === true ? tallyOf(model.cells) : undefined;
  let outcome: SampleOutcome | undefined;
  let walks = 0;
  let steps = 0;
  let longest = 0;
  let cut = 0;
  /** Choices of the walk under way. */
  const way: number[] = [];

  const counts = (): SampleCounts => ({ walks, steps, longest, cut });
  const trace = (): Trace => toldTrace(model, way);
  const found = () => ({ iteration: Math.max(0, walks - 1), trace: trace(), ...counts() });
  const violated = (violation: Violation): SampleOutcome => ({
    kind: 'violated',
    violation,
    ...found(),
  });
  const begin = (): void => {
    strategy.begin(walkPrng(seed, walks), walks);
    walks += 1;
    if (tally !== undefined) for (const cell of model.firstCells) tally.add(cell);
    way.length = 0;
    walker.restart();
  };
  /** One step of the walk; what it came upon, or whether it is over. */
  const step = (): SampleOutcome | 'over' | undefined => {
    const broken = walker.broken();
    if (broken !== undefined) return violated(broken);
    if (way.length === walkStepsMax) {
      cut += 1;
      return 'over';
    }
    walker.look();
    if (walker.openCount() === 0) {
      const waiting = options.mayDeadlock === true ? [] : walker.waiting();
      return waiting.length === 0 ? 'over' : { kind: 'deadlocked', waiting, ...found() };
    }
    const choice = strategy.choose(walker, way.length);
    if (tally !== undefined) walker.count(choice, tally);
    way.push(choice);
    steps += 1;
    longest = Math.max(longest, way.length);
    const violation = walker.take(choice);
    return violation === undefined ? undefined : violated(violation);
  };
  const walked = (ended: SampleOutcome | 'over'): SampleOutcome | undefined => {
    const sentence = options.twice === true ? differenceLive(world, model, way) : undefined;
    if (sentence !== undefined) return { kind: 'nondeterministic', sentence, ...found() };
    return ended === 'over' ? undefined : ended;
  };

  const atStart = model.firstViolations.find(judged);
  let isWalking = false;
  const advance = (more: number): SampleOutcome | undefined => {
    if (atStart !== undefined) outcome ??= violated(atStart);
    for (let taken = 0; outcome === undefined && taken < more; taken += 1) {
      if (!isWalking) {
        if (walks === iterations) return { kind: 'limited', limit: 'walks', ...counts() };
        begin();
        isWalking = true;
      }
      const ended = step();
      if (ended !== undefined) {
        isWalking = false;
        outcome = walked(ended);
      } else if (steps === stepsMax) {
        outcome = { kind: 'limited', limit: 'steps', ...counts() };
      }
    }
    return outcome;
  };

  return {
    advance: (more) =>
      unlessRefused(() => {
        outcome ??= advance(more);
        return outcome;
      }),
    counts,
    coverage: model.cells.coverage,
    machines: model.cells.machines,
    counted: () => tally?.counted(),
    stop: (limit) => {
      outcome ??= { kind: 'limited', limit, ...counts() };
      return outcome;
    },
  };
}
