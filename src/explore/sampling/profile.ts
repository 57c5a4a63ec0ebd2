/**
 * Profile: what a few random walks say of a world: how long walks are, who has how many events of which set.
 */

import type { Model } from '../model.ts';
import type { World } from '../world.ts';
import { randomWalk } from './random-walk.ts';
import type { EventSet, Profile, Strategy } from './strategy.ts';
import { walkPrng } from './walk-prng.ts';
import type { Walker } from './walker.ts';

const WALKS = 16;

/** @throws Refused */
export function profileOf(
  world: World,
  { cells, choices }: Model,
  walker: Walker,
  seed: number,
  walkStepsMax: number,
): Profile {
  const { all } = cells.slots;
  const actorOf = Int32Array.from(choices, ({ slot }) => slot.number);
  const objects = world.parts.filter(({ role }) => role === 'object');
  // Without a word from the world, each kind of object is what races may be about.
  const sets = (world.eventSets ?? objects.map(({ kind }) => [kind.name])).map((names) =>
    all.filter(({ part }) => names.includes(part.kind.name)).map(({ number }) => number),
  );
  const counts = sets.map(() => new Int32Array(all.length));
  const strategy: Strategy = randomWalk();
  let stepsMax = 1;

  for (let walk = 0; walk < WALKS; walk += 1) {
    strategy.begin(walkPrng(seed, -1 - walk), walk);
    walker.restart();
    for (let step = 0; step < walkStepsMax; step += 1) {
      walker.look();
      if (walker.openCount() === 0) break;
      const choice = strategy.choose(walker, step);
      const actor = actorOf[choice] as number; // every choice has an actor
      for (const [set, events] of counts.entries()) {
        if (walker.touches(choice, sets[set] ?? [])) events[actor] = (events[actor] as number) + 1; // as above
      }
      walker.take(choice);
      stepsMax = Math.max(stepsMax, step + 1);
    }
  }
  const eventSets: EventSet[] = sets.map((slots, set) => ({
    slots,
    events: (counts[set] ?? new Int32Array(all.length)).map((count) => Math.ceil(count / WALKS)),
  }));
  return { actorOf, slots: all.length, stepsMax, eventSets };
}
