/**
 * Prepared storm: the plan of a storm a user names, with everything that can be wrong found before any thread starts.
 *
 * Effects: reads profile and recordings.
 */
import { err, ok, type Result } from '../core/result.ts';
import type { StormPlan } from '../workers/storm-plan.ts';
import type { BadInput } from './bad-input.ts';
import { locateBundled } from './bundled-files.ts';
import { driversKnown, type KnownNames, unknownName } from './known-names.ts';
import { planStorm, type StormOverrides } from './plan-storm.ts';
import { readStormProfile } from './storm-profile-file.ts';

/** `profile` is a name or a path. A user's own driver is planned for as the one it is like. */
export async function preparedStorm(
  profile: string,
  overrides: StormOverrides,
  seed: number,
  known: KnownNames,
): Promise<Result<StormPlan, BadInput>> {
  const stranger = unknownNameIn(overrides, known);
  if (stranger !== undefined) return err(stranger);
  const file = await locateBundled('profile', profile);
  if (!file.ok) return file;
  const read = await readStormProfile(file.value, known);
  if (!read.ok) return read;
  const recordings = await locateRecordings(overrides.processes);
  if (!recordings.ok) return recordings;
  const own = known.own?.find(({ name }) => name === overrides.driver);
  const plan = await planStorm(
    read.value,
    {
      ...overrides,
      ...(own === undefined ? {} : { driver: own.like }),
      ...(recordings.value === undefined ? {} : { processes: recordings.value }),
    },
    seed,
  );
  if (!plan.ok || own === undefined) return plan;
  return ok({ ...plan.value, ownDriver: own.name });
}

function unknownNameIn(overrides: StormOverrides, known: KnownNames): BadInput | undefined {
  const { driver, quirks = [] } = overrides;
  const names = [
    ...(driver === undefined ? [] : [unknownName('driver', driver, driversKnown(known))]),
    ...quirks.map((quirk) => unknownName('quirk', quirk, known.quirks)),
  ];
  return names.find((fault) => fault !== undefined);
}

async function locateRecordings(
  names: readonly string[] | undefined,
): Promise<Result<readonly string[] | undefined, BadInput>> {
  if (names === undefined) return ok(undefined);
  const files: string[] = [];
  for (const name of names) {
    const file = await locateBundled('recording', name);
    if (!file.ok) return file;
    files.push(file.value);
  }
  return ok(files);
}
