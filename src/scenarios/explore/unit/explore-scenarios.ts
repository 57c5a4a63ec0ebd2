/**
 * Unit explore scenarios: the small worlds of a unit under the names by which they are explored.
 */
import { driversOfUnit, type ExploreScenario } from '../explore-scenario.ts';
import type { UnitScenario } from './scenario.ts';
import { UNIT_SCENARIOS } from './scenario-list.ts';
import { unitWorld } from './world.ts';

/** A scenario under the name by which it is explored. */
export const unitExploreScenario = (scenario: UnitScenario): ExploreScenario => ({
  name: scenario.name,
  title: titleOf(scenario.name),
  sentence: scenario.sentence,
  drivers: (scenario.units ?? ['vtd']).flatMap(driversOfUnit),
  world: (driver) => unitWorld(driver, scenario),
  smaller: () => smallerThan(scenario).map(unitExploreScenario),
});

/** `exit-unbind` as `Exit unbind`, abbreviations as they are written elsewhere. */
export const titleOf = (name: string): string => {
  const words = name.replaceAll('-', ' ');
  return (words.charAt(0).toUpperCase() + words.slice(1))
    .replace(/\bpasid/gi, 'PASID')
    .replace(/\brid\b/gi, 'RID');
};

/** The same with one group on every device; where a device has but one, there is nothing to leave out. */
function smallerThan(scenario: UnitScenario): readonly UnitScenario[] {
  const devices = scenario.devices.map((device) => ({
    ...device,
    groups: device.groups.slice(0, 1).map((group) => ({ ...group, uses: 1 })),
  }));
  const requests = (of: UnitScenario['devices']): number =>
    of.flatMap(({ groups }) => groups).reduce((sum, { uses }) => sum + (uses ?? 1), 0);
  return requests(devices) === requests(scenario.devices)
    ? []
    : [{ ...scenario, name: `${scenario.name}-1`, devices }];
}

export const unitExploreScenarios: readonly ExploreScenario[] =
  UNIT_SCENARIOS.map(unitExploreScenario);
