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

/** Either `one` or `other` stands so in an order, or both. */
export type EitherOr = { readonly one: Pair; readonly other: Pair };

/** How many orders of the steps have all pairs of `order`, and of each of `choices` one. */
export function ordersWith(
  steps: readonly number[],
  order: PartialOrder,
  choices: readonly EitherOr[],
): bigint {
  const turned = choices.flatMap(({ one, other }) => [one, other]);
  const before = new Int32Array(STEP_BITS);
  for (const first of steps) {
    for (const second of steps) {
      if (order.has({ first, second })) before[second] = word(before, second) | (1 << first);
    }
  }
  // A set of steps done, and which of the pairs have turned out the other way round.
  let level = new Map([['0 0', { done: 0, broken: 0n, count: 1n }]]);
  for (const _ of steps) {
    const next: typeof level = new Map();
    for (const { done, broken, count } of level.values()) {
      for (const step of steps) {
        const bit = 1 << step;
        const needed = word(before, step);
        if ((done & bit) !== 0 || (needed & done) !== needed) continue;
        const now = turned.reduce(
          (bits, { first, second }, at) =>
            second === step && (done & (1 << first)) === 0 ? bits | (1n << BigInt(at)) : bits,
          broken,
        );
        const isBroken = choices.some((_pair, at) => ((now >> BigInt(2 * at)) & 3n) === 3n);
        if (isBroken) continue;
        const text = `${done | bit} ${now}`;
        const known = next.get(text);
        next.set(text, { done: done | bit, broken: now, count: count + (known?.count ?? 0n) });
      }
    }
    level = next;
  }
  return [...level.values()].reduce((sum, { count }) => sum + count, 0n);
}
