/**
 * Named modules: what a command line names by path, put beside what is bundled.
 *
 * Policy: a file is loaded only where its path was typed: as a scenario or driver, behind `--driver` or `--from`. What
 *         a campaign file names among its drivers must be typed behind `--from` as well.
 */
import { isAbsolute, join, resolve } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import type { KnownNames } from '../scenarios/known-names.ts';
import type { OwnDriver } from '../scenarios/own/own-driver.ts';
import {
  loadOwnModule,
  memberOf,
  moduleNamed,
  type OwnModule,
} from '../scenarios/own/own-module.ts';

/** Names as they were typed. */
export type TypedNames = {
  readonly scenario: string | undefined;
  readonly driver: string | undefined;
  readonly from: readonly string[];
};

/** The same names, and all that they may mean. */
export type Named = {
  readonly scenario: string | undefined;
  readonly driver: string | undefined;
  readonly scenarios: readonly ExploreScenario[];
  readonly known: KnownNames;
  /** The files that were loaded. */
  readonly files: readonly string[];
};

/** Loads what is named by a path. A module's only driver is meant where none is named. */
export async function namedModules(
  typed: TypedNames,
  bundled: readonly ExploreScenario[],
  known: KnownNames,
): Promise<Result<Named, BadInput>> {
  const modules = new Map<string, OwnModule>();
  const load = async (file: string): Promise<Result<OwnModule, BadInput>> => {
    const before = modules.get(file);
    if (before !== undefined) return ok(before);
    const loaded = await loadOwnModule(file, await lentModules());
    if (loaded.ok) modules.set(file, loaded.value);
    return loaded;
  };
  let { scenario, driver } = typed;

  for (const file of typed.from) {
    const loaded = await load(file);
    if (!loaded.ok) return loaded;
  }
  const ofScenario = scenario === undefined ? undefined : moduleNamed(scenario);
  if (ofScenario !== undefined) {
    const loaded = await load(ofScenario.file);
    if (!loaded.ok) return loaded;
    const { scenarios, drivers } = loaded.value;
    const found = memberOf(loaded.value, 'scenario', scenarios, ofScenario.member);
    if (!found.ok) return found;
    scenario = found.value.name;
    const runsLists = found.value.scenario.drivers?.length !== 0;
    if (driver === undefined && runsLists && drivers.length > 0) {
      const meant = memberOf(loaded.value, 'driver', drivers, undefined, '--driver ');
      if (!meant.ok) return meant;
      driver = meant.value.name;
    }
  }
  const ofDriver = driver === undefined ? undefined : moduleNamed(driver);
  if (ofDriver !== undefined) {
    const loaded = await load(ofDriver.file);
    if (!loaded.ok) return loaded;
    const { drivers } = loaded.value;
    const found = memberOf(loaded.value, 'driver', drivers, ofDriver.member, '--driver ');
    if (!found.ok) return found;
    driver = found.value.name;
  }
  const all = [...modules.values()];
  return ok({
    scenario,
    driver,
    // A module's own scenario is meant before a bundled one of that name.
    scenarios: [
      ...all.flatMap(({ scenarios }) => scenarios.map((own) => own.scenario)),
      ...bundled,
    ],
    known: { ...known, own: all.flatMap(({ drivers }) => drivers) },
    files: [...modules.keys()],
  });
}

/** A driver by its path; undefined: the name is that of a bundled one. `option` is what it was typed behind. */
export async function driverByPath(
  name: string | undefined,
  option = '--driver ',
): Promise<Result<OwnDriver | undefined, BadInput>> {
  const named = name === undefined ? undefined : moduleNamed(name);
  if (named === undefined) return ok(undefined);
  const loaded = await loadOwnModule(named.file, await lentModules());
  if (!loaded.ok) return loaded;
  return memberOf(loaded.value, 'driver', loaded.value.drivers, named.member, option);
}

/** The same of a driver that a file in that folder names; nothing is run for its sake but the modules `from`. */
export const driversBeside =
  (from: readonly string[]) =>
  async (name: string, folder: string): Promise<Result<OwnDriver | undefined, BadInput>> => {
    if (moduleNamed(name) === undefined) return ok(undefined);
    const path = isAbsolute(name) ? name : join(folder, name);
    const { file = path } = moduleNamed(path) ?? {};
    if (from.some((each) => resolve(each) === resolve(file))) return driverByPath(path, '');
    const place = { kind: 'module', file, line: undefined } as const;
    const reason = `its code would be run for a driver; if you trust it, add --from ${file}`;
    return err({ code: 'bad-module', place, reason });
  };

async function lentModules() {
  return { stormdrain: await import('../library/stormdrain.ts'), xstate: await import('xstate') };
}
