/**
 * The reader of campaign files: YAML or JSON in, the list of jobs or the first mistake out.
 *
 * Effects: reads the file, and the storm profiles it names.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { type BadInput, badInputAt, type Place } from '../scenarios/bad-input.ts';
import { boundedText } from '../scenarios/bounded-text.ts';
import { bundledNames, locateBundled } from '../scenarios/bundled-files.ts';
import { driversOf, type ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import { badField, type FieldPath } from '../scenarios/field-check.ts';
import { type KnownNames, noSuchName, unknownName } from '../scenarios/known-names.ts';
import { locateDocument } from '../scenarios/located-document.ts';
import type { OwnDriver } from '../scenarios/own/own-driver.ts';
import { packageRoot } from '../scenarios/package-root.ts';
import type { StormProfile } from '../scenarios/storm-profile.ts';
import { readStormProfile } from '../scenarios/storm-profile-file.ts';
import {
  type CampaignDescription,
  checkDescription,
  isCampaignName,
} from './campaign-description.ts';
import { contentHash } from './content-hash.ts';

const CAMPAIGN_BYTES_MAX = 65_536;
const KIND = 'campaign file';

/** A description whose names are all known, and the profiles its storms name. */
export type CampaignFile = {
  readonly description: CampaignDescription;
  /** By the name they have in the file. */
  readonly profiles: ReadonlyMap<string, StormProfile>;
  readonly own: OwnDrivers;
};

/** Users' own drivers, by what the file has for them: the path of a module, perhaps with a name behind it. */
export type OwnDrivers = ReadonlyMap<string, OwnDriver>;

export type CampaignNames = KnownNames & {
  readonly scenarios: readonly ExploreScenario[];
  /**
   * Loads the driver of a module, relative to this folder, where the user has named it as well; comes to undefined for
   * what is no module's path. Without it no module is loaded.
   */
  readonly load?: (
    path: string,
    folder: string,
  ) => Promise<Result<OwnDriver | undefined, BadInput>>;
};

/** Reads the campaign in `file`. */
export async function readCampaignFile(
  file: string,
  known: CampaignNames,
): Promise<Result<CampaignFile, BadInput>> {
  const text = await boundedText(KIND, file, CAMPAIGN_BYTES_MAX, 'a campaign file');
  return text.ok ? parseCampaign(text.value, file, known) : text;
}

/** Checks the text of a campaign file; `file` names it in errors and anchors its relative paths. */
export async function parseCampaign(
  text: string,
  file: string,
  names: CampaignNames,
): Promise<Result<CampaignFile, BadInput>> {
  const document = locateDocument(KIND, file, text);
  if (!document.ok) return document;
  const { value, lineOf } = document.value;
  const at = (path: FieldPath): Place => ({ kind: KIND, file, line: lineOf(path) });

  const checked = checkDescription(nameOf(file))(value, []);
  if (!checked.ok) return err(badInputAt(checked.error, at(checked.error.path)));
  const description = checked.value;
  const own = await ownDrivers(description, dirname(file), names);
  if (!own.ok) return own;
  const known = { ...names, drivers: [...names.drivers, ...own.value.keys()] };
  const fault = nameFault(description, known, own.value, at) ?? loadFault(description, at);
  if (fault !== undefined) return err(fault);

  const profiles = new Map<string, StormProfile>();
  for (const [entry, { profiles: named }] of description.storms.entries()) {
    for (const [index, name] of named.entries()) {
      const read = await profileNamed(name, file, names, at(['storms', entry, 'profiles', index]));
      if (!read.ok) return read;
      profiles.set(name, read.value);
    }
  }
  return ok({ description, profiles, own: own.value });
}

/** Modules are loaded once, however often they are named; reports know drivers by name, so no two may share one. */
async function ownDrivers(
  { explorations, storms }: CampaignDescription,
  folder: string,
  { load = async () => ok(undefined) }: CampaignNames,
): Promise<Result<OwnDrivers, BadInput>> {
  const own = new Map<string, OwnDriver>();
  for (const path of [...explorations, ...storms].flatMap(({ drivers = [] }) => drivers)) {
    if (own.has(path)) continue;
    const loaded = await load(path, folder);
    if (!loaded.ok) return loaded;
    if (loaded.value === undefined) continue;
    const { name, definition } = loaded.value;
    const [twin, known] = [...own].find(([, each]) => each.name === name) ?? [];
    if (known !== undefined && contentHash(known.definition) !== contentHash(definition)) {
      const place = { kind: 'module', file: path, line: undefined } as const;
      const reason = `its driver is called ${name}, as that of ${twin} is`;
      return err({ code: 'unusable-definition', place, reason });
    }
    own.set(path, loaded.value);
  }
  return ok(own);
}

