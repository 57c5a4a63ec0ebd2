/**
 * Explore: a search or walks through a scenario, from a program.
 */
import { err, ok, type Result } from '../core/result.ts';
import { refusalSentence } from '../explore/refusal.ts';
import { WALK_STRATEGIES } from '../explore/sampling/strategies.ts';
import { type BadInput, badInputAt, type Place } from '../scenarios/bad-input.ts';
import { type ExplorationPlan, explored } from '../scenarios/exploration.ts';
import { EXPLORE_SCENARIOS } from '../scenarios/explore/scenarios.ts';
import { type ExploreResult, exploreJson } from '../scenarios/explore-json.ts';
import {
  listOf,
  numberWithin,
  oneOf,
  optionalField,
  printable,
  sealedRecord,
  textUpTo,
  wholeNumber,
} from '../scenarios/field-check.ts';
import { foundScenario, unseenProperty } from '../scenarios/found-scenario.ts';
import { OwnDriver } from '../scenarios/own/own-driver.ts';
import { OwnScenario } from '../scenarios/own/own-scenario.ts';
import { expectGood, StormdrainError } from '../scenarios/stormdrain-error.ts';
import { ofDriver, ofScenario, ofSignal } from './handed-over.ts';
import { drawSeed, knownWith, NEVER_ABORTED, now } from './this-process.ts';

const STRATEGIES = ['bfs', 'dfs', ...WALK_STRATEGIES] as const;
const REDUCTIONS = ['none', 'symmetry', 'por'] as const;

/** As the options of `stormdrain explore`; what is left out is as it is there. */
export type ExploreOptions = {
  /** One of your own, or a bundled one by name. */
  readonly driver?: OwnDriver | string;
  /** Known defects to switch on, by id. */
  readonly quirks?: readonly string[];
  /** Judge only these. */
  readonly properties?: readonly string[];
  readonly strategy?: (typeof STRATEGIES)[number];
  readonly reduction?: (typeof REDUCTIONS)[number];
  /** Threads of a search. */
  readonly workers?: number;
  readonly maxStates?: number;
  readonly maxDepth?: number;
  readonly maxBytes?: number;
  readonly maxWalks?: number;
  readonly maxSeconds?: number;
  /** Of walks; drawn unless given. */
  readonly seed?: number;
  /** Ends it early; the result then says `limit: 'interrupted'`. */
  readonly signal?: AbortSignal;
};

type Told = { readonly [Field in keyof Required<ExploreOptions>]: ExploreOptions[Field] };

const NAMES_MAX = 100;
const NUMBER_MAX = 2 ** 53 - 1;
const SECONDS_MAX = 7 * 86_400;
const SEED_MAX = 2 ** 32 - 1;
const WORKERS_MAX = 16;

const name = textUpTo(NAMES_MAX);
const names = optionalField(listOf(name, NAMES_MAX));
const limit = optionalField(wholeNumber(1, NUMBER_MAX));

const told = sealedRecord<Told>({
  driver: optionalField(ofDriver),
  quirks: names,
  properties: names,
  strategy: optionalField(oneOf(STRATEGIES)),
  reduction: optionalField(oneOf(REDUCTIONS)),
  workers: optionalField(wholeNumber(1, WORKERS_MAX)),
  maxStates: limit,
  maxDepth: limit,
  maxBytes: limit,
  maxWalks: limit,
  maxSeconds: optionalField(numberWithin(0, SECONDS_MAX)),
  seed: optionalField(wholeNumber(0, SEED_MAX)),
  signal: optionalField(ofSignal),
});

/**
 * Explores one of your own scenarios, or a bundled one by name. The result is what `stormdrain explore --json` prints.
 *
 * @throws StormdrainError for a bad option, and for a scenario whose machines can't be explored.
 */
export async function explore(
  scenario: OwnScenario | string,
  options: ExploreOptions = {},
): Promise<ExploreResult> {
  const { plan, signal: ended = NEVER_ABORTED } = expectGood(planned(scenario, options));
  const ran = await explored(plan, { now, signal: ended, update: () => {} });
  if (ran.ok) return exploreJson(plan, ran.value);
  const { name: of } = plan.found.scenario;
  throw new StormdrainError(
    'refused',
    `${of} can't be explored: ${refusalSentence(ran.error)}; see docs/library.md, "Machines of your own"`,
  );
}

const placeOf = (scenario: string): Place => ({
  kind: 'options of explore',
  file: printable(scenario),
  line: undefined,
});

type Planned = { readonly plan: ExplorationPlan; readonly signal: AbortSignal | undefined };

function planned(
  scenario: OwnScenario | string,
  options: ExploreOptions,
): Result<Planned, BadInput> {
  const asked = ofScenario(scenario, ['scenario']);
  if (!asked.ok) return err(badInputAt(asked.error, placeOf('')));
  const own = scenario instanceof OwnScenario ? scenario.scenario : undefined;
  const of = typeof scenario === 'string' ? scenario : scenario.scenario.name;
  const place = placeOf(of);
  const read = told(options, []);
  if (!read.ok) return err(badInputAt(read.error, place));
  const { driver: by, quirks = [], properties = [], strategy = 'bfs', ...rest } = read.value;
  const scenarios = own === undefined ? EXPLORE_SCENARIOS : [own];
  const found = foundScenario(
    { scenario: of, driver: typeof by === 'string' ? by : by?.name, quirks },
    scenarios,
    knownWith(by instanceof OwnDriver ? [by] : []),
  );
  if (!found.ok) return found;
  const unseen = unseenProperty(found.value, properties, scenarios);
  if (unseen !== undefined) return err(unseen);
  return ok({
    signal: rest.signal,
    plan: {
      found: found.value,
      options: {
        reduction: rest.reduction ?? 'symmetry',
        workers: rest.workers ?? 1,
        statesMax: rest.maxStates,
        depthMax: rest.maxDepth,
        bytesMax: rest.maxBytes,
        disk: undefined,
        walksMax: rest.maxWalks,
        secondsMax: rest.maxSeconds,
        properties,
        twice: false,
        counting: false,
        asFound: false,
      },
      course:
        strategy === 'bfs' || strategy === 'dfs'
          ? { kind: 'search', order: strategy }
          : { kind: 'sampling', strategy, seed: rest.seed ?? drawSeed() },
    },
  });
}
