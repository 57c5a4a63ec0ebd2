/**
 * VT-d worlds by name: a scenario, a driver and the quirks on it.
 */
import type { Driver } from '../../../src/actors/driver.ts';
import { driverWith } from '../../../src/actors/drivers.ts';
import { QUIRKS } from '../../../src/actors/quirks.ts';
import type { World } from '../../../src/explore/world.ts';
import { VTD_SCENARIOS } from '../../../src/scenarios/explore/vtd/scenario-list.ts';
import { vtdWorld } from '../../../src/scenarios/explore/vtd/world.ts';

export function worldOf(scenario: string, driver: string, ...quirks: readonly string[]): World {
  const found = VTD_SCENARIOS.find(({ name }) => name === scenario);
  if (found === undefined) throw new Error(`no scenario ${scenario}`);
  return vtdWorld(driverOf(driver, quirks), found);
}

function driverOf(name: string, quirks: readonly string[]): Driver {
  const found = driverWith(name, quirks);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  return found.value;
}

/** What a kernel has on that repairs nothing of 7.3 but `repaired`. */
export const quirksOf73Without = (...repaired: readonly string[]): readonly string[] =>
  QUIRKS.flatMap(({ id, kind }) => (kind === 'linux-7.3' && !repaired.includes(id) ? [id] : []));
