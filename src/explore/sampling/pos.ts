/**
 * POS: every open choice has a priority drawn by chance and keeps it until it is taken, or something it races with
 * is.
 *
 * Source: Yuan, Yang, Gu, "Partial order aware concurrency sampling", CAV 2018. A race is seen, not declared: one of
 *         two open choices changes what the other looks at.
 */
import { type Prng, prng } from '../../core/prng.ts';
import type { Profile, Strategy } from './strategy.ts';

const NONE = -1;

export function pos({ actorOf }: Profile): Strategy {
  let chance: Prng = prng(0);
  const priority = new Float64Array(actorOf.length).fill(NONE);

  return {
    begin: (given) => {
      chance = given;
      priority.fill(NONE);
    },
    choose: (walker) => {
      let chosen = NONE;
      for (let index = 0; index < walker.openCount(); index += 1) {
        const choice = walker.open[index] as number; // index < openCount
        if (priority[choice] === NONE) priority[choice] = chance.next();
        const isHigher =
          chosen === NONE || (priority[choice] as number) > (priority[chosen] as number); // choices have priorities
        if (isHigher) chosen = choice;
      }
      for (let index = 0; index < walker.openCount(); index += 1) {
        const choice = walker.open[index] as number; // index < openCount
        if (choice === chosen || walker.race(chosen, choice)) priority[choice] = NONE;
      }
      return chosen;
    },
  };
}
