/**
 * PCT: actors have priorities drawn by chance, the highest that can go on does; at a few steps drawn by chance the
 * one that would go on falls below all others.
 *
 * Source: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic guarantees of
 *         finding bugs", ASPLOS 2010. The length of a walk is the profile's, not known.
 */
import { type Prng, prng } from '../../core/prng.ts';
import { shuffle } from './shuffle.ts';
import { anyOf, type Profile, type Strategy } from './strategy.ts';

/** `depth` is the number of orderings a bug needs; there are that many changes of priority, less one. */
export function pct(depth: number, profile: Profile): Strategy {
  const { actorOf, slots, stepsMax } = profile;
  let chance: Prng = prng(0);
  const priority = new Int32Array(slots);
  /** Priority an actor falls to, by step. */
  const changes = new Map<number, number>();

  const highest = (walker: Parameters<Strategy['choose']>[0]): number => {
    let best = -1;
    for (let index = 0; index < walker.openCount(); index += 1) {
      const actor = actorOf[walker.open[index] as number] as number; // index < openCount
      if (best < 0 || (priority[actor] as number) > (priority[best] as number)) best = actor; // actors are slots
    }
    return best;
  };

  return {
    begin: (given) => {
      chance = given;
      shuffle(priority, chance);
      // The first priorities lie above those that changes give.
      for (let slot = 0; slot < slots; slot += 1)
        priority[slot] = depth + (priority[slot] as number); // slot < slots
      changes.clear();
      for (let change = 1; change < depth; change += 1) {
        changes.set(chance.below(stepsMax), depth - change);
      }
    },
    choose: (walker, step) => {
      const low = changes.get(step);
      if (low !== undefined) priority[highest(walker)] = low;
      return anyOf(walker, profile, highest(walker), chance);
    },
  };
}
