/**
 * Storm: a storm on real threads, from a program.
 */
import { err, ok, type Result } from '../core/result.ts';
import { type BadInput, badInputAt, type Place } from '../scenarios/bad-input.ts';
import {
  type FieldCheck,
  listOf,
  numberWithin,
  optionalField,
  satisfying,
  sealedRecord,
  textUpTo,
  wholeNumber,
} from '../scenarios/field-check.ts';
import { OwnDriver } from '../scenarios/own/own-driver.ts';
import type { StormOverrides } from '../scenarios/plan-storm.ts';
import { preparedStorm } from '../scenarios/prepared-storm.ts';
import { type StormJson, stormJson } from '../scenarios/storm-json.ts';
import { expectGood } from '../scenarios/stormdrain-error.ts';
import type { StormPlan, StormProgress } from '../workers/storm-plan.ts';
import { ofDriver, ofSignal } from './handed-over.ts';
import { cpuSeconds, drawSeed, knownWith, NEVER_ABORTED, now } from './this-process.ts';

/** As the options of `stormdrain storm`; what is left out is as the profile has it. */
export type StormOptions = {
  /** A bundled profile by name, or the path of one; `processes` unless told. */
  readonly profile?: string;
  /** One of your own, or a bundled one by name. */
  readonly driver?: OwnDriver | string;
  readonly quirks?: readonly string[];
  readonly devices?: number;
  readonly pasids?: number;
  readonly workers?: number;
  /** Groups a second over all devices. */
  readonly rate?: number;
  /** How long; or how many groups. */
  readonly seconds?: number;
  readonly groups?: number;
  /** Recorded processes, by name or path, in place of the profile's. */
  readonly processes?: readonly string[];
  readonly seed?: number;
  /** Ends it early, cleanly; the result then says `interrupted`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StormProgress) => void;
};

type Told = { readonly [Field in keyof Required<StormOptions>]: StormOptions[Field] };

const NAME_MAX = 4096;
const NAMES_MAX = 100;
const NUMBER_MAX = 2 ** 53 - 1;
const SECONDS_MAX = 7 * 86_400;
const SEED_MAX = 2 ** 32 - 1;
const DEVICES_MAX = 64;
const PASIDS_MAX = 1024;
const WORKERS_MAX = 16;

const names = optionalField(listOf(textUpTo(NAME_MAX), NAMES_MAX));
const listener: FieldCheck<NonNullable<StormOptions['onProgress']>> = satisfying(
  'a function',
  (value): value is NonNullable<StormOptions['onProgress']> => typeof value === 'function',
);

const told = sealedRecord<Told>({
  profile: optionalField(textUpTo(NAME_MAX)),
  driver: optionalField(ofDriver),
  quirks: names,
  devices: optionalField(wholeNumber(1, DEVICES_MAX)),
  pasids: optionalField(wholeNumber(1, PASIDS_MAX)),
  workers: optionalField(wholeNumber(0, WORKERS_MAX)),
  rate: optionalField(numberWithin(1, NUMBER_MAX)),
  seconds: optionalField(numberWithin(0.001, SECONDS_MAX)),
  groups: optionalField(wholeNumber(1, NUMBER_MAX)),
  processes: names,
  seed: optionalField(wholeNumber(0, SEED_MAX)),
  signal: optionalField(ofSignal),
  onProgress: optionalField(listener),
});

/**
 * Runs a storm. The result is what `stormdrain storm --json` prints.
 *
 * @throws StormdrainError for a bad option.
 */
export async function storm(options: StormOptions = {}): Promise<StormJson> {
  const { plan, read } = await plannedStorm(options);
  const { driver: by, signal = NEVER_ABORTED, onProgress: progress = () => {} } = read;
  // What only explores does without the threads and machines of storms.
  const { runStorm } = await import('../actors/storm.ts');
  const own = by instanceof OwnDriver ? { driver: by.driver } : {};
  return stormJson(plan, await runStorm(plan, { now, cpuSeconds, signal, progress }, own));
}

/** What is to be run. @throws StormdrainError */
export async function plannedStorm(
  options: StormOptions,
): Promise<{ readonly plan: StormPlan; readonly read: Told }> {
  const read = expectGood(checked(options));
  const { profile = PROFILE_DEFAULT, driver: by, seed = drawSeed() } = read;
  const known = knownWith(by instanceof OwnDriver ? [by] : []);
  return { plan: expectGood(await preparedStorm(profile, overridesOf(read), seed, known)), read };
}

const PROFILE_DEFAULT = 'processes';
const PLACE: Place = { kind: 'options of storm', file: '', line: undefined };

function checked(options: StormOptions): Result<Told, BadInput> {
  const read = told(options, []);
  if (!read.ok) return err(badInputAt(read.error, PLACE));
  const { seconds, groups } = read.value;
  return seconds !== undefined && groups !== undefined
    ? err({ code: 'conflicting-options', options: ['seconds', 'groups'] })
    : ok(read.value);
}

function overridesOf({ driver: by, seconds, groups, ...rest }: Told): StormOverrides {
  const { devices, pasids, workers, rate, quirks, processes } = rest;
  const given = { devices, pasids, workers, rate, quirks, processes };
  const end =
    groups !== undefined
      ? { kind: 'groups', groups }
      : seconds !== undefined
        ? { kind: 'duration', durationSeconds: seconds }
        : undefined;
  const named = typeof by === 'string' ? by : by?.name;
  const fields = Object.entries({ ...given, end, driver: named });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}
