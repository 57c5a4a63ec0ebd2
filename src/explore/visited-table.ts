/**
 * Visited table: a set of state numbers, open-addressed by a hash of the states they stand for.
 *
 * A length is 4 to 7 times a power of two, so that the table grows by a quarter at most and a place is found by one
 * multiplication. The hash's high bits choose the place; its low bits stand beside the number, so that a state in the
 * way is seldom read to find that it is another.
 *
 *     entry: | low bits of the hash | state number + 1 |      0 is free; the number has bits enough for the length
 */
import { invariant } from '../core/invariant.ts';

/** What the length of a table says about its entries. */
export type TableShape = {
  readonly length: number;
  /** 4 to 7. */
  readonly quarters: number;
  readonly shift: number;
  /** Bits of the number in an entry. */
  readonly bits: number;
  readonly mask: number;
};

/** Bits of a hash that choose a place: with three more they are a positive number. */
const PLACE_BITS = 28;
const UNUSED_BITS = 32 - PLACE_BITS;
const LENGTH_MAX = 7 * 2 ** PLACE_BITS;
/** Beyond, a look-up of what isn't there meets more than a line of entries, on average. */
const FULL = 0.8;

export function shapeOf(length: number): TableShape {
  const power = 29 - Math.clz32(length);
  const quarters = length >>> power;
  invariant(quarters * 2 ** power === length, `no table has ${length} entries`);
  const bits = power + 3;
  return { length, quarters, shift: PLACE_BITS - power, bits, mask: 2 ** bits - 1 };
}

/** Where a look-up begins. */
export const placeOf = (hash: number, { quarters, shift }: TableShape): number =>
  Math.imul(hash >>> UNUSED_BITS, quarters) >>> shift;

/** States that a table of that length may know. */
export const statesIn = (length: number): number => length * FULL;

/** The shortest length that has room for `states`; undefined: none has. */
export function lengthFor(states: number): number | undefined {
  const least = states / FULL;
  const power = Math.max(0, Math.ceil(Math.log2(least)) - 3);
  const length = Math.max(4, Math.ceil(least / 2 ** power)) * 2 ** power;
  return length > LENGTH_MAX ? undefined : length;
}
