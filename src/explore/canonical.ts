/**
 * Canonical: one packed state for all that differ by exchanging ids that are alike, in place.
 *
 * Method: class by class, the ids of a block are sorted by their keys, sums of what they look like in the slots.
 * Ids with equal keys are mostly of no difference: exchanging them changes nothing, or nothing that later classes
 * don't put right. Where it does, every order of them is tried, and the least state wins.
 *
 * Looks and renamings are table entries by local state, filled when first met, like the program's.
 */
import type { Field } from './layout.ts';
import { type LookKeys, lookKeysOf, type PackedLooks } from './look-keys.ts';
import { exchangerOf, NO_EXCHANGE, type PackedExchange } from './packed-exchange.ts';
import { pairAt } from './symmetry.ts';

export type PackedBlock = {
  /** Among the places of the class: of its first id, and how many it has. */
  readonly first: number;
  readonly size: number;
  /** By pair of places in the block. */
  readonly exchanges: readonly PackedExchange[];
};

export type PackedClass = PackedLooks & { readonly blocks: readonly PackedBlock[] };

/** Plain data: another thread may have it. */
export type Exchanges = {
  readonly words: number;
  readonly classes: readonly PackedClass[];
  /** 0 is an entry nobody has filled. */
  readonly table: Int32Array;
  /** By slot: the order in which states are compared does not depend on where fields lie. */
  readonly fields: readonly Field[];
};

export type Canonical = {
  /**
   * Tells which state the next ones come from by a step: what a step leaves alone is not looked at again, and needs not
   * be put right again when that state is a representative.
   */
  from(states: Int32Array, offset: number, isRight: boolean): void;
  /**
   * Of a state that came from that one. False when it met an entry that could not be filled: the state is spoilt then,
   * and nothing more was asked.
   */
  canonicalise(states: Int32Array, offset: number): boolean;
};

