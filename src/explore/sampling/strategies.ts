/**
 * Strategies by name, and the portfolio, in which several take turns walk by walk: none is the best everywhere, and
 * of those that take turns the worst case is far better than of any alone (measured, docs/time-to-bug.md).
 */
import { invariant } from '../../core/invariant.ts';
import { delayBounded } from './delay-bounded.ts';
import { pct } from './pct.ts';
import { pos } from './pos.ts';
import { randomWalk } from './random-walk.ts';
import type { Profile, Strategy } from './strategy.ts';
import { surw } from './surw.ts';

/** Walks, one after the other. */
export const WALK_STRATEGIES = ['portfolio', 'random', 'surw', 'delay', 'pct', 'pos'] as const;
export type StrategyName = (typeof WALK_STRATEGIES)[number];

const PCT_DEPTH = 3;
const DELAYS_FEW = 2;
const DELAYS_MORE = 5;

export function strategyOf(name: StrategyName, profile: Profile): Strategy {
  switch (name) {
    case 'random':
      return randomWalk();
    case 'surw':
      return surw(profile);
    case 'delay':
      return delays(profile);
    case 'pct':
      return pct(PCT_DEPTH, profile);
    case 'pos':
      return pos(profile);
    case 'portfolio':
      return inTurns([surw(profile), delays(profile), pct(PCT_DEPTH, profile), pos(profile)]);
  }
}

const delays = (profile: Profile): Strategy =>
  inTurns([delayBounded(DELAYS_FEW, profile), delayBounded(DELAYS_MORE, profile)]);

/** One after the other, a walk each; what turns by itself is told rounds. */
function inTurns(strategies: readonly Strategy[]): Strategy {
  let current: Strategy | undefined;
  return {
    begin: (chance, iteration) => {
      current = strategies[iteration % strategies.length];
      current?.begin(chance, Math.floor(iteration / strategies.length));
    },
    choose: (walker, step) => {
      invariant(current !== undefined, 'a walk goes on that never began');
      return current.choose(walker, step);
    },
  };
}
