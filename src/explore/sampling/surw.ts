/**
 * SURW: a selectively uniform random walk: every order of the events of one set is about as likely as every other,
 * whatever the rest does in between.
 *
 * Source: Zhao, Wolff, Mathur, Roychoudhury, "Selectively uniform concurrency testing", ASPLOS 2025. How many events
 *         of the set an actor has is the profile's mean, not known; the world's event sets take turns.
 *
 * Who takes the next event of the set is drawn first, by how many each has left; whoever else comes to one waits.
 * So a set is good when its events don't wait for one another (the life of a handle), and bad when they do (a ring's
 * producer and its consumer): while the one who was drawn can't go on, all that is not of the set comes first.
 */
import { type Prng, prng } from '../../core/prng.ts';
import type { EventSet, Profile, Strategy } from './strategy.ts';
import type { Walker } from './walker.ts';

export function surw({ actorOf, slots, eventSets }: Profile): Strategy {
  let chance: Prng = prng(0);
  let set: EventSet = { slots: [], events: new Int32Array(slots) };
  let intended = 0;
  const left = new Int32Array(slots);
  const free: number[] = [];

  /** The actor of the next event of the set; any, when none is known to have one left. */
  const draw = (): number => {
    let total = 0;
    for (let slot = 0; slot < slots; slot += 1) total += left[slot] as number; // slot < slots
    if (total === 0) return chance.below(slots);
    let at = chance.below(total);
    for (let slot = 0; slot < slots; slot += 1) {
      at -= left[slot] as number; // slot < slots
      if (at < 0) return slot;
    }
    return slots - 1;
  };
  const taken = (walker: Walker, choice: number): number => {
    if (walker.touches(choice, set.slots)) {
      const actor = actorOf[choice] as number; // every choice has an actor
      left[actor] = Math.max(0, (left[actor] as number) - 1); // actors are slots
      intended = draw();
    }
    return choice;
  };

  return {
    begin: (given, iteration) => {
      chance = given;
      set = eventSets[iteration % Math.max(1, eventSets.length)] ?? set;
      left.set(set.events);
      intended = draw();
    },
    choose: (walker) => {
      free.length = 0;
      for (let index = 0; index < walker.openCount(); index += 1) {
        const choice = walker.open[index] as number; // index < openCount
        if (actorOf[choice] === intended || !walker.touches(choice, set.slots)) free.push(choice);
      }
      const among = free.length > 0 ? free.length : walker.openCount();
      const at = chance.below(among);
      const choice = free.length > 0 ? free[at] : walker.open[at];
      return taken(walker, choice as number); // at < among
    },
  };
}
