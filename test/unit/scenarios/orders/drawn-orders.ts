/** Orders of a list drawn by chance: some close to the list's own, some far from it. */
import { type Prng, prng } from '../../../../src/core/prng.ts';

/** `count` orders of the numbers below `steps`; every fourth is wholly by chance. */
export function drawnOrders(steps: number, count: number, seed: number): readonly number[][] {
  const random = prng(seed);
  return Array.from({ length: count }, (_, at) => {
    const moves = at % 4 === 3 ? 3 * steps : 1 + random.below(3);
    return Array.from({ length: moves }).reduce<number[]>(
      (order) => moved(order, random),
      Array.from({ length: steps }, (_none, step) => step),
    );
  });
}

function moved(order: readonly number[], random: Prng): number[] {
  const from = random.below(order.length);
  const step = order[from] ?? 0;
  const rest = order.filter((each) => each !== step);
  return rest.toSpliced(random.below(order.length), 0, step);
}
