/**
 * Canonical: one packed state for all that differ by exchanging ids that are alike, in place.
 *
 * Method: class by class, the ids of a block are sorted by their keys, sums of what they look like in the slots.
 * Ids with equal keys are mostly of no difference: exchanging them changes nothing, or nothing that later classes
 * don't put right. Where it does, every order of them is tried, and the least state wins.
 *
 * Looks and renamings are table entries by local state, filled when first met, like the program's.
 *
 *     look:  | word | shift | mask | base |                            key += table[base + local]
 *     move:  | word | shift | word or -1 | shift | mask | base or -1 |  local = table[base + local] - 1
 */
import type { Field } from './layout.ts';
import { pairAt } from './symmetry.ts';

export const LOOK_WORDS = 4;
export const MOVE_WORDS = 6;
export const NONE = -1;

export type PackedBlock = {
  /** By place. */
  readonly looks: readonly Int32Array[];
  /** By pair of places. */
  readonly exchanges: readonly Int32Array[];
};

/** Plain data: another thread may have it. */
export type Exchanges = {
  readonly words: number;
  readonly classes: readonly (readonly PackedBlock[])[];
  /** 0 is an entry nobody has filled. */
  readonly table: Int32Array;
  /** By slot: the order in which states are compared does not depend on where fields lie. */
  readonly fields: readonly Field[];
};

export type Canonical = {
  /** False when it met an entry that could not be filled: the state is spoilt then, and nothing more was asked. */
  canonicalise(states: Int32Array, offset: number): boolean;
};

