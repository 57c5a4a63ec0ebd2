/**
 * Goal:   the ledger sees each mistake that a driver could make, as the property it breaks; it is not blind.
 * Method: one step or rule taken away, under a load that makes the mistake matter; the same load without it is clean.
 *         A mistake that is not met in one storm gets more, each of another seed: on a busy machine threads meet seldom.
 */
import { describe, it } from 'vitest';

import type { StormPlan } from '../../src/workers/storm-plan.ts';
import { expectClean, expectMet, planWith, SEED, storm } from './storms.ts';

/** Detaches all the time, of devices with work under way, from a resolver that lags behind. */
const DETACHES: Partial<StormPlan> = {
  devices: 4,
  pasids: 8,
  rate: 20_000,
  unmap: 'racing',
  windowPages: 64,
  attachDetachPerSecond: 1000,
  resolverDelayMicroseconds: 20,
};

/** PRG indices used again as soon as they come free. */
const REUSE: Partial<StormPlan> = { devices: 1, pasids: 2, creditsPerDevice: 8, groupPagesMax: 1 };

/** Groups of several pages over a ring that loses their last requests. */
const OVERFLOWS: Partial<StormPlan> = {
  devices: 8,
  pasids: 2,
  groupPagesMin: 2,
  groupPagesMax: 8,
  creditsPerDevice: 512,
  ringEntries: 128,
};

type Mutation = {
  readonly quirk: string;
  readonly load: Partial<StormPlan>;
  /** It breaks at least one of these. */
  readonly properties: readonly string[];
};

const MUTATIONS: readonly Mutation[] = [
  { quirk: 'skip-ring-drain', load: DETACHES, properties: ['S6'] },
  { quirk: 'skip-workqueue-flush', load: DETACHES, properties: ['S6'] },
  { quirk: 'free-handle-first', load: DETACHES, properties: ['S6'] },
  { quirk: 'answer-before-unlink', load: REUSE, properties: ['S4', 'S7'] },
  { quirk: 'keep-partials-on-overflow', load: OVERFLOWS, properties: ['S4'] },
  { quirk: 'skip-device-tlb-invalidation', load: DETACHES, properties: ['S9'] },
];

describe('a driver with', () => {
  it.each(MUTATIONS)('$quirk breaks $properties', async ({ quirk, load, properties }) => {
    const plan = planWith({ ...load, durationSeconds: 2, quirks: [quirk] });
    await expectMet(
      [SEED, SEED + 1, SEED + 2, SEED + 3],
      (seed) => Promise.resolve({ ...plan, seed }),
      ({ property }) => properties.includes(property),
    );
  });
});

describe('without a mistake the same load breaks nothing:', () => {
  it.each([
    ['detaches', DETACHES],
    ['PRG indices used again', REUSE],
    ['overflows', OVERFLOWS],
  ])('%s', async (_, load) => {
    expectClean(await storm(planWith({ ...load, durationSeconds: 2 })));
  });
});
