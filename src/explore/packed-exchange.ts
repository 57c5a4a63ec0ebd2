/**
 * Packed exchange: two alike ids exchanged in a packed state: slots swap their local states, ids inside are renamed.
 *
 *     swap:    | word | shift | word | shift | mask | base or -1 |
 *     rename:  | word | shift | mask | base |                        local = table[base + local] - 1
 */
export const SWAP_WORDS = 6;
export const RENAME_WORDS = 4;
export const NONE = -1;

/** Plain data: another thread may have it. */
export type PackedExchange = {
  /** Of two slots, renamed inside or not. */
  readonly swaps: Int32Array;
  /** Inside slots that stay where they are. */
  readonly renames: Int32Array;
};

export const NO_EXCHANGE: PackedExchange = {
  swaps: new Int32Array(0),
  renames: new Int32Array(0),
};

export type Exchanger = {
  exchange(by: PackedExchange, states: Int32Array, offset: number): void;
  /** Whether an exchange would change anything. */
  changes(by: PackedExchange, states: Int32Array, offset: number): boolean;
};

/** `entryAt` is the entry of a table for a local state: the renamed one, and 1. */
export function exchangerOf(entryAt: (base: number, local: number) => number): Exchanger {
  const renamed = (base: number, local: number, mask: number): number =>
    base === NONE ? local : (entryAt(base, local) - 1) & mask;
  return {
    exchange: ({ swaps, renames }, states, offset) => {
      for (let at = 0; at < swaps.length; at += SWAP_WORDS) {
        const word = offset + (swaps[at] as number); // a swap has six words
        const shift = swaps[at + 1] as number; // as above
        const otherWord = offset + (swaps[at + 2] as number); // as above
        const otherShift = swaps[at + 3] as number; // as above
        const mask = swaps[at + 4] as number; // as above
        const base = swaps[at + 5] as number; // as above
        const value = ((states[word] as number) >>> shift) & mask; // the layout has no word beyond
        const other = ((states[otherWord] as number) >>> otherShift) & mask; // as above
        if (base === NONE) {
          const changed = value ^ other;
          states[word] = (states[word] as number) ^ (changed << shift); // as above
          states[otherWord] = (states[otherWord] as number) ^ (changed << otherShift); // as above
        } else {
          const next = renamed(base, other, mask);
          const otherNext = renamed(base, value, mask);
          states[word] = (states[word] as number) ^ ((value ^ next) << shift); // as above
          states[otherWord] = (states[otherWord] as number) ^ ((other ^ otherNext) << otherShift); // as above
        }
      }
      for (let at = 0; at < renames.length; at += RENAME_WORDS) {
        const word = offset + (renames[at] as number); // a rename has four words
        const shift = renames[at + 1] as number; // as above
        const mask = renames[at + 2] as number; // as above
        const value = ((states[word] as number) >>> shift) & mask; // as above
        const next = (entryAt(renames[at + 3] as number, value) - 1) & mask; // as above
        states[word] = (states[word] as number) ^ ((value ^ next) << shift); // as above
      }
    },
    changes: ({ swaps, renames }, states, offset) => {
      for (let at = 0; at < renames.length; at += RENAME_WORDS) {
        const mask = renames[at + 2] as number; // a rename has four words
        const word = states[offset + (renames[at] as number)] as number; // as above
        const value = (word >>> (renames[at + 1] as number)) & mask; // as above
        if (((entryAt(renames[at + 3] as number, value) - 1) & mask) !== value) return true; // as above
      }
      for (let at = 0; at < swaps.length; at += SWAP_WORDS) {
        const mask = swaps[at + 4] as number; // a swap has six words
        const base = swaps[at + 5] as number; // as above
        const word = states[offset + (swaps[at] as number)] as number; // as above
        const otherWord = states[offset + (swaps[at + 2] as number)] as number; // as above
        const value = (word >>> (swaps[at + 1] as number)) & mask; // as above
        const other = (otherWord >>> (swaps[at + 3] as number)) & mask; // as above
        if (renamed(base, other, mask) !== value || renamed(base, value, mask) !== other) {
          return true;
        }
      }
      return false;
    },
  };
}
