/**
 * The drivers that flush a PASID alone: safe and never stuck in every small world of a unit, every interleaving; and a
 * count of an attach handle that begins later, or ends earlier, than they say is not.
 */
import { describe, expect, it } from 'vitest';

import { UNIT_SCENARIOS } from '../../../src/scenarios/explore/unit/scenario-list.ts';
import { outcomeOf } from './outcome-of.ts';
import { worldOf } from './unit-worlds.ts';

/** As by every driver: a lost request of a group is what no answer of software's can make good. */
const NOT_OF_THE_LIST = ['overflow-partials'];

const SAFE = UNIT_SCENARIOS.filter(({ name }) => !NOT_OF_THE_LIST.includes(name)).flatMap(
  ({ name, units = ['vtd'] }) =>
    units.map((unit) => ({ scenario: name, driver: `${unit}@pasid-flush` })),
);

describe('a driver that flushes a PASID alone', () => {
  it.each(SAFE)('is safe in $scenario: $driver', ({ scenario, driver }) => {
    expect(outcomeOf(worldOf(scenario, driver)).kind).toBe('complete');
  });
});

const UNITS = ['vtd', 'amd', 'smmuv3'];
const BROKEN = UNITS.flatMap((unit) =>
  [
    { quirk: 'counts-when-taken-up', vtd: 'S8', amd: 'S6', smmuv3: 'S8' },
    { quirk: 'uncounts-when-taken-up', vtd: 'S6', amd: 'S6', smmuv3: 'S6' },
    { quirk: 'uncounts-when-answered', vtd: 'S6', amd: 'S6', smmuv3: 'S6' },
    { quirk: 'flush-before-ring', vtd: 'S8', amd: 'S6', smmuv3: 'S8' },
    { quirk: 'skip-workqueue-flush', vtd: 'S8', amd: 'S6', smmuv3: 'S8' },
  ].map(({ quirk, ...property }) => ({
    unit,
    quirk,
    property: property[unit as keyof typeof property], // one of the three
  })),
);

describe('what an attach handle counts', () => {
  it.each(BROKEN)('must be a group from its queueing to its end: $unit, $quirk', (row) => {
    const { unit, quirk, property } = row;
    const outcome = outcomeOf(worldOf('exit-unbind', `${unit}@pasid-flush`, quirk));
    expect(outcome.kind === 'violated' && outcome.violation.property).toBe(property);
  });

  it.each(UNITS)('breaks nothing of a driver that flushes the whole queue: %s', (unit) => {
    for (const quirk of ['counts-when-taken-up', 'uncounts-when-answered']) {
      expect(outcomeOf(worldOf('exit-unbind', unit, quirk)).kind).toBe('complete');
    }
  });
});
