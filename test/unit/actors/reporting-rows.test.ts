/**
 * Spec 03, section 6: the sequence of each path that enables or drops fault reporting, as the lists of 7.3 have it,
 * and the hazard that some of them drop it before the drain, which `vtd` repairs.
 */
import { expect, test } from 'vitest';

import type { OperationName } from '../../../src/actors/driver.ts';
import { begun, drainOf, listOf } from '../machines/control/lists.ts';

/** Where each step stands; a step that is not there would make any order true. */
function order(name: string, operation: OperationName, ...steps: readonly string[]): boolean {
  const at = steps.map((step) => listOf(name, operation).indexOf(step));
  return at.every((place, index) => place >= 0 && place > (at[index - 1] ?? -1));
}

const TEAR_DOWN = [
  'block-entry',
  'invalidate-pasid-cache',
  'invalidate-iotlb',
  'invalidate-device-tlb',
  'zero-entry',
  'drain-ring-by-completion',
  'flush-workqueue',
  'drain-hardware-by-completion',
] as const;

// Spec 03 section 8, block_translation, and spec 10: unassign the tags, then tear down.
test('blocked, RID: 7.3 drops the reporting first, untracks, then tears down and drains', () => {
  expect(order('vtd@7.3', 'detach-rid', 'drop-reporting', 'untrack-pasid', ...TEAR_DOWN)).toBe(
    true,
  );
});

test('attach RID: 7.3 enables the reporting before it tracks', () => {
  expect(order('vtd@7.3', 'attach-rid', 'enable-reporting', 'track-pasid', 'publish-handle')).toBe(
    true,
  );
});

test('blocked, PASID: 7.3 tears down and drains, then drops the reporting, then the tracking', () => {
  expect(
    order('vtd@7.3', 'detach-pasid', ...TEAR_DOWN, 'drop-reporting', 'untrack-pasid', 'erase-slot'),
  ).toBe(true);
});

// Spec 03 section 6, "paging attach RID", and spec 10 b': block_translation drains before the reporting changes hands.
test('paging attach RID: 7.3 tears down and drains before it drops the old reporting', () => {
  expect(
    order(
      'vtd@7.3',
      'replace-rid',
      'untrack-old-pasid',
      ...TEAR_DOWN,
      'enable-reporting',
      'drop-old-reporting',
      'track-pasid',
      'program-entry',
    ),
  ).toBe(true);
});

test.each(['bind-sva', 'attach-pasid'] as const)(
  'set_dev_pasid, %s: tracked, reporting enabled, then programmed',
  (operation) => {
    expect(order('vtd@7.3', operation, 'track-pasid', 'enable-reporting', 'program-entry')).toBe(
      true,
    );
  },
);

test('set_dev_pasid over an old domain: reporting set, then dropped, torn down, programmed, untracked', () => {
  expect(
    order(
      'vtd@7.3',
      'replace-pasid',
      'track-pasid',
      'enable-reporting',
      'drop-old-reporting',
      ...TEAR_DOWN,
      'program-entry',
      'untrack-old-pasid',
    ),
  ).toBe(true);
});

test('the new reporting is enabled before the old is dropped, so an equal pair never leaves the queue', () => {
  for (const name of ['vtd', 'vtd@7.3']) {
    for (const operation of ['replace-pasid', 'replace-rid'] as const) {
      expect(order(name, operation, 'enable-reporting', 'drop-old-reporting')).toBe(true);
    }
  }
});

test.each([
  { path: 'blocked, RID', operation: 'detach-rid', drop: 'drop-reporting' },
  {
    path: 'PASID replace to a plain domain',
    operation: 'replace-pasid',
    drop: 'drop-old-reporting',
  },
] as const)(
  'hazard, $path: the last drop of 7.3 skips the drain, the repaired list drains first',
  ({ operation, drop }) => {
    const drains = (name: string) => {
      const detach = begun(name, operation);
      const dropped = drop === 'drop-reporting' ? 'dropReporting' : 'dropOldReporting';
      detach.answer({ reportingIsOff: () => detach.effects().includes(dropped) });
      return drainOf(detach.steps());
    };

    expect(order('vtd', operation, 'drain-hardware', drop)).toBe(true);
    expect(drains('vtd@7.3')).toEqual([]);
    expect(drains('vtd')).toContain('submitDrain');
  },
);

test.each(['detach-pasid', 'detach-rid', 'unbind-sva', 'replace-pasid', 'replace-rid'] as const)(
  'repaired, %s drains before it drops any reporting, and answers before it frees the handle',
  (operation) => {
    const drop = operation.startsWith('replace') ? 'drop-old-reporting' : 'drop-reporting';
    expect(
      order(
        'vtd',
        operation,
        'drain-ring',
        'flush-workqueue',
        'drain-hardware',
        'discard-partials',
        drop,
        'answer-invalid',
        'free-handle',
      ),
    ).toBe(true);
  },
);

test.each(['vtd', 'vtd@7.3'])('%s publishes a handle only after hardware has switched', (name) => {
  expect(order(name, 'attach-pasid', 'reserve-slot', 'program-entry', 'publish-handle')).toBe(true);
  expect(order(name, 'attach-rid', 'reserve-slot', 'program-entry', 'publish-handle')).toBe(true);
});

test.each(['replace-pasid', 'replace-rid'] as const)(
  '%s: 7.3 changes the handle last; repaired, it changes hands while nothing can be sent',
  (operation) => {
    expect(order('vtd@7.3', operation, 'program-entry', 'replace-handle', 'free-handle')).toBe(
      true,
    );
    expect(order('vtd', operation, 'drain-hardware', 'replace-handle', 'program-entry')).toBe(true);
  },
);

test.each(['vtd', 'vtd@7.3'])(
  '%s keeps the old handle visible until hardware has left it',
  (name) => {
    for (const operation of ['detach-pasid', 'detach-rid', 'unbind-sva'] as const) {
      expect(order(name, operation, 'zero-entry', 'erase-slot', 'free-handle')).toBe(true);
    }
  },
);
