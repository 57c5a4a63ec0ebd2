/**
 * Stored states: all states a search knows, on disk, in the layout that its space has now.
 *
 * Method: a state is new when it is neither among those in memory nor met while the whole file is read once: reading
 *         many in order costs less than looking for one (Stern, Dill, "Using magnetic disk instead of main memory in
 *         the Murphi verifier", CAV 1998).
 */
import { type Layout, moverBetween } from './layout.ts';
import type { Space } from './space.ts';
import type { StateFile } from './state-file.ts';
import { BATCH_STATES, batchFor, hashAt, readAhead, type StateStore } from './state-store.ts';
import { placeOf, shapeOf } from './visited-table.ts';

export type StoredStates = {
  count(): number;
  bytes(): number;
  /**
   * Adds the states of the store from number `from` on but those that `isKnown` has a 1 for; false when the disk is
   * full.
   */
  add(from: number, isKnown: Uint8Array): boolean;
  /** Reads states to the front of `into`. */
  read(at: number, into: Int32Array, count: number): void;
  /**
   * Marks in `isKnown`, by number less `from`, the states of the store that are on disk too. Pauses after every part
   * of the file.
   */
  mark(from: number, isKnown: Uint8Array): Generator<number>;
  /** Puts the states into the layout of the space, when it has changed; false when the disk is full. */
  relayout(): boolean;
};

/** States read or written at a time. */
const PART_STATES = 2 ** 14;

export function storedStates({ store, automaton }: Space, file: StateFile): StoredStates {
  let layout: Layout = automaton.layout();
  let count = 0;
  let part = new Int32Array(PART_STATES * layout.words);

  const add = (from: number, isKnown: Uint8Array): boolean => {
    const { states, words } = store;
    let gathered = 0;
    const write = (): boolean => {
      if (!file.write(count, part, words, gathered)) return false;
      count += gathered;
      gathered = 0;
      return true;
    };
    for (let state = from; state < store.count; state += 1) {
      if (isKnown[state - from] === 1) continue;
      part.set(states.subarray(state * words, (state + 1) * words), gathered * words);
      gathered += 1;
      if (gathered === PART_STATES && !write()) return false;
    }
    return write();
  };

  function* mark(from: number, isKnown: Uint8Array): Generator<number> {
    const { words } = store;
    const batch = batchFor(words);
    for (let at = 0; at < count; at += PART_STATES) {
      const length = Math.min(PART_STATES, count - at);
      file.read(at, part, words, length);
      for (let start = 0; start < length; start += BATCH_STATES) {
        const gathered = Math.min(BATCH_STATES, length - start);
        batch.states.set(part.subarray(start * words, (start + gathered) * words));
        for (let index = 0; index < gathered; index += 1) {
          batch.hashes[index] = hashAt(batch.states, index * words, words);
        }
        readAhead(store, batch, gathered);
        markBatch(store, batch, gathered, from, isKnown);
      }
      yield length;
    }
  }

  return {
    count: () => count,
    bytes: () => count * layout.words * Int32Array.BYTES_PER_ELEMENT,
    add,
    read: (at, into, length) => file.read(at, into, layout.words, length),
    mark,
    relayout: () => {
      const next = automaton.layout();
      if (next === layout) return true;
      const before = layout;
      layout = next;
      const room = new Int32Array(PART_STATES * next.words);
      const from = part;
      part = room;
      return repacked(file, count, { layout: before, part: from }, { layout: next, part: room });
    },
  };
}

type Laid = { readonly layout: Layout; readonly part: Int32Array };

/** In place: wider states end later in the file, so the last go first. */
function repacked(file: StateFile, count: number, from: Laid, to: Laid): boolean {
  const starts = Array.from(
    { length: Math.ceil(count / PART_STATES) },
    (_, at) => at * PART_STATES,
  );
  const move = moverBetween(from.layout, to.layout);
  if (to.layout.words > from.layout.words) starts.reverse();
  for (const at of starts) {
    const length = Math.min(PART_STATES, count - at);
    file.read(at, from.part, from.layout.words, length);
    for (let index = 0; index < length; index += 1) {
      move(from.part, index * from.layout.words, to.part, index * to.layout.words);
    }
    if (!file.write(at, to.part, to.layout.words, length)) return false;
  }
  return true;
}

function markBatch(
  { states, table, words }: StateStore,
  { states: sought, hashes }: { readonly states: Int32Array; readonly hashes: Int32Array },
  gathered: number,
  from: number,
  isKnown: Uint8Array,
): void {
  const shape = shapeOf(table.length);
  const { length, bits, mask } = shape;
  for (let index = 0; index < gathered; index += 1) {
    const hash = hashes[index] as number; // index < gathered
    const tag = hash << bits;
    let at = placeOf(hash, shape);
    for (;;) {
      const known = table[at] as number; // at < length
      if (known === 0) break;
      if (((known ^ tag) & ~mask) === 0) {
        const number = (known & mask) - 1;
        let word = 0;
        while (word < words && states[number * words + word] === sought[index * words + word]) {
          word += 1;
        }
        if (word === words) {
          if (number >= from) isKnown[number - from] = 1;
          break;
        }
      }
      at += 1;
      if (at === length) at = 0;
    }
  }
}