/** `fill` fills the entries of `base` for a local state; false when it can't. */
export function canonicalFor(
  { words, classes, table, fields }: Exchanges,
  fill: (base: number, local: number) => boolean,
): Canonical {
  let isWhole = true;
  /** Whether the keys of the state that others come from are known. */
  let isBasisWhole = true;
  const basis = new Int32Array(words);
  let isBasisRight = false;
  const fillOnce = (base: number, local: number): boolean => {
    if (isWhole) isWhole = fill(base, local);
    return isWhole;
  };
  const { exchange, changes } = exchangerOf((base, local) => {
    const entry = table[base + local] as number; // a table has an entry for every value of its field
    if (entry !== 0) return entry;
    return fillOnce(base, local) ? (table[base + local] as number) : 0; // as above
  });
  /** Bits of the slots that show ids of the classes from `rank` on. */
  const shownFrom = (rank: number): Int32Array =>
    Int32Array.from({ length: words }, (_, word) =>
      classes.slice(rank).reduce((bits, { shown }) => bits | (shown[word] ?? 0), 0),
    );
  const ranks = classes.map((of, rank) => ({
    blocks: of.blocks,
    looks: lookKeysOf(of, table, words, fillOnce),
    shown: shownFrom(rank),
    best: new Int32Array(words),
    trial: new Int32Array(words),
    order: new Int32Array(words),
  }));

  /** Sorts the ids of a block; tells whether some have equal keys and can't be exchanged for nothing. */
  const sort = (
    { first, size, exchanges }: PackedBlock,
    keys: Int32Array,
    states: Int32Array,
    offset: number,
  ): boolean => {
    const end = first + size;
    let isTied = false;
    for (let place = first; place < end - 1; place += 1) {
      let greatest = place;
      for (let next = place + 1; next < end; next += 1) {
        if ((keys[next] as number) > (keys[greatest] as number)) greatest = next; // next < end
      }
      if (greatest !== place) {
        const key = keys[greatest] as number; // below end
        keys[greatest] = keys[place] as number; // below end
        keys[place] = key;
        const by = exchanges[pairAt(place - first, greatest - first)] as PackedExchange; // below size
        exchange(by, states, offset);
      }
      if (place > first && keys[place] === keys[place - 1]) isTied = true;
    }
    if (keys[end - 1] === keys[end - 2]) isTied = true;
    return isTied && differs(exchanges, keys, first, end, states, offset);
  };

  /** Whether neighbours with equal keys can't be exchanged for nothing. */
  const differs = (
    exchanges: readonly PackedExchange[],
    keys: Int32Array,
    first: number,
    end: number,
    states: Int32Array,
    offset: number,
  ): boolean => {
    for (let place = first + 1; place < end; place += 1) {
      if (keys[place] !== keys[place - 1]) continue;
      const by = exchanges[pairAt(place - 1 - first, place - first)] as PackedExchange; // below size
      if (changes(by, states, offset)) return true;
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
  const runsOf = ({ blocks, looks }: Rank, states: Int32Array): Run[] =>
    blocks.flatMap((block) => {
      const keys = [...looks.keys.subarray(block.first, block.first + block.size)];
      return keys.flatMap((key, start) => {
        if (key === keys[start - 1]) return [];
        const length = keys.slice(start).findIndex((other) => other !== key);
        const run = { block, start, end: length < 0 ? keys.length : start + length };
        return neighboursOf(run).some((by) => changes(by, states, 0)) ? [run] : [];
      });
    });

  /** Whether exchanging neighbours with equal keys leads to another state than `best`, later classes put right. */
  const isHard = (rank: number, states: Int32Array, offset: number): boolean => {
    const { best, trial, blocks, looks } = rankAt(rank);
    const { keys } = looks;
    for (const { first, size, exchanges } of blocks) {
      for (let place = 1; place < size; place += 1) {
        if (keys[first + place] !== keys[first + place - 1]) continue;
        const by = exchanges[pairAt(place - 1, place)] as PackedExchange; // place < size
        if (!changes(by, states, offset)) continue;
        copy(states, offset, trial);
        exchange(by, trial, 0);
        putRight(rank + 1, trial, 0);
        for (let word = 0; word < words; word += 1) if (trial[word] !== best[word]) return true;
      }
    }
    return false;
  };

  /** Of all orders of ids with equal keys, each with later classes put right, the least; in place. */
  const settle = (rank: number, states: Int32Array, offset: number): void => {
    const { best, trial, order } = rankAt(rank);
    copy(states, offset, best);
    putRight(rank + 1, best, 0);
    if (isHard(rank, states, offset)) {
      copy(states, offset, order);
      everyOrder(runsOf(rankAt(rank), order), order, () => {
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
        const by = run.block.exchanges[pairAt(place, next)] ?? NO_EXCHANGE;
        exchange(by, states, 0);
        places(place + 1);
        exchange(by, states, 0);
      }
    };
    places(run.start);
  };

  const rankAt = (rank: number): Rank => ranks[rank] as Rank; // one for each class

  /** Sorts one class by its keys, and settles what keys don't tell; false when the later classes are still to do. */
  const order = (rank: number, states: Int32Array, offset: number): boolean => {
    const { blocks, looks } = rankAt(rank);
    let isOpen = false;
    for (let number = 0; number < blocks.length; number += 1) {
      const block = blocks[number] as PackedBlock; // number < length
      if (sort(block, looks.keys, states, offset)) isOpen = true;
    }
    if (isOpen) settle(rank, states, offset);
    return isOpen;
  };
  /** Whether what shows ids of a class or a later one is as in a representative. */
  const isRight = (rank: number, states: Int32Array, offset: number): boolean => {
    if (!isBasisRight) return false;
    const { shown } = rankAt(rank);
    for (let word = 0; word < words; word += 1) {
      const changed = (basis[word] as number) ^ (states[offset + word] as number); // whole states
      if ((changed & (shown[word] as number)) !== 0) return false; // as above
    }
    return true;
  };
  /** Puts the classes from `rank` on right. */
  const putRight = (rank: number, states: Int32Array, offset: number): void => {
    for (let next = rank; next < classes.length; next += 1) {
      if (isRight(next, states, offset)) return;
      rankAt(next).looks.of(states, offset);
      if (order(next, states, offset)) return;
    }
  };

  return {
    from: (states, offset, isRightThere) => {
      isWhole = true;
      isBasisRight = isRightThere;
      for (let word = 0; word < words; word += 1) basis[word] = states[offset + word] as number; // whole states
      rankAt(0).looks.from(states, offset);
      isBasisWhole = isWhole;
    },
    canonicalise: (states, offset) => {
      isWhole = isBasisWhole;
      if (isRight(0, states, offset)) return isWhole;
      rankAt(0).looks.after(states, offset);
      if (!order(0, states, offset)) putRight(1, states, offset);
      return isWhole;
    },
  };
}

/** One class at work. */
type Rank = {
  readonly blocks: readonly PackedBlock[];
  readonly looks: LookKeys;
  readonly shown: Int32Array;
  readonly best: Int32Array;
  readonly trial: Int32Array;
  readonly order: Int32Array;
};

/** Places of a block from `start` to before `end`. */
type Run = { readonly block: PackedBlock; readonly start: number; readonly end: number };

const neighboursOf = ({ block, start, end }: Run): PackedExchange[] =>
  Array.from(
    { length: end - start - 1 },
    (_, at) => block.exchanges[pairAt(start + at, start + at + 1)] ?? NO_EXCHANGE,
  );
