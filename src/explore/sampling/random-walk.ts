/** Random walk: every open choice is as likely as every other. */

import { type Prng, prng } from '../../core/prng.ts';
import { word } from '../../core/words.ts';
import type { Strategy } from './strategy.ts';

export function randomWalk(): Strategy {
  let chance: Prng = prng(0);
  return {
    begin: (given) => {
      chance = given;
    },
    choose: (walker) => word(walker.open, chance.below(walker.openCount())),
  };
}
