/**
 * Size table: group sizes drawn with given weights, at the cost of one look into memory.
 *
 * Actor: the device thread's own.
 */
import { invariant } from '../core/invariant.ts';
import type { Prng } from '../core/prng.ts';
import { word } from '../core/words.ts';

/** A weight is kept to one part in so many. */
const ENTRIES = 4096;

export class SizeTable {
  readonly #sizes = new Int32Array(ENTRIES);

  /** `shares[0]` is the weight of groups of `min` pages, the next of one page more, and so on. */
  constructor(min: number, max: number, shares: readonly number[]) {
    const total = shares.reduce((sum, share) => sum + share, 0);
    invariant(total > 0, 'the sizes of groups have no weight at all');
    let reached = 0;
    let from = 0;
    for (const [index, share] of shares.entries()) {
      reached += share;
      const until = Math.round((reached / total) * ENTRIES);
      this.#sizes.fill(Math.min(min + index, max), from, until);
      from = until;
    }
  }

  draw(random: Prng): number {
    return word(this.#sizes, random.below(ENTRIES));
  }
}
