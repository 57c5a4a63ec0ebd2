/**
 * Unit worlds by name: a scenario, a driver and the quirks on it.
 */
import type { Driver } from '../../../src/actors/driver.ts';
import { driverWith } from '../../../src/actors/drivers.ts';
import { QUIRKS } from '../../../src/actors/quirks.ts';
import type { World } from '../../../src/explore/world.ts';
import type { UnitScenario } from '../../../src/scenarios/explore/unit/scenario.ts';
import { UNIT_SCENARIOS } from '../../../src/scenarios/explore/unit/scenario-list.ts';
import { unitWorld } from '../../../src/scenarios/explore/unit/world.ts';

export function scenarioOf(name: string): UnitScenario {
  const found = UNIT_SCENARIOS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

export const worldOf = (scenario: string, driver: string, ...quirks: readonly string[]): World =>
  unitWorld(driverOf(driver, quirks), scenarioOf(scenario));

export function driverOf(name: string, quirks: readonly string[] = []): Driver {
  const found = driverWith(name, quirks);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  return found.value;
}

/** What a kernel has on that repairs nothing of 7.3 but `repaired`. */
export const quirksOf73Without = (...repaired: readonly string[]): readonly string[] =>
  QUIRKS.flatMap(({ id, kind }) => (kind === 'linux-7.3' && !repaired.includes(id) ? [id] : []));