/** `fill` fills the entry of `base` for a local state; false when it can't. */
export function canonicalFor(
  { words, classes, table, fields }: Exchanges,
  fill: (base: number, local: number) => boolean,
): Canonical {
  const scratch = classes.map((blocks) => ({
    /** By block and place. */
    keys: blocks.map(({ looks }) => new Int32Array(looks.length)),
    best: new Int32Array(words),
    trial: new Int32Array(words),
    order: new Int32Array(words),
  }));
  let isWhole = true;

  const entryAt = (base: number, local: number): number => {
    const entry = table[base + local] as number; // a table has an entry for every value of its field
    if (entry !== 0) return entry;
    if (isWhole && fill(base, local)) return table[base + local] as number; // as above
    isWhole = false;
    return 0;
  };

  const keyOf = (looks: Int32Array, states: Int32Array, offset: number): number => {
    let key = 0;
    for (let at = 0; at < looks.length; at += LOOK_WORDS) {
      const value = states[offset + (looks[at] as number)] as number; // a look has four words
      const local = (value >>> (looks[at + 1] as number)) & (looks[at + 2] as number); // as above
      const base = looks[at + 3] as number; // as above
      const entry = table[base + local] as number; // a table has an entry for every value of its field
      key = (key + (entry === 0 ? entryAt(base, local) : entry)) | 0;
    }
    return key;
  };

  /** Tells whether it changes anything; `only` asks, and changes nothing. */
  const exchange = (
    moves: Int32Array,
    states: Int32Array,
    offset: number,
    only: boolean,
  ): boolean => {
    let changed = false;
    for (let at = 0; at < moves.length; at += MOVE_WORDS) {
      const word = offset + (moves[at] as number); // a move has six words
      const shift = moves[at + 1] as number; // as above
      const other = moves[at + 2] as number; // as above
      const otherShift = moves[at + 3] as number; // as above
      const mask = moves[at + 4] as number; // as above
      const base = moves[at + 5] as number; // as above
      const value = ((states[word] as number) >>> shift) & mask; // as above
      const renamed = base === NONE ? value : (entryAt(base, value) - 1) & mask;
      if (other === NONE) {
        if (renamed === value) continue;
        if (only) return true;
        states[word] = (states[word] as number) ^ ((value ^ renamed) << shift); // as above
      } else {
        const otherWord = offset + other;
        const otherValue = ((states[otherWord] as number) >>> otherShift) & mask; // as above
        const next = base === NONE ? otherValue : (entryAt(base, otherValue) - 1) & mask;
        if (next === value && renamed === otherValue) continue;
        if (only) return true;
        states[word] = (states[word] as number) ^ ((value ^ next) << shift); // as above
        states[otherWord] = (states[otherWord] as number) ^ ((otherValue ^ renamed) << otherShift); // as above
      }
      changed = true;
    }
    return changed;
  };

  /** Sorts the ids of a block; tells whether some have equal keys and can't be exchanged for nothing. */
  const sort = (
    { looks, exchanges }: PackedBlock,
    keys: Int32Array,
    states: Int32Array,
    offset: number,
  ): boolean => {
    const size = looks.length;
    for (let place = 0; place < size; place += 1) {
      keys[place] = keyOf(looks[place] as Int32Array, states, offset); // place < size
    }
    for (let place = 0; place < size - 1; place += 1) {
      let greatest = place;
      for (let next = place + 1; next < size; next += 1) {
        if ((keys[next] as number) > (keys[greatest] as number)) greatest = next; // next < size
      }
      if (greatest === place) continue;
      const key = keys[greatest] as number; // below size
      keys[greatest] = keys[place] as number; // below size
      keys[place] = key;
      exchange(exchanges[pairAt(place, greatest)] as Int32Array, states, offset, false); // below size
    }
    for (let place = 1; place < size; place += 1) {
      if (keys[place] !== keys[place - 1]) continue;
      const moves = exchanges[pairAt(place - 1, place)] as Int32Array; // below size
      if (exchange(moves, states, offset, true)) return true;
    }
    return false;
  };

  const isLess = (states: Int32Array, best: Int32Array): boolean => {
    for (const { word, shift, mask } of fields) {
      const difference =
        (((states[word] ?? 0) >>> shift) & mask) - (((best[word] ?? 0) >>> shift) & mask);
      if (difference !== 0) return difference < 0;
    }
    return false;
  };

  /** The blocks' runs of places with equal keys where neighbours can't be exchanged for nothing. */
  const runsOf = (rank: number, states: Int32Array): Run[] =>
    blocksAt(rank).flatMap((block, number) => {
      const keys = [...keysAt(rank, number)];
      return keys.flatMap((key, start) => {
        if (key === keys[start - 1]) return [];
        const length = keys.slice(start).findIndex((other) => other !== key);
        const run = { block, start, end: length < 0 ? keys.length : start + length };
        return neighboursOf(run).some((moves) => exchange(moves, states, 0, true)) ? [run] : [];
      });
    });

  /** Whether exchanging neighbours with equal keys leads to another state than `best`, later classes put right. */
  const isHard = (rank: number, states: Int32Array, offset: number): boolean => {
    const { best, trial } = scratchAt(rank);
    const blocks = blocksAt(rank);
    for (let number = 0; number < blocks.length; number += 1) {
      const { exchanges } = blocks[number] as PackedBlock; // number < length
      const keys = keysAt(rank, number);
      for (let place = 1; place < keys.length; place += 1) {
        if (keys[place] !== keys[place - 1]) continue;
        const moves = exchanges[pairAt(place - 1, place)] as Int32Array; // place < size
        if (!exchange(moves, states, offset, true)) continue;
        copy(states, offset, trial);
        exchange(moves, trial, 0, false);
        putRight(rank + 1, trial, 0);
        for (let word = 0; word < words; word += 1) if (trial[word] !== best[word]) return true;
      }
    }
    return false;
  };

  /** Of all orders of ids with equal keys, each with later classes put right, the least; in place. */
  const settle = (rank: number, states: Int32Array, offset: number): void => {
    const { best, trial, order } = scratchAt(rank);
    copy(states, offset, best);
    putRight(rank + 1, best, 0);
    if (isHard(rank, states, offset)) {
      copy(states, offset, order);
      everyOrder(runsOf(rank, order), order, () => {
        trial.set(order);
        putRight(rank + 1, trial, 0);
        if (isLess(trial, best)) best.set(trial);
      });
    }
    for (let word = 0; word < words; word += 1) states[offset + word] = best[word] as number; // its length
  };

  const copy = (states: Int32Array, offset: number, to: Int32Array): void => {
    for (let word = 0; word < words; word += 1) to[word] = states[offset + word] as number; // whole states
  };

  const everyOrder = (runs: readonly Run[], states: Int32Array, visit: () => void): void => {
    const [run, ...others] = runs;
    if (run === undefined) {
      visit();
      return;
    }
    const places = (place: number): void => {
      if (place >= run.end - 1) {
        everyOrder(others, states, visit);
        return;
      }
      places(place + 1);
      for (let next = place + 1; next < run.end; next += 1) {
        const moves = run.block.exchanges[pairAt(place, next)] ?? NO_MOVES;
        exchange(moves, states, 0, false);
        places(place + 1);
        exchange(moves, states, 0, false);
      }
    };
    places(run.start);
  };

  const scratchAt = (rank: number) => scratch[rank] as (typeof scratch)[number]; // one for each class
  const blocksAt = (rank: number) => classes[rank] as readonly PackedBlock[]; // rank is of a class
  const keysAt = (rank: number, block: number) => scratchAt(rank).keys[block] as Int32Array; // one for each

  /** Puts the classes from `rank` on right. */
  const putRight = (rank: number, states: Int32Array, offset: number): void => {
    for (let next = rank; next < classes.length; next += 1) {
      const blocks = blocksAt(next);
      let isOpen = false;
      for (let number = 0; number < blocks.length; number += 1) {
        const block = blocks[number] as PackedBlock; // number < length
        if (sort(block, keysAt(next, number), states, offset)) isOpen = true;
      }
      if (isOpen) {
        settle(next, states, offset);
        return;
      }
    }
  };

  return {
    canonicalise: (states, offset) => {
      isWhole = true;
      putRight(0, states, offset);
      return isWhole;
    },
  };
}

/** Places of a block from `start` to before `end`. */
type Run = { readonly block: PackedBlock; readonly start: number; readonly end: number };

const NO_MOVES = new Int32Array(0);

const neighboursOf = ({ block, start, end }: Run): Int32Array[] =>
  Array.from(
    { length: end - start - 1 },
    (_, at) => block.exchanges[pairAt(start + at, start + at + 1)] ?? NO_MOVES,
  );
