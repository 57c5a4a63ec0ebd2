/** Shuffle: an order drawn by chance, every one as likely as every other. */
import type { Prng } from '../../core/prng.ts';

/** Fills `order` with the numbers from 0 on. */
export function shuffle(order: Int32Array, chance: Prng): void {
  for (let index = 0; index < order.length; index += 1) {
    const other = chance.below(index + 1);
    order[index] = order[other] as number; // other <= index
    order[other] = index;
  }
}
