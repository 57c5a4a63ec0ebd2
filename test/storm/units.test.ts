/**
 * Goal:   the same storms as on VT-d end well on AMD units and SMMUv3: every group answered once, no property broken;
 *         Linux 7.3's drivers for them break what they break by themselves; the ledger is not blind there either.
 * Method: whole storms on real threads. A race that is not met in one storm gets more, each of another seed.
 */
import { describe, expect, it } from 'vitest';

import type { StormPlan } from '../../src/workers/storm-plan.ts';
import { expectClean, expectMet, planWith, profilePlan, SEED, storm } from './storms.ts';

const SEEDS = [SEED, SEED + 1, SEED + 2, SEED + 3];
const UNITS = ['amd', 'smmuv3'] as const;

/** Detaches all the time, of devices with work under way, from a resolver that lags behind. */
const DETACHES: Partial<StormPlan> = {
  devices: 4,
  pasids: 8,
  rate: 20_000,
  unmap: 'racing',
  windowPages: 64,
  attachDetachPerSecond: 1000,
  resolverDelayMicroseconds: 20,
  durationSeconds: 1,
};

/** Groups of several pages over a queue that is too small for them. */
const OVERFLOWS: Partial<StormPlan> = {
  devices: 8,
  pasids: 2,
  groupPagesMin: 2,
  groupPagesMax: 8,
  creditsPerDevice: 512,
  ringEntries: 256,
};

describe.each(UNITS)('a storm on %s', (driver) => {
  it.each([
    [0, SEED],
    [1, SEED + 1],
    [2, SEED + 2],
  ])('keeps its ledger with %i workers and churn, seed %i', async (workers, seed) => {
    const run = await storm(
      planWith({
        driver,
        workers,
        seed,
        groups: 20_000,
        unmap: 'racing',
        attachDetachPerSecond: 100,
        exitsPerSecond: 20,
      }),
    );
    expectClean(run);
    expect(run.result.groups, run.replay).toBe(20_000);
    expect(run.result.overflows, run.replay).toBe(0);
    expect(run.result.detaches, run.replay).toBeGreaterThan(0);
  });

  it('waits for the strays of devices that are not stopped before a detach', async () => {
    const run = await storm(
      planWith({ ...DETACHES, driver, rudeShare: 1, resolverDelayMicroseconds: 0 }),
    );
    expectClean(run);
    expect(run.result.detaches, run.replay).toBeGreaterThan(0);
  });

  it('lives recorded processes to their exits', async () => {
    const end = { kind: 'duration', durationSeconds: 1.5 } as const;
    const run = await storm(await profilePlan('processes', { driver, end }));
    expectClean(run);
    expect(run.result.exits, run.replay).toBeGreaterThan(0);
    expect(run.result.responses.success, run.replay).toBeGreaterThan(0);
  });

  it('detaches and exits without a breach', async () => {
    const run = await storm(planWith({ ...DETACHES, driver, exitsPerSecond: 100 }));
    expectClean(run);
  });
});

describe('the domain of an AMD function', () => {
  it.each(['amd', 'amd@7.3'])('comes and goes under load, %s', async (driver) => {
    const plan = await profilePlan('function-storm', { driver });
    const churn = driver === 'amd' ? {} : { attachDetachPerSecond: 0, exitsPerSecond: 0 };
    const run = await storm({ ...plan, ...churn, durationSeconds: 1.5 });
    if (driver === 'amd') expectClean(run);
    else expect(run.result.lost, run.replay).toBe(0);
    expect(run.result.functionSwitches, run.replay).toBeGreaterThan(0);
    expect(run.result.groups, run.replay).toBeGreaterThan(0);
  });
});

describe('a queue that is too small', () => {
  it('overflows again and again on amd, and loses no group', async () => {
    const run = await storm(planWith({ ...OVERFLOWS, driver: 'amd', groups: 30_000 }));
    expectClean(run);
    expect(run.result.groups, run.replay).toBe(30_000);
    expect(run.result.overflows, run.replay).toBeGreaterThan(0);
    expect(run.result.autoResponses, run.replay).toBeGreaterThan(0);
  });

  it('makes stalls wait on smmuv3, and is no overflow', async () => {
    const run = await storm(planWith({ ...OVERFLOWS, driver: 'smmuv3', groups: 30_000 }));
    expectClean(run);
    expect(run.result.groups, run.replay).toBe(30_000);
    // Each access that faults is a group.
    expect(run.result.pageRequests, run.replay).toBe(30_000);
    expect(run.result.overflows, run.replay).toBe(0);
    expect(run.result.droppedRequests, run.replay).toBe(0);
  });
});

type Defect = {
  readonly driver: string;
  readonly quirk?: string;
  readonly load: Partial<StormPlan>;
  /** It breaks at least one of these. */
  readonly properties: readonly string[];
};

/** PRG indices used again as soon as they come free. */
const REUSE: Partial<StormPlan> = {
  devices: 1,
  pasids: 2,
  creditsPerDevice: 8,
  groupPagesMax: 1,
  durationSeconds: 1,
};

const DEFECTS: readonly Defect[] = [
  { driver: 'amd@7.3', load: { ...DETACHES, exitsPerSecond: 100 }, properties: ['S6'] },
  { driver: 'amd@7.3', load: { ...OVERFLOWS, durationSeconds: 1 }, properties: ['S4'] },
  { driver: 'smmuv3@7.3', load: { ...DETACHES, exitsPerSecond: 100 }, properties: ['S6'] },
  { driver: 'amd', quirk: 'skip-workqueue-flush', load: DETACHES, properties: ['S6'] },
  { driver: 'smmuv3', quirk: 'skip-workqueue-flush', load: DETACHES, properties: ['S6'] },
  { driver: 'amd', quirk: 'free-handle-first', load: DETACHES, properties: ['S6'] },
  { driver: 'amd', quirk: 'skip-device-tlb-invalidation', load: DETACHES, properties: ['S9'] },
  { driver: 'smmuv3', quirk: 'answer-before-unlink', load: REUSE, properties: ['S4', 'S7'] },
];

describe('the ledger sees what is broken:', () => {
  it.each(DEFECTS)(
    '$driver $quirk breaks $properties',
    async ({ driver, quirk, load, properties }) => {
      const quirks = quirk === undefined ? [] : [quirk];
      await expectMet(
        SEEDS,
        (seed) => Promise.resolve(planWith({ ...load, driver, quirks, seed })),
        ({ property }) => properties.includes(property),
      );
    },
  );
});
