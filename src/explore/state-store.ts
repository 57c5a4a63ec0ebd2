/**
 * State store: every state found, packed, in the order of discovery, and the set that knows them.
 *
 * The store is the queue of the search too: a state's number is its place. Once there are many, both grow in
 * strides: 4 to 4.5 bytes a word, and 5 to 7.5 a state; 4 to 6 and 5 to 10 in a store that threads share, all of whom
 * wait while it grows.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import { type Layout, moverBetween } from './layout.ts';
import { type Ints, intsLike, isShared } from './program.ts';
import { lengthFor, placeOf, shapeOf, statesIn } from './visited-table.ts';

export type StateStore = {
  states: Int32Array;
  table: Int32Array;
  /** Words a state. */
  words: number;
  count: number;
};

/** States to be looked up, and stored if they are new, in order. */
export type Batch = {
  /** Words a state. */
  readonly words: number;
  readonly states: Int32Array;
  readonly hashes: Int32Array;
  /** What was read ahead, so that the reading is not idle. */
  readonly ahead: Int32Array;
};

/** Look-ups that wait for memory together; more gain nothing (measured). */
export const BATCH_STATES = 128;

const FIRST_STATES = 2 ** 12;
/** The store doubles until it grows by this many. */
const STRIDE_STATES = 2 ** 18;
/**
 * Later the states by a part of what they are, which are copied then: that costs little beside finding them. The
 * table by a part and a little: putting every number into a new one costs more.
 */
type Parts = { readonly states: number; readonly table: number };
const OWN_PARTS: Parts = { states: 1 / 8, table: 1 / 4 };
const SHARED_PARTS: Parts = { states: 1 / 2, table: 1 };
/** Elements of a typed array end here. */
const WORDS_MAX = 2 ** 32;
const WORD_BYTES = 4;
/** Of a state in a table that is as long as tables for that many states get, and in a list of them. */
const SET_BYTES = 7.25;

export const stateStore = (words: number, ints: Ints): StateStore => ({
  states: ints(FIRST_STATES * words),
  table: ints(tableFor(FIRST_STATES)),
  words,
  count: 0,
});

export const batchFor = (words: number): Batch => ({
  words,
  states: new Int32Array(BATCH_STATES * words),
  hashes: new Int32Array(BATCH_STATES),
  ahead: new Int32Array(1),
});

