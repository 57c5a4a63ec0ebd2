/**
 * Turned order: an order in which one pair of steps stands the other way round, and as little else as can be.
 */
import type { Pair } from '../../explore/orders/order-ways.ts';
import type { PartialOrder } from '../../explore/orders/partial-order.ts';

/**
 * `second` just before `first`: what must come before `second`, and came after `first`, stays before it; everything
 * else that stood between them comes after. Steps are numbers.
 */
export function turned(
  order: readonly number[],
  { first, second }: Pair,
  necessary: PartialOrder,
): readonly number[] {
  const start = order.indexOf(first);
  const end = order.indexOf(second);
  if (start < 0 || end < start) return order;
  const between = order.slice(start + 1, end);
  const needed = between.filter((step) => necessary.has({ first: step, second }));
  return [
    ...order.slice(0, start),
    ...needed,
    second,
    first,
    ...between.filter((step) => !needed.includes(step)),
    ...order.slice(end + 1),
  ];
}

/** Whether `first` stands before `second`. */
export const standsIn = (order: readonly number[], { first, second }: Pair): boolean =>
  order.indexOf(first) < order.indexOf(second);

/** Both pairs turned round; undefined when turning the one turns the other back. */
export function bothTurned(
  order: readonly number[],
  one: Pair,
  other: Pair,
  necessary: PartialOrder,
): readonly number[] | undefined {
  const tries = [
    turned(turned(order, one, necessary), other, necessary),
    turned(turned(order, other, necessary), one, necessary),
  ];
  return tries.find((each) => !standsIn(each, one) && !standsIn(each, other));
}
