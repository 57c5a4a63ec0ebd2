/**
 * Delay-bounded walk: actors take turns in a fixed order, each until it can't go on; a few delays, at steps drawn by
 * chance, end a turn early.
 *
 * Source: Emmi, Qadeer, Rakamaric, "Delay-bounded scheduling", POPL 2011; here the delays are drawn, and so is the
 *         order: of two orders, one may need many delays for what the other does with one.
 */
import { type Prng, prng } from '../../core/prng.ts';
import { shuffle } from './shuffle.ts';
import { anyOf, type Profile, type Strategy } from './strategy.ts';

export function delayBounded(delays: number, profile: Profile): Strategy {
  const { actorOf, slots, stepsMax } = profile;
  let chance: Prng = prng(0);
  /** Whose turn it is, by place, and every actor's place. */
  let turn = 0;
  const placeOf = new Int32Array(slots);
  const due = new Set<number>();

  return {
    begin: (given) => {
      chance = given;
      turn = 0;
      shuffle(placeOf, chance);
      due.clear();
      for (let delay = 0; delay < delays; delay += 1) due.add(chance.below(stepsMax));
    },
    choose: (walker, step) => {
      if (due.has(step)) turn = (turn + 1) % slots;
      // The actor with an open choice whose place comes first from `turn` on.
      let nearest = slots;
      let chosen = 0;
      for (let index = 0; index < walker.openCount(); index += 1) {
        const actor = actorOf[walker.open[index] as number] as number; // index < openCount
        const distance = ((placeOf[actor] as number) - turn + slots) % slots; // actors are slots
        if (distance >= nearest) continue;
        nearest = distance;
        chosen = actor;
      }
      turn = (turn + nearest) % slots;
      return anyOf(walker, profile, chosen, chance);
    },
  };
}
