/**
 * Campaign matrix: the lists of a campaign, crossed into jobs.
 */
import { driversOf, type ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import type { DriverDefinition } from '../scenarios/own/own-driver.ts';
import type { StormProfile } from '../scenarios/storm-profile.ts';
import {
  type ExplorationEntry,
  isWalk,
  type Seeds,
  type StormEntry,
} from './campaign-description.ts';
import type { CampaignFile, OwnDrivers } from './campaign-file.ts';
import type { CampaignJob } from './campaign-job.ts';

/** More are no campaign but a mistake in a seed. */
export const JOBS_MAX = 100_000;

/**
 * In the order of the file, each once. `seedFirst` is where seeds begin that the file gives no beginning. Ends early
 * once there are more than `JOBS_MAX`.
 */
export function campaignJobs(
  { description, profiles, own }: CampaignFile,
  scenarios: readonly ExploreScenario[],
  seedFirst: number,
): readonly CampaignJob[] {
  const jobs = new Map<string, CampaignJob>();
  const add = (all: Iterable<CampaignJob>): void => {
    for (const job of all) {
      if (jobs.size > JOBS_MAX) return;
      // Jobs of one kind are made in one place, so those that are alike read alike.
      jobs.set(JSON.stringify(job), job);
    }
  };
  for (const entry of description.explorations) add(explorations(entry, scenarios, own, seedFirst));
  for (const entry of description.storms) add(storms(entry, profiles, own, seedFirst));
  return [...jobs.values()];
}

/** A driver, and its definition where it is a user's own. */
type Crossed = { readonly driver: string; readonly definition?: DriverDefinition };

/** Those of the entry that the world can run; its own standard where the entry names none. */
function crossedDrivers(
  world: ExploreScenario,
  { drivers }: Pick<ExplorationEntry, 'drivers'>,
  own: OwnDrivers,
): readonly Crossed[] {
  const runs = driversOf(world);
  if (drivers === undefined) return runs.slice(0, 1).map((driver) => ({ driver }));
  return drivers
    .filter((named) => runs.includes(own.get(named)?.like ?? named))
    .map((named) => crossed(named, own));
}

function crossed(named: string, own: OwnDrivers): Crossed {
  const found = own.get(named);
  return found === undefined
    ? { driver: named }
    : { driver: found.name, definition: found.definition };
}

/** Of a world that runs no driver's lists. */
const NO_DRIVER = { driver: undefined };

function* explorations(
  entry: ExplorationEntry,
  scenarios: readonly ExploreScenario[],
  own: OwnDrivers,
  seedFirst: number,
): Generator<CampaignJob> {
  const { statesMax, depthMax, properties, reduction, walks } = entry;
  const chosen = scenarios.filter(
    ({ name }) => entry.scenarios === 'all' || entry.scenarios.includes(name),
  );
  for (const world of chosen) {
    const scenario = world.name;
    const [standard] = driversOf(world);
    // A world that runs no driver's lists is the same for every driver and every quirk.
    const sets = standard === undefined ? [[]] : (entry.quirks ?? [[]]);
    const drivers = standard === undefined ? [NO_DRIVER] : crossedDrivers(world, entry, own);
    for (const driver of drivers) {
      for (const quirks of sets) {
        const named = { scenario, ...driver, quirks, properties, depthMax };
        for (const strategy of entry.strategies) {
          if (!isWalk(strategy)) {
            yield { kind: 'search', ...named, strategy, reduction, statesMax };
            continue;
          }
          for (const seed of seedsOf(entry.seeds, seedFirst)) {
            yield { kind: 'walks', ...named, strategy, seed, walks };
          }
        }
      }
    }
  }
}

function* storms(
  entry: StormEntry,
  profiles: ReadonlyMap<string, StormProfile>,
  own: OwnDrivers,
  seedFirst: number,
): Generator<CampaignJob> {
  for (const name of entry.profiles) {
    const profile = profiles.get(name);
    if (profile === undefined) continue;
    for (const named of entry.drivers ?? [profile.driver]) {
      const { driver, definition } = crossed(named, own);
      const kept = definition === undefined ? {} : { definition };
      for (const quirks of entry.quirks ?? [[]]) {
        const on = [...new Set([...profile.quirks, ...quirks])];
        // One profile for all seeds: a campaign may have a hundred thousand.
        const like = definition?.like ?? driver;
        const stormed = { ...profile, driver: like, quirks: on, ...load(entry) };
        for (const seed of seedsOf(entry.seeds, seedFirst)) {
          yield { kind: 'storm', seed, profile: stormed, ...kept };
        }
      }
    }
  }
}

/** How a storm ends, where the campaign says so. */
function load({ groups, durationSeconds }: StormEntry) {
  if (groups === undefined && durationSeconds === undefined) return {};
  return { groups, durationSeconds };
}

function* seedsOf(seeds: Seeds, seedFirst: number): Generator<number> {
  const { first, count } = typeof seeds === 'number' ? { first: seedFirst, count: seeds } : seeds;
  for (let index = 0; index < count; index += 1) yield (first + index) >>> 0;
}
