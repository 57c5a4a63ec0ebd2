/**
 * Bug row: how far to the bug of one race, for breadth-first search and for every way to walk.
 *
 * Method: each way walks with fifty seeds until the race's property is broken; what counts is the median number of
 *         walks, the last one included, and of steps in all of them. Nothing depends on a clock.
 *
 * Policy: a way that half of the seeds were no good for has no median: it needs more walks than were taken.
 */
import { driverWith } from '../../src/actors/drivers.ts';
import { invariant } from '../../src/core/invariant.ts';
import { modelOf } from '../../src/explore/model.ts';
import { samplingOf } from '../../src/explore/sampling/sampling.ts';
import type { StrategyName } from '../../src/explore/sampling/strategies.ts';
import { explore } from '../../src/explore/search.ts';
import type { World } from '../../src/explore/world.ts';
import { RACES } from '../../src/scenarios/races/catalogue.ts';
import type { Experiment } from '../../src/scenarios/races/race.ts';

/** Seeds are 1 to this. */
export const SEEDS = 50;
/** With one seed. */
export const WALKS_MAX = 2000;

/** One experiment of a race whose quirks break something. */
export type Bug = {
  readonly race: string;
  /** Place in the race's list of experiments. */
  readonly place: number;
  readonly property: string;
  readonly experiment: Experiment;
};

export type Walked = { readonly walks: number; readonly steps: number };

export type BugRow = {
  readonly bug: Bug;
  /** Stored until it was found, and the steps of the shortest way. */
  readonly search: { readonly states: number; readonly steps: number };
  /**
   * By strategy; undefined: more than {@link WALKS_MAX} walks. `goal`: that something can no longer be reached is known
   * only of a whole space, so no walk shows it.
   */
  readonly walked: 'goal' | Readonly<Record<StrategyName, Walked | undefined>>;
};

/** Every experiment that breaks something, in the order of the catalogue. */
export const bugs: readonly Bug[] = RACES.flatMap((race) =>
  race.status !== 'modelled'
    ? []
    : race.experiments.flatMap((experiment, place): Bug[] => {
        const { expects } = experiment;
        if (expects.kind !== 'breaks') return [];
        return [{ race: race.id, place, property: expects.property, experiment }];
      }),
);

/** How a bug is called in the table: the race, and which of its bugs when it has several. */
export function bugName({ race, place }: Bug): string {
  const count = bugs.filter((other) => other.race === race).length;
  return count === 1 ? race : `${race}.${place + 1}`;
}

export function bugRow(bug: Bug): BugRow {
  const world = worldOf(bug);
  const explored = explore(world, { properties: [bug.property], mayDeadlock: true });
  invariant(explored.ok && explored.value.kind === 'violated', `${bugName(bug)} is not found`);
  const { states, trace, violation } = explored.value;
  const isGoal = world.goals?.some(({ sentence }) => sentence === violation.sentence) ?? false;
  const walking = walkingTo(bug);
  return {
    bug,
    search: { states, steps: trace.length },
    walked: isGoal
      ? 'goal'
      : {
          random: walking('random'),
          surw: walking('surw'),
          delay: walking('delay'),
          pct: walking('pct'),
          pos: walking('pos'),
          portfolio: walking('portfolio'),
        },
  };
}

function worldOf({ experiment: { scenario, driver, quirks } }: Bug): World {
  const found = driverWith(driver, quirks);
  invariant(found.ok, `there is no ${driver} with ${quirks.join(', ')}`);
  return scenario.world(found.value);
}

/** Walks by any strategy. The model is shared: what it has filled for one walk is known to the next. */
export function walkingTo(bug: Bug): (strategy: StrategyName) => Walked | undefined {
  const world = worldOf(bug);
  const model = modelOf(world);
  return (strategy) => {
    const found: Walked[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const sampling = samplingOf(world, model, {
        strategy,
        seed,
        iterations: WALKS_MAX,
        properties: [bug.property],
        mayDeadlock: true,
      });
      const outcome = sampling.advance(Number.POSITIVE_INFINITY);
      invariant(outcome.ok && outcome.value !== undefined, 'walks end');
      const { kind, walks, steps } = outcome.value;
      if (kind === 'violated') found.push({ walks, steps });
      // Whatever the seeds that are left come to, the median is not known.
      if (2 * (seed - found.length) > SEEDS) return undefined;
    }
    const middle = (of: (walked: Walked) => number): number =>
      found.map(of).sort((a, b) => a - b)[Math.floor((SEEDS - 1) / 2)] ?? Number.NaN;
    return { walks: middle(({ walks }) => walks), steps: middle(({ steps }) => steps) };
  };
}
