/** Nearest order: an order that keeps a partial order, with steps where they were as far as that allows. */
import type { Pair } from './order-ways.ts';
import { type PartialOrder, partialOrder } from './partial-order.ts';

/** Always the first step that nothing left must come before; undefined: there is a circle. */
export function nearestOrder(
  base: readonly number[],
  order: PartialOrder,
): readonly number[] | undefined {
  const found: number[] = [];
  let left = base;
  while (left.length > 0) {
    const next = left.find((step) => !left.some((first) => order.has({ first, second: step })));
    if (next === undefined) return undefined;
    found.push(next);
    left = left.filter((step) => step !== next);
  }
  return found;
}

/** The nearest order in which these pairs stand the other way round, and all else that is necessary as it must. */
export function turnedOrder(
  base: readonly number[],
  necessary: PartialOrder,
  turned: readonly Pair[],
): readonly number[] | undefined {
  const isTurned = ({ first, second }: Pair): boolean =>
    turned.some((pair) => pair.first === first && pair.second === second);
  const kept = base
    .flatMap((first) => base.map((second) => ({ first, second })))
    .filter((pair) => necessary.has(pair) && !isTurned(pair));
  const reversed = turned.map(({ first, second }) => ({ first: second, second: first }));
  return nearestOrder(base, partialOrder(base, [...kept, ...reversed]));
}
