/**
 * Claims of the source mails that no test elsewhere names: by mail and claim, as docs/mails.md numbers them.
 */
import { describe, expect, it } from 'vitest';

import type { Driver, OperationName } from '../../../src/actors/driver.ts';
import type { OperationStep } from '../../../src/machines/operation-steps.ts';
import { EXPLORE_SCENARIOS } from '../../../src/scenarios/explore/scenarios.ts';
import { unitWorld } from '../../../src/scenarios/explore/unit/world.ts';
import { outcomeOf } from './outcome-of.ts';
import { driverOf, scenarioOf, worldOf } from './unit-worlds.ts';

const CLEAN = { kind: 'complete', unseen: [] };
const broken = (property: string) => ({ kind: 'violated', violation: { property } });
const alone = (property: string) => ({ properties: [property], mayDeadlock: true });

/** The repaired VT-d driver with its list for `operation` changed. */
function edited(
  scenario: string,
  operation: OperationName,
  edit: (steps: readonly OperationStep[]) => readonly OperationStep[],
) {
  const driver = driverOf('vtd');
  const changed: Driver = {
    ...driver,
    operations: { ...driver.operations, [operation]: edit(driver.operations[operation]) },
  };
  return unitWorld(changed, scenarioOf(scenario));
}
const lacking =
  (...left: readonly OperationStep[]) =>
  (steps: readonly OperationStep[]) =>
    steps.filter((step) => !left.includes(step));

const named = (scenario: string, driver: string, ...quirks: readonly string[]) => {
  const found = EXPLORE_SCENARIOS.find(({ name }) => name === scenario);
  if (found === undefined) throw new Error(`no scenario ${scenario}`);
  return found.world(driverOf(driver, quirks));
};

describe('mail 1, PASID teardown and domain ids', () => {
  it('1.1: an unbind puts the notifier last in 7.3, which does no harm; put first it frees too early', () => {
    const { operations } = driverOf('vtd@7.3');
    const steps: readonly string[] = operations['unbind-sva'];
    expect(steps.indexOf('put-domain')).toBeGreaterThan(steps.indexOf('flush-workqueue'));
    expect(outcomeOf(worldOf('unbind-live', 'vtd'))).toMatchObject(CLEAN);
    expect(outcomeOf(worldOf('exit-rebind', 'vtd', 'put-domain-first')).kind).toBe('violated');
  });

  it('1.7: an id is counted up once for each thing it is programmed for, or it is freed under them', () => {
    const world = edited('domain-at-three-places', 'attach-rid', lacking('get-domain'));
    expect(outcomeOf(world, { properties: ['S11'] })).toMatchObject(broken('S11'));
  });
});

describe('mail 2, the attach handle', () => {
  it('2.3: a handle that is never freed is as good as any count, and does not help: faults are still late', () => {
    const without = lacking('drain-ring', 'flush-workqueue', 'drain-hardware', 'free-handle');
    const world = edited('unbind-live', 'unbind-sva', without);
    expect(outcomeOf(world, alone('S6'))).toMatchObject(broken('S6'));
  });

  it('2.5: what a detach does not flush is handled through a handle that is freed', () => {
    const world = worldOf('unbind-live', 'vtd', 'skip-workqueue-flush');
    expect(outcomeOf(world, alone('S8'))).toMatchObject(broken('S8'));
  });

  it.each(['vtd', 'amd', 'smmuv3'])('2.5: %s, repaired, flushes before it frees', (driver) => {
    const steps: readonly string[] = driverOf(driver).operations['unbind-sva'];
    expect(steps.indexOf('flush-workqueue')).toBeGreaterThan(-1);
    expect(steps.indexOf('flush-workqueue')).toBeLessThan(steps.indexOf('free-handle'));
  });

  it('2.8: a function that is detached leaves its PASIDs their faults, as long as these are counted', () => {
    const outcome = outcomeOf(named('function-and-pasid', 'vtd'));
    expect(outcome).toMatchObject({ kind: 'complete' });
    const uncounted = named('function-and-pasid', 'vtd', 'first-detach-stops-reporting');
    expect(outcomeOf(uncounted, alone('S15'))).toMatchObject(broken('S15'));
  });

  it('2.8: on AMD the function takes reporting with it', () => {
    const world = worldOf('function-detach', 'amd@7.3');
    expect(outcomeOf(world, alone('S15'))).toMatchObject(broken('S15'));
  });
});

describe('mail 3, SVA domains', () => {
  it('3.5: a PASID takes page tables of a user as well as those of a process', () => {
    expect(outcomeOf(worldOf('pasid-detach', 'vtd'))).toMatchObject(CLEAN);
    expect(outcomeOf(worldOf('unbind-live', 'vtd'))).toMatchObject(CLEAN);
  });

  it('3.7: two threads that bind and unbind one process leave nothing behind', () => {
    for (const driver of ['vtd', 'amd', 'smmuv3']) {
      expect(outcomeOf(worldOf('bind-race', driver))).toMatchObject(CLEAN);
    }
  });
});

describe('mail 4, the domain of an AMD function', () => {
  it.each(['function-detach', 'function-replace'])(
    '4.4: a change of it kills every PASID, in %s of 7.3',
    (scenario) => {
      const world = worldOf(scenario, 'amd@7.3');
      expect(outcomeOf(world, alone('S24'))).toMatchObject(broken('S24'));
      expect(outcomeOf(worldOf(scenario, 'vtd@7.3'), alone('S24'))).toMatchObject({
        kind: 'complete',
      });
    },
  );
});
