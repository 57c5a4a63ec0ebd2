/** Walk prng: the chance of one walk, from the seed and the walk's number alone. */
import { type Prng, prng } from '../../core/prng.ts';

export const walkPrng = (seed: number, iteration: number): Prng =>
  prng((seed ^ Math.imul(iteration, 0x9e3779b1)) >>> 0);
