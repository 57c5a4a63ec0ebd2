/** Toy worlds: automata drawn by chance that stand for macrostates, and what all their orders are, one by one. */
import type { Movers } from '../../../../src/explore/orders/movers.ts';

/** `next[state][step]`, -1 where it is broken; `well` says where an operation may end. */
export type Toy = {
  readonly next: readonly (readonly number[])[];
  readonly well: readonly boolean[];
};

export const moversOf = (toys: readonly Toy[]): Movers => ({
  worlds: toys.length,
  first: toys.map(() => 0),
  moved: async (world, moves) =>
    moves.map(({ macrostate, step }) => toys[world]?.next[macrostate]?.[step] ?? -1),
  endsWell: async (world, macrostates) =>
    macrostates.map((macrostate) => toys[world]?.well[macrostate] ?? false),
});

const isSafeIn = ({ next, well }: Toy, order: readonly number[]): boolean => {
  const last = order.reduce((at, step) => (at < 0 ? at : (next[at]?.[step] ?? -1)), 0);
  return last >= 0 && well[last] === true;
};

export const isSafe = (toys: readonly Toy[], order: readonly number[]): boolean =>
  toys.every((toy) => isSafeIn(toy, order));

export const permutations = (items: readonly number[]): readonly (readonly number[])[] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) =>
        permutations(items.filter((each) => each !== item)).map((rest) => [item, ...rest]),
      );
