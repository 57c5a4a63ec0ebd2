/**
 * The drivers of AMD units and SMMUv3 in every small world they can run, every interleaving: the repaired ones are
 * safe and never stuck, those of Linux 7.3 break what is said here, in so many steps at the least.
 *
 * Numbers of states are exact, as for VT-d (vtd-repaired.test.ts).
 */
import { describe, expect, it } from 'vitest';

import type { Driver } from '../../../src/actors/driver.ts';
import { slotKind } from '../../../src/explore/slot-kind.ts';
import { where } from '../../../src/explore/wiring.ts';
import type { OperationStep } from '../../../src/machines/operation-steps.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../src/machines/pasid-entry.ts';
import { FUNCTION_DETACH } from '../../../src/scenarios/explore/unit/function-scenarios.ts';
import { UNIT_SCENARIOS } from '../../../src/scenarios/explore/unit/scenario-list.ts';
import { unitWorld } from '../../../src/scenarios/explore/unit/world.ts';
import { outcomeOf, stepsOf } from './outcome-of.ts';
import { driverOf, scenarioOf, worldOf } from './unit-worlds.ts';

/** As on VT-d: a lost request of a group is what no answer of software's can make good. */
const OVERFLOW_PARTIALS = 'overflow-partials';

const STATES: Readonly<Record<'amd' | 'smmuv3', Readonly<Record<string, number>>>> = {
  amd: {
    'bind-race': 341,
    'cut-rebind': 26_684,
    'exit-beside-unbind': 8_056,
    'exit-rebind': 1_894,
    'exit-translations': 2_356,
    'exit-unbind': 1_794,
    'function-detach': 641,
    'function-life': 750,
    'function-replace': 641,
    overflow: 14_611,
    'process-replace': 273,
    report: 492,
    'request-without-pasid': 48,
    'response-needs-pasid': 40,
    'stop-marker': 11_677,
    'two-pasids-one-index': 4_107,
    'unbind-in-mid-group': 2_469,
    'unbind-live': 19_207,
    'unbind-underway': 6_557,
    'unmap-vs-fault': 612,
  },
  smmuv3: {
    'attach-detach': 17_205,
    'bind-race': 361,
    'exit-beside-unbind': 14_397,
    'exit-rebind': 2_199,
    'exit-translations': 3_455,
    'exit-unbind': 2_075,
    'function-detach': 1_317,
    'function-life': 662,
    'function-replace': 1_597,
    'pasid-detach': 407,
    'pasid-replace': 739,
    'pasid-replace-faults': 2_557,
    'process-replace': 2_825,
    'response-needs-pasid': 40,
    'rid-detach': 407,
    'rid-replace': 2_557,
    'two-devices-drain': 8_372,
    'unbind-live': 16_813,
    'unbind-underway': 12_985,
    'unmap-vs-fault': 612,
  },
};

describe.each(['amd', 'smmuv3'] as const)('%s, repaired,', (unit) => {
  it.each(Object.entries(STATES[unit]))(
    'is safe and never stuck in %s, in %i states',
    (scenario, states) => {
      expect(outcomeOf(worldOf(scenario, unit))).toMatchObject({
        kind: 'complete',
        states,
        unseen: [],
      });
    },
    60_000,
  );

  it('is explored in every scenario that names its unit', () => {
    const names = UNIT_SCENARIOS.filter(({ units }) => units?.includes(unit)).map(
      ({ name }) => name,
    );
    expect(names.filter((name) => name !== OVERFLOW_PARTIALS).toSorted()).toEqual(
      Object.keys(STATES[unit]).toSorted(),
    );
  });

  it('runs every list it has', () => {
    const mine = UNIT_SCENARIOS.filter(({ units }) => units?.includes(unit));
    const operations = mine.flatMap(({ threads }) =>
      threads.flatMap((thread) => thread.operations.map(({ kind }) => kind)),
    );
    const asked = [
      'bind-sva',
      'unbind-sva',
      'attach-rid',
      'detach-rid',
      'replace-rid',
      'replace-pasid',
      'exit', //  the list of an mm release
      'unmap', // that of an invalidation
    ] as const;
    expect(asked.filter((kind) => !operations.includes(kind))).toEqual([]);
  });
});

