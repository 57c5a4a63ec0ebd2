/**
 * Every way to search says the same of a world: breadth first, depth first, with fewer orders of steps, and with all
 * of it compared to a plain search by careful steps, on worlds wired by chance.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Bounds } from '../../../src/explore/bounds.ts';
import type { Outcome } from '../../../src/explore/outcome.ts';
import type { World } from '../../../src/explore/world.ts';
import { outcomeOf } from './outcome-of.ts';
import { randomWorld } from './random-world.ts';
import { reached } from './reference-search.ts';

const RUNS = 30;
const WAYS: readonly Bounds[] = [{}, { strategy: 'dfs' }, { reduction: 'por' }];
const JUDGED = ['V', 'unexpected', 'P0'];

/** Everything said of a world, property by property. */
function said(world: World, way: Bounds): unknown {
  const kind = (bounds: Bounds): Outcome['kind'] => outcomeOf(world, { ...way, ...bounds }).kind;
  const whole = outcomeOf(world, { ...way, properties: [], mayDeadlock: true });
  return {
    broken: JUDGED.filter(
      (property) => kind({ properties: [property], mayDeadlock: true }) === 'violated',
    ),
    isDeadlocked: kind({ properties: [] }) === 'deadlocked',
    unseen: whole.kind === 'complete' ? whole.unseen : undefined,
    ...(way.reduction === 'por' ? {} : { states: whole.states, transitions: whole.transitions }),
  };
}

/** Goals between states of the first two actors and back, some without the steps of the last. */
function withGoals(world: World): World {
  const kinds = world.parts.map(({ kind }) => kind);
  const at = (of: number, state: string) =>
    [
      kinds[of]?.name ?? '',
      0,
      (snapshot: { readonly value: unknown }) => snapshot.value === state,
    ] as const;
  return {
    ...world,
    goals: [0, 1].map((of) => ({
      id: `L${of}`,
      sentence: 'a walker gets on',
      whenever: [at(of, 's1')],
      goal: [at(of, 's3'), at(1 - of, 's2')],
      without: of === 0 ? [] : [kinds[2]?.name ?? ''],
    })),
  };
}

describe('worlds wired by chance', () => {
  it('are told the same by every way to search', () => {
    const kinds = { broken: 0, deadlocked: 0, missed: 0, unseen: 0, reduced: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
        const world = randomWorld(seed);
        const plain = reached(world);
        const expected = {
          broken: JUDGED.filter((property) => plain.broken.has(property)),
          isDeadlocked: plain.isDeadlocked,
          unseen: plain.unseen,
        };
        const { states, transitions } = plain;
        for (const way of WAYS) {
          const counts = way.reduction === 'por' ? {} : { states, transitions };
          expect(said(world, way)).toEqual({ ...expected, ...counts });
        }
        const withThem = withGoals(world);
        const { missed } = reached(withThem);
        for (const way of WAYS) {
          const misses = ['L0', 'L1'].filter((goal) => {
            const outcome = outcomeOf(withThem, { ...way, properties: [goal], mayDeadlock: true });
            expect(outcome.reductions).toEqual([]);
            return outcome.kind === 'violated';
          });
          expect(misses).toEqual(['L0', 'L1'].filter((goal) => missed.has(goal)));
        }
        const reduced = outcomeOf(world, { reduction: 'por', properties: [], mayDeadlock: true });
        kinds.broken += Math.min(1, expected.broken.length);
        kinds.deadlocked += expected.isDeadlocked ? 1 : 0;
        kinds.missed += Math.min(1, missed.size);
        kinds.unseen += expected.unseen.length;
        kinds.reduced += reduced.states < states ? 1 : 0;
      }),
      { numRuns: RUNS, seed: 1 },
    );
    // The worlds are worth comparing on: each thing happens in some and not in others.
    for (const [, times] of Object.entries(kinds)) {
      expect(times).toBeGreaterThan(2);
      expect(times).toBeLessThan(RUNS);
    }
  }, 60_000);
});