/** What a campaign is called that says nothing. */
function nameOf(file: string): string {
  const stem = basename(file, extname(file))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const name = stem.replaceAll(/^-+|-+$/g, '').slice(0, 40);
  return isCampaignName(name) ? name : 'campaign';
}

/** The first scenario, driver or quirk nobody knows. */
function nameFault(
  { explorations, storms }: CampaignDescription,
  known: CampaignNames,
  own: OwnDrivers,
  at: (path: FieldPath) => Place,
): BadInput | undefined {
  const quirksOf = (path: FieldPath, quirks: readonly (readonly string[])[] = []) =>
    quirks.flatMap((set, index) =>
      set.map((quirk, place) =>
        unknownName('quirk', quirk, known.quirks, at([...path, 'quirks', index, place])),
      ),
    );
  const driverFaults = (path: FieldPath, drivers: readonly string[] = [], among = known.drivers) =>
    drivers.map((driver, index) =>
      unknownName('driver', driver, among, at([...path, 'drivers', index])),
    );
  const scenarios = known.scenarios.map(({ name }) => name);
  return [
    ...explorations.flatMap((entry, number) => {
      const path = ['explorations', number];
      const named = entry.scenarios === 'all' ? [] : entry.scenarios;
      return [
        ...named.map((name, index) => {
          const place = at([...path, 'scenarios', index]);
          const world = known.scenarios.find((each) => each.name === name);
          return world === undefined
            ? noSuchName('scenario', name, scenarios, place)
            : driverFault(world, entry.drivers, known, own, place);
        }),
        ...driverFaults(path, entry.drivers),
        ...quirksOf(path, entry.quirks),
      ];
    }),
    ...storms.flatMap((entry, number) => {
      const path = ['storms', number];
      return [...driverFaults(path, entry.drivers), ...quirksOf(path, entry.quirks)];
    }),
  ].find((fault) => fault !== undefined);
}

/** A world that can run none of the drivers it is to be crossed with. */
function driverFault(
  world: ExploreScenario,
  drivers: readonly string[] | undefined,
  known: CampaignNames,
  own: OwnDrivers,
  place: Place,
): BadInput | undefined {
  const runs = driversOf(world);
  const [driver] = drivers ?? [];
  // A driver nobody knows is told where it stands.
  if (driver === undefined || !known.drivers.includes(driver) || runs.length === 0)
    return undefined;
  const likeOf = (named: string): string => own.get(named)?.like ?? named;
  if (drivers?.some((each) => runs.includes(likeOf(each))) === true) return undefined;
  const others = known.scenarios
    .filter((each) => driversOf(each).includes(likeOf(driver)))
    .map(({ name }) => name);
  return { code: 'other-driver', scenario: world.name, driver, drivers: runs, others, place };
}

/** A campaign without a job, or a storm with two ends. */
function loadFault(
  { explorations, storms }: CampaignDescription,
  at: (path: FieldPath) => Place,
): BadInput | undefined {
  if (explorations.length === 0 && storms.length === 0) {
    const fault = badField(['explorations'], 'given, or "storms"', undefined).error;
    return badInputAt(fault, at([]));
  }
  const both = storms.findIndex(
    (each) => each.groups !== undefined && each.durationSeconds !== undefined,
  );
  if (both === -1) return undefined;
  const path = ['storms', both, 'durationSeconds'];
  const { durationSeconds } = storms[both] ?? {};
  return badInputAt(
    badField(path, 'left out where "groups" is given', durationSeconds).error,
    at(path),
  );
}

/** The profile, with its recordings by the names every host knows them by. */
async function profileNamed(
  name: string,
  file: string,
  known: CampaignNames,
  place: Place,
): Promise<Result<StormProfile, BadInput>> {
  const bundled = await bundledNames('profile');
  const beside = isAbsolute(name) ? name : join(dirname(file), name);
  if (!bundled.includes(name) && !existsSync(beside)) {
    return err(noSuchName('profile', name, bundled, place));
  }
  const path = bundled.includes(name) ? await locateBundled('profile', name) : ok(beside);
  if (!path.ok) return path;
  const profile = await readStormProfile(path.value, known);
  if (!profile.ok) return profile;
  const { driver } = profile.value;
  const stranger = unknownName('driver', driver, known.drivers, place);
  if (stranger !== undefined) return err(stranger);

  const folder = join(packageRoot(), 'load/processes');
  const recordings = await bundledNames('recording');
  const processes: string[] = [];
  for (const recording of profile.value.processes) {
    const stem = basename(recording, extname(recording));
    if (dirname(recording) !== folder || !recordings.includes(stem)) {
      return err(noSuchName('recording', recording, recordings, place));
    }
    processes.push(stem);
  }
  return ok({ ...profile.value, processes });
}
