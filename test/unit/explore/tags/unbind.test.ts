/**
 * Unbind beside exit on units that have no drain, every interleaving of a bounded world: the repaired lists are safe,
 * those of Linux 7.3 are not, and each part of the repair is needed.
 */
import { describe, expect, it } from 'vitest';

import type { Driver } from '../../../../src/actors/driver.ts';
import { driverWith } from '../../../../src/actors/drivers.ts';
import type { Outcome } from '../../../../src/explore/outcome.ts';
import { explore } from '../../../../src/explore/search.ts';
import type { OperationStep } from '../../../../src/machines/operation-steps.ts';
import { unbindWorld } from '../../../../src/scenarios/explore/tags/unbind.ts';

const FAULTS = { amd: 'page-requests', smmuv3: 'stalls' } as const;
type Unit = keyof typeof FAULTS;

type Bounds = NonNullable<Parameters<typeof explore>[1]>;

function outcomeOf(
  unit: Unit,
  release: '' | '@7.3' = '',
  without: readonly OperationStep[] = [],
  bounds: Bounds = {},
): Outcome {
  const found = driverWith(`${unit}${release}`, []);
  if (!found.ok) throw new Error(found.error.code);
  const steps = found.value.operations['unbind-sva'].filter((step) => !without.includes(step));
  const driver: Driver = {
    ...found.value,
    operations: { ...found.value.operations, 'unbind-sva': steps },
  };
  const explored = explore(unbindWorld(driver, { groups: 2, faults: FAULTS[unit] }), bounds);
  if (!explored.ok) throw new Error(JSON.stringify(explored.error));
  return explored.value;
}

describe.each(['amd', 'smmuv3'] as const)('an unbind of %s', (unit) => {
  it('is safe when repaired, and never stuck', () => {
    expect(outcomeOf(unit)).toMatchObject({ kind: 'complete' });
  });

  it.each(['S6', 'S8'])('breaks %s in Linux 7.3', (property) => {
    expect(outcomeOf(unit, '@7.3', [], { properties: [property] })).toMatchObject({
      kind: 'violated',
      violation: { property },
    });
  });

  it.each(['drain-ring', 'synchronize-thread', 'flush-workqueue'] as const)('needs %s', (step) => {
    expect(outcomeOf(unit, '', [step])).toMatchObject({ kind: 'violated' });
  });
});

it('of a function that travels its requests needs the invalidation that pushes them', () => {
  expect(outcomeOf('amd', '', ['invalidate-iotlb', 'invalidate-device-tlb'])).toMatchObject({
    violation: { property: 'S6' },
  });
});