type Row = readonly [driver: string, scenario: string, property: string, steps: number];
const OF_7_3: readonly Row[] = [
  ['amd@7.3', 'unbind-underway', 'S6', 15],
  ['amd@7.3', 'unbind-underway', 'S8', 24],
  ['amd@7.3', 'exit-unbind', 'S6', 28],
  ['amd@7.3', 'exit-rebind', 'S5', 51],
  ['amd@7.3', 'function-detach', 'S24', 12],
  ['amd@7.3', 'function-detach', 'S15', 15],
  ['amd@7.3', 'function-replace', 'S24', 14],
  ['amd@7.3', 'function-life', 'S8', 48],
  ['amd@7.3', 'stop-marker', 'S2', 18],
  ['amd@7.3', 'request-without-pasid', 'S2', 8],
  ['amd@7.3', 'response-needs-pasid', 'L1', 1],
  ['amd@7.3', 'overflow-partials', 'S4', 26],
  ['amd@7.3', 'two-pasids-one-index', 'S4', 23],
  ['amd@7.3', 'unbind-in-mid-group', 'S6', 17],
  ['smmuv3@7.3', 'unbind-underway', 'S6', 16],
  ['smmuv3@7.3', 'unbind-underway', 'S8', 17],
  ['smmuv3@7.3', 'unbind-underway', 'S7', 23],
  ['smmuv3@7.3', 'exit-rebind', 'S5', 53],
  ['smmuv3@7.3', 'rid-detach', 'S6', 16],
  ['smmuv3@7.3', 'pasid-detach', 'S8', 17],
  ['smmuv3@7.3', 'rid-replace', 'S5', 20],
  ['smmuv3@7.3', 'pasid-replace', 'S3', 22],
  ['smmuv3@7.3', 'process-replace', 'S5', 20],
];

it.each(OF_7_3)('%s breaks, in %s, %s after %i steps', (driver, scenario, property, steps) => {
  const bounds = { properties: [property], mayDeadlock: true };
  const outcome = outcomeOf(worldOf(scenario, driver), bounds);
  expect(outcome).toMatchObject({ kind: 'violated', violation: { property } });
  expect(stepsOf(outcome)).toBe(steps);
});

it.each(['process-replace', 'bind-race', 'unmap-vs-fault'])(
  'amd@7.3 is clean in %s: it replaces nothing on a PASID, and its lock keeps a release out',
  (scenario) => {
    expect(outcomeOf(worldOf(scenario, 'amd@7.3'))).toMatchObject({ kind: 'complete', unseen: [] });
  },
);

describe.each(['amd', 'smmuv3'] as const)('an unbind of %s', (unit) => {
  const without = (...left: readonly OperationStep[]) => {
    const driver = driverOf(unit);
    const steps = driver.operations['unbind-sva'].filter((step) => !left.includes(step));
    const edited: Driver = {
      ...driver,
      operations: { ...driver.operations, 'unbind-sva': steps },
    };
    return outcomeOf(unitWorld(edited, scenarioOf('unbind-underway')));
  };

  it.each(['drain-ring', 'synchronize-thread', 'flush-workqueue'] as const)('needs %s', (step) => {
    expect(without(step)).toMatchObject({ kind: 'violated' });
  });

  it('of page requests that travel needs an invalidation that pushes them', () => {
    const pushed = without('invalidate-iotlb', 'invalidate-device-tlb', 'invalidate-pasid-cache');
    expect(pushed.kind).toBe(unit === 'amd' ? 'violated' : 'complete');
  });
});

describe('the domain of an AMD function', () => {
  const idle = { ...FUNCTION_DETACH, devices: [{ groups: [] }] };
  const entry = slotKind('pasid-entry', pasidEntryMachine, pasidEntryHolds, []);

  it('takes the table of its PASIDs away, and the unbind after it writes to what is gone', () => {
    const outcome = outcomeOf(unitWorld(driverOf('amd@7.3'), idle), { properties: ['S8'] });
    expect(outcome).toMatchObject({
      kind: 'violated',
      violation: { property: 'S8', sentence: expect.stringContaining('table of PASIDs') },
    });
  });

  it('stays while a process is bound, repaired', () => {
    const world = unitWorld(driverOf('amd'), idle);
    const lost = {
      id: 'S8',
      sentence: 'lost',
      never: [where(entry, 0, (of) => of.value === 'lost')],
    };
    expect(outcomeOf({ ...world, properties: [lost] })).toMatchObject({ kind: 'complete' });
  });

  it.each(['vtd@7.3', 'smmuv3@7.3'])('is nothing to the PASIDs of %s', (driver) => {
    const world = unitWorld(driverOf(driver), idle);
    expect(outcomeOf(world)).toMatchObject({ kind: 'complete', unseen: [] });
  });
});
