/**
 * Every experiment of the catalogue, searched in full and with partial-order reduction: the same property breaks, or
 * nothing does. What is judged is what both can judge: safety, and whether anybody is stuck.
 */
import { describe, expect, it } from 'vitest';

import { driverWith } from '../../src/actors/drivers.ts';
import type { Bounds } from '../../src/explore/bounds.ts';
import { explore } from '../../src/explore/search.ts';
import { PROPERTIES } from '../../src/scenarios/explore/unit/observers/table.ts';
import { RACES } from '../../src/scenarios/races/catalogue.ts';
import type { Experiment } from '../../src/scenarios/races/race.ts';

const SAFETY = ['unexpected', ...PROPERTIES.map(({ id }) => id).filter((id) => id.startsWith('S'))];

const SEARCHES = RACES.flatMap((race) =>
  race.status !== 'modelled'
    ? []
    : race.experiments.flatMap((experiment, at) => [
        { name: `${race.id} ${at}`, experiment, quirks: experiment.quirks },
        { name: `${race.id} ${at}, without`, experiment, quirks: [] },
      ]),
);

/** One of the safety properties that break, or none; a reduced search may meet another of them first. */
function brokenIn({ scenario, driver }: Experiment, quirks: readonly string[], bounds: Bounds) {
  const found = driverWith(driver, quirks);
  if (!found.ok) throw new Error(found.error.code);
  const explored = explore(scenario.world(found.value), bounds);
  if (!explored.ok) throw new Error(JSON.stringify(explored.error));
  const outcome = explored.value;
  return outcome.kind === 'violated' ? outcome.violation.property : outcome.kind;
}

describe('with partial-order reduction', () => {
  it.each(SEARCHES)(
    'the verdict is the same: $name',
    ({ experiment, quirks }) => {
      const verdict = brokenIn(experiment, quirks, { properties: SAFETY });
      const isBroken = SAFETY.includes(verdict);
      const reduced = brokenIn(experiment, quirks, {
        properties: isBroken ? [verdict] : SAFETY,
        mayDeadlock: isBroken,
        reduction: 'por',
      });
      expect(reduced).toBe(verdict);
    },
    120_000,
  );
});
