/**
 * Found scenario: the scenario and driver a user names, with everything that can be wrong about the names.
 */
import type { Driver } from '../actors/driver.ts';
import { driverWith } from '../actors/drivers.ts';
import { invariant } from '../core/invariant.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { World } from '../explore/world.ts';
import type { BadInput, Place } from './bad-input.ts';
import type { ExploreScenario } from './explore/explore-scenario.ts';
import { type KnownNames, noSuchName, unknownName } from './known-names.ts';

const DRIVER_DEFAULT = 'vtd';

export type ScenarioNames = {
  readonly scenario: string;
  readonly driver: string | undefined;
  readonly quirks: readonly string[];
};

export type FoundScenario = {
  readonly scenario: ExploreScenario;
  /** Undefined for a world that runs no driver's lists. */
  readonly driver: string | undefined;
  readonly quirks: readonly string[];
  /** The world of the scenario, or of a smaller one. */
  readonly worldOf: (scenario: ExploreScenario) => World;
};

/** `place` is the file the names stand in; undefined on the command line. */
export function foundScenario(
  { scenario: name, driver, quirks }: ScenarioNames,
  scenarios: readonly ExploreScenario[],
  known: KnownNames,
  place?: Place,
): Result<FoundScenario, BadInput> {
  const scenario = withSmaller(scenarios).find((each) => each.name === name);
  if (scenario === undefined) {
    const names = scenarios.map((each) => each.name);
    return err(noSuchName('scenario', name, names, place));
  }
  const stranger = [
    ...(driver === undefined ? [] : [unknownName('driver', driver, known.drivers, place)]),
    ...quirks.map((quirk) => unknownName('quirk', quirk, known.quirks, place)),
  ].find((fault) => fault !== undefined);
  if (stranger !== undefined) return err(stranger);
  if (scenario.withoutDriver === true && (driver !== undefined || quirks.length > 0)) {
    return err({ code: 'no-driver', scenario: name, place });
  }

  const used = built(driver ?? DRIVER_DEFAULT, quirks);
  return ok({
    scenario,
    driver: scenario.withoutDriver === true ? undefined : (driver ?? DRIVER_DEFAULT),
    quirks,
    worldOf: (of) => of.world(used),
  });
}

/** Scenarios and what they shrink to: a minimised trace may be of a smaller one. */
const withSmaller = (scenarios: readonly ExploreScenario[]): readonly ExploreScenario[] =>
  scenarios.flatMap((scenario) => [scenario, ...(scenario.smaller?.() ?? [])]);

/** Caller's duty: the names are known. */
function built(name: string, quirks: readonly string[]): Driver {
  const driver = driverWith(name, quirks);
  invariant(driver.ok, `a known driver or quirk is not to be found: ${name} ${quirks.join(' ')}`);
  return driver.value;
}
