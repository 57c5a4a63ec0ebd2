/**
 * Seeded pseudo-random numbers: the only source of chance below the entry points.
 *
 * Source: sfc32 (Small Fast Counter, Chris Doty-Humphrey), state spread from the seed by splitmix32.
 */
import { invariant } from './invariant.ts';

export type Prng = {
  /** Uniform in [0, 2^32). */
  next(): number;
  /** Uniform in [0, bound); the bias of the multiplication is below bound / 2^32. */
  below(bound: number): number;
};

export function prng(seed: number): Prng {
  let spread = seed >>> 0;
  const word = (): number => {
    spread = (spread + 0x9e3779b9) >>> 0;
    let mixed = spread;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  let a = word();
  let b = word();
  let c = word();
  let counter = 1;

  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  return {
    next,
    below: (bound) => {
      invariant(bound > 0, `a random number below ${bound}`);
      return Math.floor((next() / 2 ** 32) * bound);
    },
  };
}
