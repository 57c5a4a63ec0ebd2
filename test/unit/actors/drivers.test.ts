/** Drivers by name, and the errors of names nobody knows; the shape of every list under every quirk. */
import { expect, test } from 'vitest';

import type { OperationName } from '../../../src/actors/driver.ts';
import { driverNames, driverWith, quirkIds } from '../../../src/actors/drivers.ts';
import { LINUX_7_3, REPAIRED } from '../../../src/machines/report-rules.ts';
import { driver } from '../machines/control/lists.ts';

test('each kind of unit has a repaired driver, Linux 7.3, and one that flushes a PASID alone', () => {
  expect(driverNames).toEqual(
    ['vtd', 'amd', 'smmuv3'].flatMap((unit) => [unit, `${unit}@7.3`, `${unit}@pasid-flush`]),
  );
});

test.each(['vtd', 'amd', 'smmuv3'])(
  '%s that flushes a PASID alone differs in nothing else',
  (unit) => {
    const repaired = driver(unit);
    const alone = driver(`${unit}@pasid-flush`);
    expect(JSON.stringify(alone.operations).replaceAll('flush-groups', 'flush-workqueue')).toBe(
      JSON.stringify(repaired.operations),
    );
    expect({ ...alone, name: unit, operations: {} }).toEqual({ ...repaired, operations: {} });
  },
);

test('an unknown driver is refused by name', () => {
  expect(driverWith('vtd@9', [])).toEqual({
    ok: false,
    error: { code: 'unknown-driver', name: 'vtd@9' },
  });
});

test('an unknown quirk is refused by id, even beside known ones', () => {
  expect(driverWith('vtd', ['skip-ring-drain', 'no-such-quirk'])).toEqual({
    ok: false,
    error: { code: 'unknown-quirk', id: 'no-such-quirk' },
  });
});

test('an unknown driver is found out before an unknown quirk', () => {
  expect(driverWith('nobody', ['no-such-quirk'])).toEqual({
    ok: false,
    error: { code: 'unknown-driver', name: 'nobody' },
  });
});

test('the repaired driver reports by the repaired rules, 7.3 by those of 7.3', () => {
  expect(driver('vtd').rules).toEqual(REPAIRED);
  expect(driver('vtd@7.3').rules).toEqual(LINUX_7_3);
});

test('the repaired driver with every 7.3 quirk on is 7.3 but for its name', () => {
  const quirks = quirkIds.slice(0, quirkIds.indexOf('skip-ring-drain'));

  expect({ ...driver('vtd', ...quirks), name: 'vtd@7.3' }).toEqual(driver('vtd@7.3'));
});

test('a quirk that is on already changes nothing', () => {
  for (const id of quirkIds.slice(0, quirkIds.indexOf('skip-ring-drain'))) {
    expect(driver('vtd@7.3', id), id).toEqual(driver('vtd@7.3'));
  }
});

test('quirks apply in the order of their table, whatever order they are named in', () => {
  expect(driver('vtd', 'skip-ring-drain', 'drains-share-completion')).toEqual(
    driver('vtd', 'drains-share-completion', 'skip-ring-drain'),
  );
});

test.each(
  driverNames.flatMap((name) => [undefined, ...quirkIds].map((quirk) => ({ name, quirk }))),
)('no list of $name with $quirk names a step twice: each is one state', ({ name, quirk }) => {
  const { operations } = driver(name, ...(quirk === undefined ? [] : [quirk]));

  for (const [operation, steps] of Object.entries(operations)) {
    expect(new Set(steps).size, operation).toBe(steps.length);
  }
});

test.each(driverNames)('%s has a list for every operation', (name) => {
  const names: readonly OperationName[] = [
    'bind-sva',
    'unbind-sva',
    'attach-pasid',
    'detach-pasid',
    'replace-pasid',
    'attach-rid',
    'detach-rid',
    'replace-rid',
    'mm-release',
    'mm-invalidate',
  ];
  expect(Object.keys(driver(name).operations)).toEqual(names);
  for (const operation of names) {
    expect(driver(name).operations[operation].length, operation).toBeGreaterThan(0);
  }
});
