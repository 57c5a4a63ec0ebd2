/** The options of `explore`: one row each, what it does to the arguments read so far. */
import { WALK_STRATEGIES } from '../explore/sampling/strategies.ts';
import type { ExplorationPlan } from '../scenarios/exploration.ts';
import { numberWithin, oneOf, satisfying, wholeNumber } from '../scenarios/field-check.ts';
import { checkedBy, flag, type OptionTable, text } from './option-table.ts';
import { parseCount, parseDuration, parseSeed, seedCheck } from './option-value.ts';

/** Every reachable state, in one order or the other. */
export const SEARCH_STRATEGIES = ['bfs', 'dfs'] as const;
const STRATEGIES = [...SEARCH_STRATEGIES, ...WALK_STRATEGIES];
/** Each with those before it: every state; alike ones once, where the world declares them; orders of like effect. */
const REDUCTIONS = ['none', 'symmetry', 'por'] as const;

const STATES_MAX = 2 ** 31;
const DEPTH_MAX = 1e9;
const SECONDS_MAX = 7 * 86_400;
const BYTES_MIN = 1e6;
const BYTES_MAX = 1e12;
const WORKERS_MAX = 16;

/** What options say, as far as they have been read; undefined: not said. */
export type ExploreOptions = {
  readonly driver: string | undefined;
  readonly quirks: readonly string[];
  readonly strategy: (typeof STRATEGIES)[number];
  readonly reduction: (typeof REDUCTIONS)[number];
  readonly workers: number;
  readonly statesMax: number | undefined;
  readonly depthMax: number | undefined;
  readonly walksMax: number | undefined;
  readonly secondsMax: number | undefined;
  readonly bytesMax: number | undefined;
  /** Folder for the states that memory has no room for. */
  readonly diskFolder: string | undefined;
  readonly properties: readonly string[];
  /** File to write the trace to. */
  readonly trace: string | undefined;
  /** File to write counts of transitions to. */
  readonly coverage: string | undefined;
  /** File to write a page of it to. */
  readonly report: string | undefined;
  readonly seed: number | undefined;
  /** The trace of a walk is told as it was found. */
  readonly asFound: boolean;
  readonly twice: boolean;
  readonly json: boolean;
};

/** What an exploration is run with, once names and numbers are known to be good. */
export type ExplorePlan = ExplorationPlan & {
  readonly options: ExploreOptions;
  /** Modules that were loaded for it. */
  readonly files: readonly string[];
};

export const EXPLORE_DEFAULTS: ExploreOptions = {
  driver: undefined,
  quirks: [],
  strategy: 'bfs',
  reduction: 'symmetry',
  workers: 1,
  statesMax: undefined,
  depthMax: undefined,
  walksMax: undefined,
  secondsMax: undefined,
  bytesMax: undefined,
  diskFolder: undefined,
  properties: [],
  trace: undefined,
  coverage: undefined,
  report: undefined,
  seed: undefined,
  asFound: false,
  twice: false,
  json: false,
};

/** A mistyped one would be violated by nothing, and the world be called clean. */
const property = satisfying(
  "one of S1 to S26, L1 to L9, deadlock, unexpected, or a kebab-case word of a scenario's own",
  (value): value is string =>
    typeof value === 'string' && /^(S([1-9]|1\d|2[0-6])|L[1-9]|[a-z]\w*(-\w+)*)$/.test(value),
);

const asTyped = (value: string): string => value;

export const EXPLORE_OPTIONS: OptionTable<ExploreOptions> = {
  '--driver': text((options, driver) => ({ ...options, driver })),
  '--quirk': text((options, quirk) => ({ ...options, quirks: [...options.quirks, quirk] })),
  '--strategy': checkedBy(asTyped, oneOf(STRATEGIES), (options, strategy) => ({
    ...options,
    strategy,
  })),
  '--reduction': checkedBy(asTyped, oneOf(REDUCTIONS), (options, reduction) => ({
    ...options,
    reduction,
  })),
  '--workers': checkedBy(parseCount, wholeNumber(1, WORKERS_MAX), (options, workers) => ({
    ...options,
    workers,
  })),
  '--max-states': checkedBy(parseCount, wholeNumber(1, STATES_MAX), (options, statesMax) => ({
    ...options,
    statesMax,
  })),
  '--max-depth': checkedBy(parseCount, wholeNumber(1, DEPTH_MAX), (options, depthMax) => ({
    ...options,
    depthMax,
  })),
  '--max-walks': checkedBy(parseCount, wholeNumber(1, DEPTH_MAX), (options, walksMax) => ({
    ...options,
    walksMax,
  })),
  '--max-time': checkedBy(
    parseDuration,
    numberWithin(0.001, SECONDS_MAX),
    (options, secondsMax) => ({ ...options, secondsMax }),
    ' seconds, such as 500ms, 60s or 10m',
  ),
  '--max-memory': checkedBy(
    parseCount,
    numberWithin(BYTES_MIN, BYTES_MAX),
    (options, bytesMax) => ({ ...options, bytesMax }),
    ' bytes, such as 500M or 2G',
  ),
  '--disk': text((options, diskFolder) => ({ ...options, diskFolder })),
  '--property': checkedBy(asTyped, property, (options, id) => ({
    ...options,
    properties: [...options.properties, id],
  })),
  '--trace': text((options, trace) => ({ ...options, trace })),
  '--coverage': text((options, coverage) => ({ ...options, coverage })),
  '--report': text((options, report) => ({ ...options, report })),
  '--seed': checkedBy(parseSeed, seedCheck, (options, seed) => ({ ...options, seed })),
  '--as-found': flag((options) => ({ ...options, asFound: true })),
  '--twice': flag((options) => ({ ...options, twice: true })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};
