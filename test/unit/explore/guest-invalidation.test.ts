/** Goal: what a guest is told of its invalidations is what was done; Linux 7.3 on SMMUv3 tells more, and that is seen. */
import { expect, it } from 'vitest';

import { VMID_SCENARIOS } from '../../../src/scenarios/explore/vmids/scenarios.ts';
import { outcomeOf } from './outcome-of.ts';
import { driverOf } from './unit-worlds.ts';

const worldOf = (driver: string, ...quirks: readonly string[]) => {
  const found = VMID_SCENARIOS.find(({ name }) => name === 'guest-invalidation');
  if (found === undefined) throw new Error('the scenario is gone');
  return found.world(driverOf(driver, quirks));
};

it('is clean, and shows a call that fails in part', () => {
  expect(outcomeOf(worldOf('smmuv3'))).toMatchObject({ kind: 'complete', unseen: [] });
});

it.each([['smmuv3@7.3'], ['smmuv3', 'converted-told-as-done']])(
  'breaks S9 with %s %s: a page is freed whose translations nobody made the unit forget',
  (driver, ...quirks) => {
    expect(outcomeOf(worldOf(driver, ...quirks))).toMatchObject({
      kind: 'violated',
      violation: { property: 'S9' },
    });
  },
);