/** Spreads a state's words over 32 bits. */
export function hashAt(states: Int32Array, offset: number, words: number): number {
  let hash = 0;
  for (let index = 0; index < words; index += 1) {
    hash = Math.imul(hash ^ (states[offset + index] as number), 0x9e3779b1); // bounded by the caller
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/**
 * Reads what a look-up of each state will read: reads that don't depend on one another are under way together, and what
 * they read is in the cache afterwards.
 */
export function readAhead(
  { states, table, words }: StateStore,
  { hashes, ahead }: Batch,
  gathered: number,
): void {
  const shape = shapeOf(table.length);
  const { bits, mask } = shape;
  let read = 0;
  for (let index = 0; index < gathered; index += 1) {
    read ^= table[placeOf(hashes[index] as number, shape)] as number; // a place is in the table
  }
  for (let index = 0; index < gathered; index += 1) {
    const hash = hashes[index] as number; // index < gathered
    const known = table[placeOf(hash, shape)] as number; // as above
    if (known !== 0 && ((known ^ (hash << bits)) & ~mask) === 0) {
      read ^= states[((known & mask) - 1) * words] as number; // stored states have words
    }
  }
  ahead[0] = read;
}

/** Stores the first `gathered` states of a batch that are new. Caller's duty: there is room for all of them. */
export function insertBatch(store: StateStore, batch: Batch, gathered: number): void {
  const { states, table, words } = store;
  const { states: found, hashes } = batch;
  const shape = shapeOf(table.length);
  const { length, bits, mask } = shape;
  let count = store.count;
  readAhead(store, batch, gathered);
  for (let index = 0; index < gathered; index += 1) {
    const offset = index * words;
    const hash = hashes[index] as number; // index < gathered
    const tag = hash << bits;
    let at = placeOf(hash, shape);
    for (;;) {
      const known = table[at] as number; // at < length
      if (known === 0) {
        table[at] = (count + 1) | tag;
        for (let word = 0; word < words; word += 1) {
          states[count * words + word] = found[offset + word] as number; // word < words
        }
        count += 1;
        break;
      }
      if (((known ^ tag) & ~mask) === 0) {
        const other = ((known & mask) - 1) * words;
        let word = 0;
        while (word < words && states[other + word] === found[offset + word]) word += 1;
        if (word === words) break;
      }
      at += 1;
      if (at === length) at = 0;
    }
  }
  store.count = count;
}

/** Stores the first state of a batch unless it is known; its number. Caller's duty: there is room for it. */
export function insertOne(store: StateStore, batch: Batch): number {
  const known = numberOf(store, batch.states, word(batch.hashes, 0));
  if (known >= 0) return known;
  insertBatch(store, batch, 1);
  return store.count - 1;
}

/** Number of a state, the only one in `words`; -1 when it isn't stored. */
export function numberOf(
  { states, table, words }: StateStore,
  found: Int32Array,
  hash: number,
): number {
  const shape = shapeOf(table.length);
  const { length, bits, mask } = shape;
  for (let at = placeOf(hash, shape); ; at = at + 1 === length ? 0 : at + 1) {
    const known = word(table, at);
    if (known === 0) return -1;
    if (((known ^ (hash << bits)) & ~mask) !== 0) continue;
    const number = (known & mask) - 1;
    let index = 0;
    while (index < words && states[number * words + index] === found[index]) index += 1;
    if (index === words) return number;
  }
}

/** Moves the last states into the places that were left free, so that numbers are without gaps again. */
export function compact(store: StateStore, used: number, free: readonly number[]): void {
  const { states, words } = store;
  const gaps = new Set(free);
  let last = used - 1;
  for (const gap of [...free].sort((a, b) => a - b)) {
    while (gaps.has(last)) last -= 1;
    if (gap >= last) break;
    renumber(store, last, gap);
    states.copyWithin(gap * words, last * words, (last + 1) * words);
    last -= 1;
  }
  store.count = used - free.length;
}

/** What the set knows as one number, it knows as another. */
function renumber({ states, table, words }: StateStore, from: number, to: number): void {
  const shape = shapeOf(table.length);
  const { length, bits, mask } = shape;
  const hash = hashAt(states, from * words, words);
  let at = placeOf(hash, shape);
  while ((word(table, at) & mask) !== from + 1) at = at + 1 === length ? 0 : at + 1;
  table[at] = (to + 1) | (hash << bits);
}

/** Forgets every state but the first. */
export function forget(store: StateStore): void {
  store.table.fill(0);
  insertFirst(store);
}

/** Makes what is written at the front of the store its first state. */
export function insertFirst(store: StateStore): void {
  store.count = 1;
  rehash(store);
}

/** States there is room for. */
export const capacityOf = ({ states, table, words }: StateStore): number =>
  Math.min(states.length / words, statesIn(table.length));

/** Room for more states, a stride of them if there are many; false when the store were more than `bytesMax`. */
export const grow = (store: StateStore, bytesMax: number): boolean =>
  (isShared(store.table) && growBy(SHARED_PARTS, store, bytesMax)) ||
  growBy(OWN_PARTS, store, bytesMax);

function growBy(parts: Parts, store: StateStore, bytesMax: number): boolean {
  const { states, table, words } = store;
  const needed = Math.max(FIRST_STATES, Math.min(2 * store.count, store.count + STRIDE_STATES));
  const room = states.length / words;
  const rows = room < needed ? Math.max(needed, Math.ceil(room * (1 + parts.states))) : room;
  const known = statesIn(table.length);
  const length =
    known < needed ? tableFor(Math.max(needed, known * (1 + parts.table))) : table.length;
  if ((rows * words + length) * WORD_BYTES > bytesMax) return false;
  invariant(rows * words <= WORDS_MAX, 'the state store is full');
  if (rows > room) store.states = longer(states, rows * words);
  if (length > table.length) {
    store.table = intsLike(table)(length);
    rehash(store);
  }
  return true;
}

function tableFor(states: number): number {
  const length = lengthFor(states);
  invariant(length !== undefined, 'the state store is full');
  return length;
}

function longer(array: Int32Array, length: number): Int32Array {
  const copy = intsLike(array)(length);
  copy.set(array);
  return copy;
}

/** The same states in another layout. */
export function repack(store: StateStore, from: Layout, to: Layout): void {
  const states = intsLike(store.states)((store.states.length / from.words) * to.words);
  const move = moverBetween(from, to);
  for (let state = 0; state < store.count; state += 1) {
    move(store.states, state * from.words, states, state * to.words);
  }
  store.states = states;
  store.words = to.words;
  store.table.fill(0);
  rehash(store);
}

/** Forgets every state but the first `count`. */
export function keepFirst(store: StateStore, count: number): void {
  store.count = count;
  store.table.fill(0);
  rehash(store);
}

/** An empty store of a fixed size in place of what there was: as many states as `bytes` hold. */
export function makeRoom(store: StateStore, bytes: number): void {
  const ints = intsLike(store.states);
  const rows = Math.max(FIRST_STATES, Math.floor(bytes / (WORD_BYTES * store.words + SET_BYTES)));
  store.count = 0;
  if (store.states.length === rows * store.words && store.table.length === tableFor(rows)) return;
  // What there was can be given back before the new is made.
  store.states = ints(0);
  store.table = ints(tableFor(1));
  store.states = ints(rows * store.words);
  store.table = ints(tableFor(rows));
}

function rehash({ states, table, words, count }: StateStore): void {
  const shape = shapeOf(table.length);
  const { length, bits } = shape;
  // The last element takes what was read ahead, as in a batch.
  const hashes = new Int32Array(BATCH_STATES + 1);
  for (let from = 0; from < count; from += BATCH_STATES) {
    const gathered = Math.min(BATCH_STATES, count - from);
    let read = 0;
    for (let index = 0; index < gathered; index += 1) {
      const hash = hashAt(states, (from + index) * words, words);
      hashes[index] = hash;
      read ^= table[placeOf(hash, shape)] as number; // a place is in the table
    }
    hashes[BATCH_STATES] = read;
    for (let index = 0; index < gathered; index += 1) {
      const hash = hashes[index] as number; // index < gathered
      let at = placeOf(hash, shape);
      while (table[at] !== 0) at = at + 1 === length ? 0 : at + 1;
      table[at] = (from + index + 1) | (hash << bits);
    }
  }
}
