/**
 * Whatever is found broken somewhere is among what its world could break: every race of the catalogue that is
 * modelled, and every row of the table of a unit's properties.
 */
import { describe, expect, it } from 'vitest';

import { seenProperties } from '../../../src/explore/seen-properties.ts';
import { PROPERTIES } from '../../../src/scenarios/explore/unit/observers/table.ts';
import { UNIT_SCENARIOS } from '../../../src/scenarios/explore/unit/scenario-list.ts';
import { RACES } from '../../../src/scenarios/races/catalogue.ts';
import { driverOf, worldOf } from './unit-worlds.ts';

const EXPERIMENTS = RACES.flatMap((race) =>
  race.status === 'modelled'
    ? race.experiments.flatMap(({ scenario, driver, quirks, expects }) =>
        expects.kind === 'clean' ? [] : [{ race: race.id, scenario, driver, quirks, expects }],
      )
    : [],
);

it.each(EXPERIMENTS)(
  '$race: $expects.property could be broken in $scenario.name',
  ({ scenario, driver, quirks, expects }) => {
    const seen = seenProperties(scenario.world(driverOf(driver, quirks)));
    expect([...seen]).toContain(expects.property);
  },
);

describe('the worlds of a unit', () => {
  const seen = new Set(
    UNIT_SCENARIOS.flatMap(({ name, units = ['vtd'] }) =>
      units.flatMap((unit) => [...seenProperties(worldOf(name, unit))]),
    ),
  );

  it.each(PROPERTIES.filter(({ seen: { by } }) => by !== 'another world'))(
    'see $id, as the table says',
    ({ id }) => expect([...seen]).toContain(id),
  );

  it.each(PROPERTIES.filter(({ seen: { by } }) => by === 'another world'))(
    'do not see $id, as the table says',
    ({ id }) => expect([...seen]).not.toContain(id),
  );
});
