/**
 * Orders with: how many orders of some steps keep a partial order, and of each of some alternatives at least one pair.
 */
import { word } from '../../core/words.ts';
import type { Pair } from './order-ways.ts';
import type { PartialOrder } from './partial-order.ts';
import { has } from './step-bits.ts';

/** Either `one` or `other` stands so in an order, or both. */
export type EitherOr = { readonly one: Pair; readonly other: Pair };

/** Orders so far of some steps, with the same alternatives at stake. */
type Begun = {
  readonly done: number;
  /** Choices of which one pair stands the wrong way round, and the other is not settled; a bit each. */
  readonly stake: bigint;
  readonly count: bigint;
};

const STEP_BITS = 32;

export function ordersWith(
  steps: readonly number[],
  order: PartialOrder,
  alternatives: readonly EitherOr[],
): bigint {
  const before = new Int32Array(STEP_BITS);
  for (const first of steps) {
    for (const second of steps) {
      if (order.has({ first, second })) before[second] = word(before, second) | (1 << first);
    }
  }
  let level: readonly Begun[] = [{ done: 0, stake: 0n, count: 1n }];
  for (const _ of steps) {
    const next = new Map<string, Begun>();
    for (const begun of level) {
      for (const step of steps) {
        const needed = word(before, step);
        if (has(begun.done, step) || (needed & begun.done) !== needed) continue;
        const stake = stakeAfter(begun, step, alternatives);
        if (stake === undefined) continue;
        const done = begun.done | (1 << step);
        const text = `${done} ${stake}`;
        const count = begun.count + (next.get(text)?.count ?? 0n);
        next.set(text, { done, stake, count });
      }
    }
    level = [...next.values()];
  }
  return level.reduce((sum, { count }) => sum + count, 0n);
}

/**
 * Undefined: both pairs of an alternative stand the wrong way round. A pair of which both steps are done, and whose
 * alternative is not at stake, stands right: had it been turned round, the alternative would be.
 */
function stakeAfter(
  { done, stake }: Begun,
  step: number,
  alternatives: readonly EitherOr[],
): bigint | undefined {
  let after = stake;
  for (const [at, { one, other }] of alternatives.entries()) {
    const bit = 1n << BigInt(at);
    const turns = [one, other].filter(({ first, second }) => second === step && !has(done, first));
    if ((stake & bit) !== 0n) {
      if (turns.length > 0) return undefined;
      // The pair that is not settled yet is settled by its first step.
      const settles = [one, other].some(
        ({ first, second }) => first === step && !has(done, second),
      );
      if (settles) after ^= bit;
      continue;
    }
    if (turns.length === 2) return undefined;
    const [turned] = turns;
    if (turned === undefined) continue;
    const left = turned === one ? other : one;
    if (!has(done, left.first) && !has(done, left.second) && left.first !== step) after |= bit;
  }
  return after;
}
