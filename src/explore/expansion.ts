/**
 * Expansion: the hot loop. Takes stored states in order, walks the program for each choice, gathers what comes of it.
 *
 * It knows numbers only. Whatever it can't do (an entry nobody filled, a full store, a state without choices) it
 * returns as a pause, with the cursor standing at the choice to be tried again.
 *
 * Successors are gathered in a batch before they are looked up, because a look-up waits for memory: a batch of them
 * waits once (measured: a third off the whole search).
 */
import { word } from '../core/words.ts';
import type { Canonical } from './canonical.ts';
import { CLOSED, DONE, type Program, UNFILLED } from './program.ts';
import {
  BATCH_STATES,
  type Batch,
  capacityOf,
  hashAt,
  insertBatch,
  type StateStore,
} from './state-store.ts';

const NO_STATE = -1;

/** Where the search stands; a choice is begun again after a pause. */
export type Cursor = {
  /** The state being expanded. */
  state: number;
  /** Place in the list of roots. */
  root: number;
  /** Choices of this state that were open so far. */
  open: number;
  transitions: number;
  /** Where the walk stopped: the node, the entry it used and what followed. */
  node: number;
  entry: number;
  next: number;
};

export const cursorAtFirst = (): Cursor => ({
  state: 0,
  root: 0,
  open: 0,
  transitions: 0,
  node: 0,
  entry: 0,
  next: 0,
});

export type Pause =
  /** All states before `until` are expanded. */
  | 'expanded'
  /** `cursor.next` is UNFILLED or special. */
  | 'stopped'
  /** What the choice leads to has a representative that does not fit the layout. */
  | 'unfit'
  /** A condition, one of the first roots, holds. */
  | 'condition'
  | 'full'
  /** The state had no open choice; the cursor is still on it, past its last root. */
  | 'stuck';

/** What an expansion works with; anew after each pause, since a pause may have moved everything. */
export type Workbench = {
  readonly program: Program;
  readonly store: StateStore;
  readonly batch: Batch;
  /** First nodes: of `conditions` conditions, then of choices. */
  readonly roots: Int32Array;
  readonly conditions: number;
  /** Puts the representative in a state's place; undefined: each state stands for itself. */
  readonly canonical: Canonical | undefined;
  /** Stores what was gathered. */
  readonly insert: typeof insertBatch;
  /** The store counts as full beyond. */
  readonly statesMax: number;
};

/**
 * Expands states from the cursor on. Nothing is gathered when it returns. The store is full when it has no room for
 * what a batch may hold, or holds more than is allowed.
 */
export function expand(cursor: Cursor, until: number, bench: Workbench): Pause {
  const { program, store, batch, roots, conditions, canonical, insert } = bench;
  const { code, entries } = program;
  const { words } = store;
  const { states, hashes } = batch;
  const stored = store.states;
  const rootCount = roots.length;
  const statesMax = Math.min(capacityOf(store) - BATCH_STATES, bench.statesMax);
  let { state, root, open, transitions } = cursor;
  let gathered = 0;
  let pause: Pause = 'expanded';
  /** The state whose successors `canonical` knows to expect. */
  let basis = NO_STATE;

  search: for (; state < until; state += 1) {
    const parent = state * words;
    for (; root < rootCount; root += 1) {
      if (gathered === BATCH_STATES) {
        insert(store, batch, gathered);
        gathered = 0;
      }
      if (store.count > statesMax) {
        pause = 'full';
        break search;
      }

      // Most choices are closed, and by their first node: nothing is copied for those.
      let node = roots[root] as number; // root < rootCount
      if (node === CLOSED) continue;
      let at = code[node] as number; // a node has four words
      let value = stored[parent + at] as number; // the layout has no word beyond
      let entry =
        (code[node + 3] as number) + // as above
        (((value >>> (code[node + 1] as number)) & (code[node + 2] as number)) << 1); // as above
      let next = entries[entry + 1] as number; // every value has an entry
      if (next === CLOSED) continue;

      const offset = gathered * words;
      for (let index = 0; index < words; index += 1) {
        states[offset + index] = stored[parent + index] as number; // every stored state has `words` words
      }
      states[offset + at] = value ^ (entries[entry] as number); // as above
      while (next > UNFILLED) {
        node = next;
        at = offset + (code[node] as number); // as above
        value = states[at] as number; // as above
        entry =
          (code[node + 3] as number) + // as above
          (((value >>> (code[node + 1] as number)) & (code[node + 2] as number)) << 1); // as above
        states[at] = value ^ (entries[entry] as number); // as above
        next = entries[entry + 1] as number; // as above
      }

      if (next === CLOSED) continue;
      if (next !== DONE) {
        cursor.node = node;
        cursor.entry = entry;
        cursor.next = next;
        pause = 'stopped';
        break search;
      }
      if (root < conditions) {
        pause = 'condition';
        break search;
      }
      if (canonical !== undefined) {
        if (basis !== state) canonical.from(stored, parent, true);
        basis = state;
        if (!canonical.canonicalise(states, offset)) {
          pause = 'unfit';
          break search;
        }
      }
      hashes[gathered] = hashAt(states, offset, words);
      gathered += 1;
      open += 1;
      transitions += 1;
    }
    if (open === 0) {
      pause = 'stuck';
      break;
    }
    root = 0;
    open = 0;
  }

  insert(store, batch, gathered);
  cursor.state = state;
  cursor.root = root;
  cursor.open = open;
  cursor.transitions = transitions;
  return pause;
}

/**
 * The same, a successor at a time: ends as well when one is found that is new, with the cursor still at its root;
 * it is the last one stored then.
 */
export function expandOnce(cursor: Cursor, bench: Workbench): Pause | 'found' {
  const { program, store, batch, roots, conditions, canonical } = bench;
  const { code, entries } = program;
  const { words } = store;
  const { states, hashes } = batch;
  const parent = cursor.state * words;
  canonical?.from(store.states, parent, true);
  for (; cursor.root < roots.length; cursor.root += 1) {
    if (store.count > Math.min(capacityOf(store) - 1, bench.statesMax)) return 'full';
    for (let index = 0; index < words; index += 1) {
      states[index] = word(store.states, parent + index);
    }
    let node = UNFILLED;
    let entry = 0;
    let next = word(roots, cursor.root);
    while (next > UNFILLED) {
      node = next;
      const at = word(code, node);
      const value = word(states, at);
      entry = word(code, node + 3) + ((value >>> word(code, node + 1)) & word(code, node + 2)) * 2;
      states[at] = value ^ word(entries, entry);
      next = word(entries, entry + 1);
    }
    if (next === CLOSED) continue;
    if (next !== DONE) {
      cursor.node = node;
      cursor.entry = entry;
      cursor.next = next;
      return 'stopped';
    }
    if (cursor.root < conditions) return 'condition';
    if (canonical !== undefined && !canonical.canonicalise(states, 0)) return 'unfit';
    hashes[0] = hashAt(states, 0, words);
    const known = store.count;
    insertBatch(store, batch, 1);
    cursor.open += 1;
    cursor.transitions += 1;
    if (store.count > known) return 'found';
  }
  return cursor.open === 0 ? 'stuck' : 'expanded';
}
