/**
 * Tables and automaton against live XState actors with the same wiring, on random walks: the same choices are open,
 * the same effects come in the same order, the same states follow.
 */
import { describe, expect, it } from 'vitest';

import { driverWith } from '../../../src/actors/drivers.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { teardownWorld } from '../../../src/scenarios/explore/teardown/world.ts';
import { walkTogether } from './lockstep.ts';
import { relayWorld } from './relay-world.ts';

describe('tables and live actors', () => {
  it.each([
    { drain: 'none', seed: 11 },
    { drain: 'correct', seed: 12 },
    { drain: 'workers-only', seed: 13 },
    { drain: 'wrong-order', seed: 14 },
  ] as const)(
    'agree on the bench protocol, drain $drain',
    ({ drain, seed }) => {
      const world = benchWorld({ groups: 4, pasids: 2, ringSlots: 3, workers: 2 }, drain);
      const walked = walkTogether(world, { seed, steps: 4_000, stepsOfWalkMax: 60 });
      expect(walked.steps).toBeGreaterThanOrEqual(4_000);
      expect(walked.violations > 0).toBe(drain !== 'correct');
    },
    30_000,
  );

  it.each([
    { driver: 'vtd', seed: 21 },
    { driver: 'vtd@7.3', seed: 22 },
  ])(
    'agree on a teardown by $driver, two operations at once',
    ({ driver, seed }) => {
      const found = driverWith(driver, []);
      if (!found.ok) throw new Error(found.error.code);
      const world = teardownWorld(found.value, 3);
      const walked = walkTogether(world, { seed, steps: 6_000, stepsOfWalkMax: 120 });
      expect(walked.steps).toBeGreaterThanOrEqual(6_000);
    },
    30_000,
  );

  it('agree where the order of calls, entries, raised events and answers shows', () => {
    const walked = walkTogether(relayWorld(), { seed: 31, steps: 3_000, stepsOfWalkMax: 40 });
    expect(walked.steps).toBeGreaterThanOrEqual(3_000);
  }, 30_000);
});
