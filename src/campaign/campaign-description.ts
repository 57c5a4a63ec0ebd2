/**
 * A campaign description is what a campaign file says: lists to be crossed, and how far each job goes.
 *
 * Units: counts, unless a unit ends the name.
 */
import {
  badField,
  type FieldCheck,
  type FieldChecks,
  listOf,
  oneOf,
  optionalField,
  satisfying,
  sealedRecord,
  textUpTo,
  wholeNumber,
} from '../scenarios/field-check.ts';
import { STORM_PROFILE_CHECKS } from '../scenarios/storm-profile.ts';
import { REDUCTIONS, STRATEGIES, WALKS } from './campaign-job.ts';

const NAME_MAX = 4096;
const LIST_MAX = 1000;
const ENTRIES_MAX = 100;
const COUNT_MAX = 2 ** 31;
const SEED_MAX = 2 ** 32 - 1;
const SECONDS_MAX = 86_400;
const SEEDS_MAX = 1_000_000;

export type Seeds = number | { readonly first: number; readonly count: number };

export type ExplorationEntry = {
  readonly scenarios: readonly string[] | 'all';
  readonly drivers: readonly string[] | undefined;
  /** Sets of quirks, each crossed with everything else; undefined: none. */
  readonly quirks: readonly (readonly string[])[] | undefined;
  readonly strategies: readonly (typeof STRATEGIES)[number][];
  readonly reduction: (typeof REDUCTIONS)[number];
  /** Of walks; a search is the same for every seed. */
  readonly seeds: Seeds;
  /** Walks a seed. */
  readonly walks: number;
  readonly statesMax: number;
  readonly depthMax: number | undefined;
  readonly properties: readonly string[] | undefined;
};

export type StormEntry = {
  /** Bundled names, or files beside the campaign's. */
  readonly profiles: readonly string[];
  /** Undefined: the profile's own. */
  readonly drivers: readonly string[] | undefined;
  /** Switched on besides the profile's. */
  readonly quirks: readonly (readonly string[])[] | undefined;
  readonly seeds: Seeds;
  /** How much load; of both at most one, and without either the profile's own. */
  readonly groups: number | undefined;
  readonly durationSeconds: number | undefined;
};

export type CampaignDescription = {
  readonly name: string;
  /** A job that takes longer is given up and counts as failed. */
  readonly secondsMax: number;
  readonly explorations: readonly ExplorationEntry[];
  readonly storms: readonly StormEntry[];
};

const EXPLORATION_DEFAULTS: Omit<ExplorationEntry, 'scenarios'> = {
  drivers: undefined,
  quirks: undefined,
  strategies: ['bfs'],
  reduction: 'symmetry',
  seeds: 1,
  walks: 1000,
  statesMax: 5_000_000,
  depthMax: undefined,
  properties: undefined,
};

const STORM_DEFAULTS: Omit<StormEntry, 'profiles'> = {
  drivers: undefined,
  quirks: undefined,
  seeds: 1,
  groups: undefined,
  durationSeconds: undefined,
};

const names = listOf(textUpTo(NAME_MAX), LIST_MAX);
const count = wholeNumber(1, COUNT_MAX);

/** An empty list would be crossed to nothing, and the campaign would call that well. */
const notEmpty =
  <Value>(check: FieldCheck<readonly Value[]>): FieldCheck<readonly Value[]> =>
  (value, path) => {
    const checked = check(value, path);
    return checked.ok && checked.value.length === 0
      ? badField(path, 'a list of at least one', value)
      : checked;
  };

const quirkSets = listOf(
  satisfying(
    'a list of quirks, [] for none',
    (value): value is readonly string[] => names(value, []).ok,
  ),
  LIST_MAX,
);

const seedRange = sealedRecord({
  first: wholeNumber(0, SEED_MAX),
  count: wholeNumber(1, SEEDS_MAX),
});

const seeds: FieldCheck<Seeds> = (value, path) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? seedRange(value, path)
    : wholeNumber(1, SEEDS_MAX)(value, path);

const scenarios: FieldCheck<ExplorationEntry['scenarios']> = (value, path) =>
  value === 'all' ? { ok: true, value } : notEmpty(names)(value, path);

const explorationChecks: FieldChecks<ExplorationEntry> = {
  scenarios,
  drivers: optionalField(notEmpty(names)),
  quirks: optionalField(notEmpty(quirkSets)),
  strategies: notEmpty(listOf(oneOf(STRATEGIES), STRATEGIES.length)),
  reduction: oneOf(REDUCTIONS),
  seeds,
  walks: count,
  statesMax: count,
  depthMax: optionalField(count),
  properties: optionalField(notEmpty(names)),
};

const stormChecks: FieldChecks<StormEntry> = {
  profiles: notEmpty(names),
  drivers: optionalField(notEmpty(names)),
  quirks: optionalField(notEmpty(quirkSets)),
  seeds,
  groups: optionalField(STORM_PROFILE_CHECKS.groups),
  durationSeconds: optionalField(STORM_PROFILE_CHECKS.durationSeconds),
};

const SECONDS_DEFAULT = 900;

/** `name` is what a description without one is called. */
export const checkDescription = (name: string): FieldCheck<CampaignDescription> =>
  sealedRecord<CampaignDescription>(
    {
      name: satisfying(
        'a name of small letters, digits and hyphens, at most 40',
        (value): value is string => typeof value === 'string' && isCampaignName(value),
      ),
      secondsMax: wholeNumber(1, SECONDS_MAX),
      explorations: listOf(sealedRecord(explorationChecks, EXPLORATION_DEFAULTS), ENTRIES_MAX),
      storms: listOf(sealedRecord(stormChecks, STORM_DEFAULTS), ENTRIES_MAX),
    },
    { name, secondsMax: SECONDS_DEFAULT, explorations: [], storms: [] },
  );

/** It becomes the name of a folder and of a queue. */
export const isCampaignName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,39}$/.test(text);

export const isWalk = (strategy: string): strategy is (typeof WALKS)[number] =>
  WALKS.some((each) => each === strategy);
