/**
 * A walk by chance becomes the story of a race: on the bench protocol's bugs as short as breadth-first search finds
 * them, elsewhere as short as the bound lets it be proved.
 */
import { describe, expect, it } from 'vitest';

import { minimised } from '../../../src/explore/minimise.ts';
import type { Trace } from '../../../src/explore/outcome.ts';
import { recordedTrace } from '../../../src/explore/recorded-trace.ts';
import { replayed } from '../../../src/explore/replay.ts';
import { sample } from '../../../src/explore/sampling/sampling.ts';
import type { World } from '../../../src/explore/world.ts';
import type { Drain } from '../../../src/scenarios/explore/bench-protocol/sizes.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { locksWorld } from './small-worlds.ts';

const bench = (drain: Drain) =>
  benchWorld({ groups: 4, pasids: 2, ringSlots: 3, workers: 2 }, drain);

/** The walk of a seed that comes upon something. */
function walkOf(world: World, seed: number, properties?: readonly string[]): Trace {
  const options = { strategy: 'random', seed, iterations: 5_000 } as const;
  const outcome = sample(world, properties === undefined ? options : { ...options, properties });
  if (!outcome.ok || !('trace' in outcome.value)) throw new Error(JSON.stringify(outcome));
  return outcome.value.trace;
}

function shorter(world: World, walk: Trace, property: string, statesMax?: number) {
  const result = minimised(world, walk, property, statesMax);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const { trace, violation, isShortest } = result.value;
  const origin = { scenario: 'any', driver: undefined, quirks: [], strategy: 'random' };
  const replay = replayed(world, recordedTrace(origin, world, violation, trace), false);
  expect(replay).toMatchObject({ value: { matched: true } });
  return { steps: trace.length, property: violation.property, isShortest };
}

describe('a walk through the bench protocol', () => {
  it.each([
    { drain: 'none', steps: 9 },
    { drain: 'workers-only', steps: 11 },
    { drain: 'wrong-order', steps: 12 },
  ] as const)(
    'with drain $drain comes down to $steps steps, the fewest there are',
    ({ drain, steps }) => {
      for (const seed of [1, 2]) {
        const walk = walkOf(bench(drain), seed, ['S8']);
        expect(walk.length).toBeGreaterThan(steps);
        const found = shorter(bench(drain), walk, 'S8');
        expect(found).toEqual({ steps, property: 'S8', isShortest: true });
      }
    },
    30_000,
  );

  it('loses what it can do without even where there is no room to search', () => {
    const walk = walkOf(bench('wrong-order'), 3, ['S8']);
    const found = shorter(bench('wrong-order'), walk, 'S8', 1);
    expect(found).toMatchObject({ property: 'S8', isShortest: false });
    expect(found.steps).toBeLessThan(walk.length);
  });
});

describe('a deadlock', () => {
  it('keeps the steps of those it is not about, for without them somebody could go on', () => {
    const world = () => locksWorld(2);
    const walk = walkOf(world(), 1);
    expect(shorter(world(), walk, 'deadlock')).toEqual({
      steps: 4,
      property: 'deadlock',
      isShortest: true,
    });
  });
});

it('a trace without the violation is a contradiction, not a shorter trace', () => {
  expect(() => minimised(bench('correct'), [], 'S8')).toThrow('the trace does not violate S8');
});
