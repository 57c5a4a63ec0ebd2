/**
 * Found scenario: the scenario and driver a user names, with everything that can be wrong about the names.
 */
import type { Driver } from '../actors/driver.ts';
import { driverWith, withQuirks } from '../actors/drivers.ts';
import { invariant } from '../core/invariant.ts';
import { err, ok, type Result } from '../core/result.ts';
import { seenProperties } from '../explore/seen-properties.ts';
import type { World } from '../explore/world.ts';
import type { BadInput, Place } from './bad-input.ts';
import { driversOf, type ExploreScenario } from './explore/explore-scenario.ts';
import { driversKnown, type KnownNames, noSuchName, unknownName } from './known-names.ts';

const DRIVER_DEFAULT = 'vtd';

/** What the search itself sees: states that nobody leaves, events that no machine expects. */
const OF_EVERY_WORLD: readonly string[] = ['deadlock', 'unexpected'];

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
    ...(driver === undefined ? [] : [unknownName('driver', driver, driversKnown(known), place)]),
    ...quirks.map((quirk) => unknownName('quirk', quirk, known.quirks, place)),
  ].find((fault) => fault !== undefined);
  if (stranger !== undefined) return err(stranger);
  const drivers = driversOf(scenario);
  const [standard] = drivers;
  if (standard === undefined) {
    return driver === undefined && quirks.length === 0
      ? ok({ scenario, driver: undefined, quirks, worldOf: worldOf(DRIVER_DEFAULT, [], known) })
      : err({ code: 'no-driver', scenario: name, place });
  }
  const named = driver ?? standard;
  const like = ownDriver(named, known)?.like ?? named;
  if (!drivers.includes(like)) {
    const others = scenarios.filter((each) => driversOf(each).includes(like));
    return err({
      code: 'other-driver',
      scenario: name,
      driver: named,
      drivers,
      others: others.map((each) => each.name),
      place,
    });
  }
  return ok({ scenario, driver: named, quirks, worldOf: worldOf(named, quirks, known) });
}

const ownDriver = (name: string, { own }: KnownNames) => own?.find((each) => each.name === name);

function worldOf(
  driver: string,
  quirks: readonly string[],
  known: KnownNames,
): FoundScenario['worldOf'] {
  const own = ownDriver(driver, known);
  const used = own === undefined ? built(driver, quirks) : withQuirks(own.driver, quirks);
  return (of) => of.world(used);
}

/** The first property asked for that nobody in the world could see broken, and where somebody could. */
export function unseenProperty(
  { scenario, worldOf: worldOfThis }: FoundScenario,
  properties: readonly string[],
  scenarios: readonly ExploreScenario[],
): BadInput | undefined {
  const seen = seenProperties(worldOfThis(scenario));
  const property = properties.find((id) => !OF_EVERY_WORLD.includes(id) && !seen.has(id));
  if (property === undefined) return undefined;
  const others = scenarios.filter((each) => {
    const [driver = DRIVER_DEFAULT] = driversOf(each);
    return seenProperties(each.world(built(driver, []))).has(property);
  });
  return {
    code: 'unseen-property',
    scenario: scenario.name,
    property,
    others: others.map(({ name }) => name),
  };
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
