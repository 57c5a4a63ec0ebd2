/**
 * Look keys: what every id of a class looks like in a state, a number each, summed over the slots that show it.
 *
 * A slot's row in the table has what each of its ids looks like in one local state. A step changes few slots, so keys
 * after it are those before it, corrected by the rows of the slots that changed; which those are, the bits tell.
 *
 *     look:  | word | shift | mask | base | first place | places |
 *            key of first place + k += table[base + local * places + k]
 */
import type { Field } from './layout.ts';
import { NONE } from './packed-exchange.ts';

export const LOOK_WORDS = 6;

/** Plain data: another thread may have it. */
export type PackedLooks = {
  /** Ids of the class, in all blocks. */
  readonly places: number;
  readonly looks: Int32Array;
  /** By bit of a state: the look of the slot it is of, or -1. */
  readonly lookAt: Int32Array;
  /** Bits of the slots that show ids, by word. */
  readonly shown: Int32Array;
};

export type LookKeys = {
  /** Of all places, as they were last asked for. */
  readonly keys: Int32Array;
  /** Keys of a state. */
  of(states: Int32Array, offset: number): void;
  /** Makes a state the one that the next ones come from by a step. */
  from(states: Int32Array, offset: number): void;
  /** Keys of a state that came from that one. */
  after(states: Int32Array, offset: number): void;
};

/** `fill` fills the row of `base` for a local state, or tells that it can't; 0 is an entry nobody has filled. */
export function lookKeysOf(
  { places, looks, lookAt, shown }: PackedLooks,
  table: Int32Array,
  words: number,
  fill: (base: number, local: number) => boolean,
): LookKeys {
  const keys = new Int32Array(places);
  const keysBefore = new Int32Array(places);
  const before = new Int32Array(words);
  /** Every row was filled that the keys are the sums of. */
  let isWhole = false;
  let isBasisWhole = false;

  /** Where the row of a local state begins. */
  const rowAt = (look: number, local: number): number => {
    const base = looks[look + 3] as number; // a look has six words
    const row = base + local * (looks[look + 5] as number); // as above
    if (table[row] === 0 && !fill(base, local)) isWhole = false;
    return row;
  };

  const of = (states: Int32Array, offset: number): void => {
    keys.fill(0);
    isWhole = true;
    for (let look = 0; look < looks.length; look += LOOK_WORDS) {
      const value = states[offset + (looks[look] as number)] as number; // as above
      const local = (value >>> (looks[look + 1] as number)) & (looks[look + 2] as number); // as above
      const row = rowAt(look, local);
      const first = looks[look + 4] as number; // as above
      const count = looks[look + 5] as number; // as above
      for (let place = 0; place < count; place += 1) {
        // A row has `count` entries, and as many keys are its places'.
        keys[first + place] = (keys[first + place] as number) + (table[row + place] as number);
      }
    }
  };
  const from = (states: Int32Array, offset: number): void => {
    // The one before it is mostly of the same parent, and differs in few slots.
    if (isBasisWhole) after(states, offset);
    else of(states, offset);
    isBasisWhole = isWhole;
    for (let index = 0; index < words; index += 1) before[index] = states[offset + index] as number; // as above
    for (let place = 0; place < places; place += 1) keysBefore[place] = keys[place] as number; // as long
  };
  const after = (states: Int32Array, offset: number): void => {
    for (let place = 0; place < places; place += 1) keys[place] = keysBefore[place] as number; // as long
    isWhole = isBasisWhole;
    for (let index = 0; index < words; index += 1) {
      const old = before[index] as number; // whole states
      const value = states[offset + index] as number; // as above
      let changed = (old ^ value) & (shown[index] as number); // as above
      while (changed !== 0) {
        const bit = 31 - Math.clz32(changed);
        const look = lookAt[index * 32 + bit] as number; // one for each bit
        const shift = looks[look + 1] as number; // a look has six words
        const mask = looks[look + 2] as number; // as above
        changed &= ~(mask << shift);
        const rowBefore = rowAt(look, (old >>> shift) & mask);
        const row = rowAt(look, (value >>> shift) & mask);
        const first = looks[look + 4] as number; // as above
        const count = looks[look + 5] as number; // as above
        for (let place = 0; place < count; place += 1) {
          keys[first + place] =
            (keys[first + place] as number) + // a row has `count` entries
            (table[row + place] as number) - // as above
            (table[rowBefore + place] as number); // as above
        }
      }
    }
  };
  return { keys, of, from, after };
}

/** Writes down which bits the looks at `fields` are of. */
export function placeLooks(
  fields: readonly Field[],
  { lookAt, shown }: Pick<PackedLooks, 'lookAt' | 'shown'>,
): void {
  lookAt.fill(NONE);
  for (const [at, { word, shift, mask }] of fields.entries()) {
    for (let bit = 0; bit < 32; bit += 1) {
      if ((((mask << shift) >>> bit) & 1) === 1) lookAt[word * 32 + bit] = at * LOOK_WORDS;
    }
    shown[word] = (shown[word] ?? 0) | (mask << shift);
  }
}
