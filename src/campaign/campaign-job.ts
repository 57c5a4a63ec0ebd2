/**
 * Campaign job: one search, one series of walks or one storm, as plain data that may cross to any host.
 *
 * A job is named by what it says and by the version of the model that is to do it, so doing it twice is doing it once.
 * Whatever arrives from a file or from another host is checked here before anybody acts on it.
 */
import { err, ok, type Result } from '../core/result.ts';
import {
  exactly,
  type FieldCheck,
  fieldName,
  listOf,
  oneOf,
  optionalField,
  printable,
  record,
  sealedRecord,
  textUpTo,
  wholeNumber,
} from '../scenarios/field-check.ts';
import { isDataTooDeep } from '../scenarios/nesting.ts';
import type { DriverDefinition } from '../scenarios/own/own-driver.ts';
import { checkDefinition } from '../scenarios/own/told-driver.ts';
import {
  STORM_PROFILE_CHECKS,
  STORM_PROFILE_DEFAULTS,
  type StormProfile,
} from '../scenarios/storm-profile.ts';
import { contentHash } from './content-hash.ts';

export const SEARCHES = ['bfs', 'dfs'] as const;
export const WALKS = ['portfolio', 'random', 'surw', 'delay', 'pct', 'pos'] as const;
export const STRATEGIES = [...SEARCHES, ...WALKS] as const;
export const REDUCTIONS = ['none', 'symmetry', 'por'] as const;

const SEED_MAX = 2 ** 32 - 1;
const COUNT_MAX = 2 ** 31;
const NAME_MAX = 200;
const NAMES_MAX = 200;

type Named = {
  readonly scenario: string;
  /** Undefined for a world that runs no driver's lists. */
  readonly driver: string | undefined;
  /** Of a user's own driver: what it is, so that a host needs nothing but the job. */
  readonly definition?: DriverDefinition | undefined;
  readonly quirks: readonly string[];
  /** Undefined: every one. */
  readonly properties: readonly string[] | undefined;
  readonly depthMax: number | undefined;
};

/** Every state a world can reach, up to a limit. */
export type SearchJob = Named & {
  readonly kind: 'search';
  readonly strategy: (typeof SEARCHES)[number];
  readonly reduction: (typeof REDUCTIONS)[number];
  readonly statesMax: number;
};

/** Walks by chance, from one seed. */
export type WalksJob = Named & {
  readonly kind: 'walks';
  readonly strategy: (typeof WALKS)[number];
  readonly seed: number;
  readonly walks: number;
};

/** A storm of one seed; `processes` are names of bundled recordings, which every host has. */
export type StormJob = {
  readonly kind: 'storm';
  readonly seed: number;
  /** Its driver is the one that a user's own is like, where there is a definition. */
  readonly profile: StormProfile;
  readonly definition?: DriverDefinition | undefined;
};

export type CampaignJob = SearchJob | WalksJob | StormJob;

/** Jobs of one key are the same job. */
export const jobKey = (job: CampaignJob, model: string): string => contentHash({ job, model });

/** A job in a few words. */
export function jobLabel(job: CampaignJob): string {
  switch (job.kind) {
    case 'search':
      return `${named(job)} ${job.strategy}`;
    case 'walks':
      return `${named(job)} ${job.strategy} seed ${job.seed}`;
    case 'storm':
      return `storm ${job.profile.name} ${driverNameOf(job)}${plus(job.profile.quirks)} seed ${job.seed}`;
  }
}

export const driverNameOf = ({ definition, profile }: StormJob): string =>
  definition?.name ?? profile.driver;

const named = ({ scenario, driver, quirks }: Named): string =>
  `${scenario}${driver === undefined ? '' : ` ${driver}`}${plus(quirks)}`;

const plus = (quirks: readonly string[]): string => quirks.map((quirk) => ` +${quirk}`).join('');

const name = textUpTo(NAME_MAX);
const seed = wholeNumber(0, SEED_MAX);
const count = wholeNumber(1, COUNT_MAX);

const NAMED = {
  scenario: name,
  driver: optionalField(name),
  definition: optionalField(checkDefinition),
  quirks: listOf(name, NAMES_MAX),
  properties: optionalField(listOf(name, NAMES_MAX)),
  depthMax: optionalField(count),
};

const checks: Readonly<Record<CampaignJob['kind'], FieldCheck<CampaignJob>>> = {
  search: sealedRecord<SearchJob>({
    kind: exactly('search'),
    ...NAMED,
    strategy: oneOf(SEARCHES),
    reduction: oneOf(REDUCTIONS),
    statesMax: count,
  }),
  walks: sealedRecord<WalksJob>({
    kind: exactly('walks'),
    ...NAMED,
    strategy: oneOf(WALKS),
    seed,
    walks: count,
  }),
  storm: sealedRecord<StormJob>({
    kind: exactly('storm'),
    seed,
    profile: sealedRecord<StormProfile>(STORM_PROFILE_CHECKS, STORM_PROFILE_DEFAULTS),
    definition: optionalField(checkDefinition),
  }),
};

const checkKind = record<{ readonly kind: CampaignJob['kind'] }>({
  kind: oneOf(['search', 'walks', 'storm']),
});

export const checkJob: FieldCheck<CampaignJob> = (value, path) => {
  const read = checkKind(value, path);
  return read.ok ? checks[read.value.kind](value, path) : read;
};

/** What one host hands another: a job, its key, and what the key was made with. */
export type SentJob = {
  readonly key: string;
  readonly model: string;
  /** A job that takes longer is given up. */
  readonly secondsMax: number;
  readonly job: CampaignJob;
};

const checkSent = sealedRecord<SentJob>({
  key: name,
  model: name,
  secondsMax: wholeNumber(1, COUNT_MAX),
  job: checkJob,
});

/** An error is one sentence: what another host sent is no mistake of a user's file. */
export function readSentJob(value: unknown, model: string): Result<SentJob, string> {
  if (isDataTooDeep(value)) return err('not a job: it is nested too deep');
  const checked = checkSent(value, []);
  if (!checked.ok) return err(`not a job: ${fieldName(checked.error.path)} is not what it must be`);
  const sent = checked.value;
  if (sent.model !== model) {
    return err(`a job of model ${printable(sent.model)}, and this is ${model}`);
  }
  if (sent.key !== jobKey(sent.job, model)) return err('a job under the name of another');
  return ok(sent);
}
