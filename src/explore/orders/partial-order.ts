/**
 * Partial order: pairs of steps closed under going on, and what can be read off them.
 *
 * Steps are bits: a set of steps is a whole number.
 */
import { word } from '../../core/words.ts';
import type { Pair } from './order-ways.ts';

export type PartialOrder = {
  /** By step, all that come after it. */
  readonly after: Int32Array;
  has(pair: Pair): boolean;
  /** Pairs with nothing between them: the lines of a Hasse diagram. */
  covers(): readonly Pair[];
};

const STEP_BITS = 32;

export function partialOrder(steps: readonly number[], pairs: readonly Pair[]): PartialOrder {
  const after = new Int32Array(STEP_BITS);
  for (const { first, second } of pairs) after[first] = word(after, first) | (1 << second);
  for (const middle of steps) {
    for (const first of steps) {
      if (((word(after, first) >>> middle) & 1) === 0) continue;
      after[first] = word(after, first) | word(after, middle);
    }
  }
  const holds = ({ first, second }: Pair): boolean => ((word(after, first) >>> second) & 1) === 1;
  const all = steps.flatMap((first) => steps.map((second) => ({ first, second }))).filter(holds);
  return {
    after,
    has: holds,
    covers: () =>
      all.filter(
        ({ first, second }) =>
          !steps.some(
            (middle) => holds({ first, second: middle }) && holds({ first: middle, second }),
          ),
      ),
  };
}
