/**
 * Walks find what is there, are functions of world and seed, and claim nothing they didn't see; each strategy does
 * what its name says.
 */
import { describe, expect, it } from 'vitest';
import { recordedTrace } from '../../../src/explore/recorded-trace.ts';
import { replayed } from '../../../src/explore/replay.ts';
import {
  beginSampling,
  type SampleOptions,
  type SampleOutcome,
  sample,
} from '../../../src/explore/sampling/sampling.ts';
import type { StrategyName } from '../../../src/explore/sampling/strategies.ts';
import type { World } from '../../../src/explore/world.ts';
import type { Drain } from '../../../src/scenarios/explore/bench-protocol/sizes.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { impureWorld, locksWorld, writersWorld } from './small-worlds.ts';

const STRATEGIES: readonly StrategyName[] = ['random', 'surw', 'delay', 'pct', 'pos', 'portfolio'];

function sampled(world: World, options: SampleOptions): SampleOutcome {
  const outcome = sample(world, options);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}
const bench = (drain: Drain) =>
  benchWorld({ groups: 4, pasids: 2, ringSlots: 3, workers: 2 }, drain);

describe('walks through the bench protocol', () => {
  it.each(STRATEGIES)('find every wrong drain, %s', (strategy) => {
    for (const drain of ['none', 'workers-only', 'wrong-order'] as const) {
      const world = bench(drain);
      const options = { strategy, seed: 1, iterations: 2_000, properties: ['S8'] };
      const outcome = sampled(world, options);
      expect(outcome).toMatchObject({ kind: 'violated', violation: { slot: 'handle[0]' } });
      if (outcome.kind !== 'violated') continue;
      const origin = { scenario: 'bench', driver: undefined, quirks: [], strategy };
      const trace = recordedTrace(origin, world, outcome.violation, outcome.trace);
      expect(replayed(bench(drain), trace, false)).toMatchObject({ value: { matched: true } });
    }
  });

  it.each(STRATEGIES)(
    'say of the correct drain how much was walked, and no more, %s',
    (strategy) => {
      const outcome = sampled(bench('correct'), { strategy, seed: 2, iterations: 300 });
      expect(outcome).toMatchObject({ kind: 'limited', limit: 'walks', walks: 300, cut: 0 });
      expect(outcome.steps).toBeGreaterThan(300 * 9);
    },
  );
});

describe('a sampling', () => {
  it.each(STRATEGIES)('is a function of world and seed, whatever the slices, %s', (strategy) => {
    const options = { strategy, seed: 7, iterations: 2_000, properties: ['S8'] };
    const whole = sampled(bench('wrong-order'), options);
    const begun = beginSampling(bench('wrong-order'), options);
    if (!begun.ok) throw new Error(JSON.stringify(begun.error));
    let outcome: SampleOutcome | undefined;
    while (outcome === undefined) {
      const advanced = begun.value.advance(13);
      if (!advanced.ok) throw new Error(JSON.stringify(advanced.error));
      outcome = advanced.value;
    }
    expect(outcome).toEqual(whole);
    expect(sampled(bench('wrong-order'), { ...options, seed: 8 })).not.toEqual(whole);
  });

  it('ends at a limit of steps, and cuts walks that are too long', () => {
    const options = { strategy: 'random', seed: 3 } as const;
    expect(sampled(bench('correct'), { ...options, stepsMax: 100 })).toMatchObject({
      kind: 'limited',
      limit: 'steps',
      steps: 100,
    });
    expect(
      sampled(bench('correct'), { ...options, iterations: 10, walkStepsMax: 4 }),
    ).toMatchObject({
      kind: 'limited',
      walks: 10,
      cut: 10,
      longest: 4,
      steps: 40,
    });
  });

  it('ends when its caller has had enough, and stays ended', () => {
    const begun = beginSampling(bench('correct'), { strategy: 'random', seed: 3 });
    if (!begun.ok) throw new Error(JSON.stringify(begun.error));
    begun.value.advance(50);
    const stopped = begun.value.stop('time');
    expect(stopped).toMatchObject({ kind: 'limited', limit: 'time' });
    expect(stopped.steps).toBeGreaterThan(0);
    expect(begun.value.advance(50)).toEqual({ ok: true, value: stopped });
  });

  it('finds a deadlock, with who waits', () => {
    const outcome = sampled(locksWorld(), { strategy: 'random', seed: 1, iterations: 100 });
    expect(outcome).toMatchObject({ kind: 'deadlocked', waiting: ['thread[0]', 'thread[1]'] });
    const options = { strategy: 'random', seed: 1, iterations: 100, mayDeadlock: true } as const;
    expect(sampled(locksWorld(), options)).toMatchObject({ kind: 'limited', walks: 100 });
  });

  it('judges only the properties it is told', () => {
    const options = { strategy: 'portfolio', seed: 1, iterations: 500 } as const;
    expect(sampled(bench('none'), { ...options, properties: [] }).kind).toBe('limited');
  });

  it('catches a wiring that is no function, when every walk is taken twice', () => {
    const options = { strategy: 'random', seed: 5, iterations: 50 } as const;
    expect(sampled(impureWorld(), options).kind).toBe('limited');
    const caught = sampled(impureWorld(), { ...options, twice: true });
    expect(caught).toMatchObject({ kind: 'nondeterministic' });
    expect(caught.kind === 'nondeterministic' && caught.sentence).toMatch(
      /^after 1 steps, note was .* and is now /,
    );
    expect(sampled(writersWorld(), { ...options, twice: true }).kind).toBe('limited');
    expect(sampled(bench('correct'), { ...options, twice: true }).kind).toBe('limited');
  });
});
