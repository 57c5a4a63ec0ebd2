/**
 * Order rules: what all orders of a lattice have in common, said as pairs of steps.
 *
 * A pair is *necessary* when it stands so in every order that is left. Beyond that, two pairs may be *alternatives*: at
 * least one of them stands so. Whether all this is enough is counted: it is when as many orders keep the rules as the
 * lattice has.
 */
import type { OrderLattice } from './order-lattice.ts';
import { type OrderWays, orderWays, type Pair, pairsForced } from './order-ways.ts';
import { type EitherOr, ordersWith } from './orders-with.ts';
import { type PartialOrder, partialOrder } from './partial-order.ts';
import { bitsOf } from './step-bits.ts';

export type OrderRules = {
  /** Orders of all steps, those that break something among them. */
  readonly orders: bigint;
  /** Of these, nothing is wrong with so many. */
  readonly safe: bigint;
  readonly necessary: PartialOrder;
  readonly alternatives: readonly EitherOr[];
  /** So many orders keep the necessary pairs, and so many the alternatives as well. */
  readonly keepPairs: bigint;
  readonly keepAll: bigint;
  /** Steps that no safe order can do without; loose ones can always be left out. */
  readonly needed: readonly number[];
};

export function orderRules(lattice: OrderLattice, steps: number): OrderRules {
  const ways = orderWays(lattice);
  const all = lattice.steps;
  const necessary = partialOrder(all, ways.count === 0n ? [] : pairsForced(all, ways.later()));
  const alternatives = ways.count === 0n ? [] : alternativesOf(lattice, ways, necessary);
  // A loose step goes anywhere among the others.
  const places = product(all.length + 1, steps);
  return {
    orders: product(1, steps),
    safe: ways.count * places,
    necessary,
    alternatives,
    keepPairs: ordersWith(all, necessary, []) * places,
    keepAll: ordersWith(all, necessary, alternatives) * places,
    needed: neededIn(lattice),
  };
}

const product = (from: number, to: number): bigint =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => BigInt(from + at)).reduce(
    (result, factor) => result * factor,
    1n,
  );

/** Steps without which the operation never ends well, whatever the order of the others. */
function neededIn({ steps, nodes, endsWell }: OrderLattice): readonly number[] {
  const all = bitsOf(steps);
  const done = new Set([...endsWell].map((node) => nodes[node]?.done));
  return steps.filter((step) => !done.has(all & ~(1 << step)));
}

/** For each pair that may be turned round, what then must stand besides what must stand anyhow. */
function alternativesOf(
  { steps }: OrderLattice,
  ways: OrderWays,
  necessary: PartialOrder,
): readonly EitherOr[] {
  const pairs = pairsOf(steps, necessary);
  const found: EitherOr[] = [];
  for (const first of steps) {
    for (const second of steps) {
      const one = { first, second };
      const turned = { first: second, second: first };
      if (first === second || necessary.has(one) || necessary.has(turned)) continue;
      const implied = partialOrder(steps, [...pairs, turned]);
      const forced = pairsForced(steps, ways.later([turned])).filter((pair) => !implied.has(pair));
      const others = partialOrder(steps, [...pairs, turned, ...forced])
        .covers()
        .filter((pair) => !implied.has(pair));
      found.push(...others.map((other) => ({ one, other })));
    }
  }
  return withoutIdle(steps, necessary, withoutImplied(steps, pairs, distinct(found)));
}

/** Leaves out, one after the other, what excludes no order that the others admit. */
function withoutIdle(
  steps: readonly number[],
  necessary: PartialOrder,
  alternatives: readonly EitherOr[],
): readonly EitherOr[] {
  const admitted = ordersWith(steps, necessary, alternatives);
  return alternatives.reduceRight<readonly EitherOr[]>((kept, alternative) => {
    const others = kept.filter((each) => each !== alternative);
    return ordersWith(steps, necessary, others) === admitted ? others : kept;
  }, alternatives);
}

const pairsOf = (steps: readonly number[], order: PartialOrder): readonly Pair[] =>
  steps.flatMap((first) => steps.map((second) => ({ first, second }))).filter(order.has);

const textOf = ({ first, second }: Pair): string => `${first} ${second}`;

const distinct = (alternatives: readonly EitherOr[]): readonly EitherOr[] => [
  ...new Map(
    alternatives.map((alternative) => [
      [textOf(alternative.one), textOf(alternative.other)].sort().join(', '),
      alternative,
    ]),
  ).values(),
];

/** Leaves out what follows from another alternative and the necessary pairs. */
function withoutImplied(
  steps: readonly number[],
  pairs: readonly Pair[],
  alternatives: readonly EitherOr[],
): readonly EitherOr[] {
  const orders = new Map<string, PartialOrder>();
  const standsWith = (given: Pair, pair: Pair): boolean => {
    const text = textOf(given);
    const order = orders.get(text) ?? partialOrder(steps, [...pairs, given]);
    orders.set(text, order);
    return order.has(pair);
  };
  const implies = (strong: EitherOr, weak: EitherOr): boolean =>
    [strong.one, strong.other].every((given) =>
      [weak.one, weak.other].some((pair) => standsWith(given, pair)),
    );
  return alternatives.filter((weak, at) =>
    alternatives.every(
      (strong, other) =>
        other === at || !implies(strong, weak) || (implies(weak, strong) && other > at),
    ),
  );
}
