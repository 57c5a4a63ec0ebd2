/**
 * Order rules: what all orders of a lattice have in common, said as pairs of steps.
 *
 * A pair is *necessary* when it stands so in every order that is left. Beyond that, two pairs may be such that one of
 * them must stand: a choice of two. Whether all this is enough is counted: it is when as many orders keep the rules as
 * the lattice has.
 */
import type { OrderLattice } from './order-lattice.ts';
import { type OrderWays, orderWays, type Pair, pairsForced } from './order-ways.ts';
import { type EitherOr, ordersWith, type PartialOrder, partialOrder } from './partial-order.ts';

export type OrderRules = {
  /** Orders of all steps, those that break something among them. */
  readonly orders: bigint;
  /** Of these, nothing is wrong with so many. */
  readonly safe: bigint;
  readonly necessary: PartialOrder;
  readonly choices: readonly EitherOr[];
  /** So many orders keep the necessary pairs, and so many the choices as well. */
  readonly keepPairs: bigint;
  readonly keepAll: bigint;
  /** Steps that no safe order can do without; free ones can always be left out. */
  readonly needed: readonly number[];
};

export function orderRules(lattice: OrderLattice, steps: number): OrderRules {
  const ways = orderWays(lattice);
  const all = lattice.steps;
  const necessary = partialOrder(all, ways.count === 0n ? [] : pairsForced(all, ways.later()));
  const choices = ways.count === 0n ? [] : choicesOf(lattice, ways, necessary);
  // A free step goes anywhere among the others.
  const places = product(all.length + 1, steps);
  return {
    orders: product(1, steps),
    safe: ways.count * places,
    necessary,
    choices,
    keepPairs: ordersWith(all, necessary, []) * places,
    keepAll: ordersWith(all, necessary, choices) * places,
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
  const all = steps.reduce((bits, step) => bits | (1 << step), 0);
  const done = new Set([...endsWell].map((node) => nodes[node]?.done));
  return steps.filter((step) => !done.has(all & ~(1 << step)));
}

/** For each pair that may be turned round, what then must stand besides what must stand anyhow. */
function choicesOf(
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
  choices: readonly EitherOr[],
): readonly EitherOr[] {
  const admitted = ordersWith(steps, necessary, choices);
  return choices.reduceRight<readonly EitherOr[]>((kept, choice) => {
    const others = kept.filter((each) => each !== choice);
    return ordersWith(steps, necessary, others) === admitted ? others : kept;
  }, choices);
}

const pairsOf = (steps: readonly number[], order: PartialOrder): readonly Pair[] =>
  steps.flatMap((first) => steps.map((second) => ({ first, second }))).filter(order.has);

const textOf = ({ first, second }: Pair): string => `${first} ${second}`;

const distinct = (choices: readonly EitherOr[]): readonly EitherOr[] => [
  ...new Map(
    choices.map((choice) => [[textOf(choice.one), textOf(choice.other)].sort().join(', '), choice]),
  ).values(),
];

/** Leaves out what follows from another choice and the necessary pairs. */
function withoutImplied(
  steps: readonly number[],
  pairs: readonly Pair[],
  choices: readonly EitherOr[],
): readonly EitherOr[] {
  const standsWith = (given: Pair, pair: Pair): boolean =>
    textOf(given) === textOf(pair) || partialOrder(steps, [...pairs, given]).has(pair);
  const implies = (strong: EitherOr, weak: EitherOr): boolean =>
    [strong.one, strong.other].every((given) =>
      [weak.one, weak.other].some((pair) => standsWith(given, pair)),
    );
  return choices.filter((weak, at) =>
    choices.every(
      (strong, other) =>
        other === at || !implies(strong, weak) || (implies(weak, strong) && other > at),
    ),
  );
}
