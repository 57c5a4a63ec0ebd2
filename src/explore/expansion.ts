/**
 * Expansion: the hot loop. Takes stored states in order, walks the program for each choice, gathers what comes of it.
 *
 * It knows numbers only. Whatever it can't do (an entry nobody filled, a full store, a state without choices) it
 * returns as a pause, with the cursor standing at the choice to be tried again.
 *
 * Successors are gathered in a batch before they are looked up, because a look-up waits for memory: a batch of them
 * waits once (measured: a third off the whole search).
 */
import { CLOSED, DONE, type Program, UNFILLED } from './program.ts';
import { BATCH_STATES, type Batch, hashAt, insertBatch, type StateStore } from './state-store.ts';

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

export type Pause =
  /** All states before `until` are expanded. */
  | 'expanded'
  /** `cursor.next` is UNFILLED or special. */
  | 'stopped'
  /** A condition, one of the first roots, holds. */
  | 'condition'
  | 'full'
  /** The state had no open choice; the cursor is still on it, past its last root. */
  | 'stuck';

/**
 * The first `conditions` roots are conditions, the others choices. Nothing is gathered when it returns. The store is
 * full when it has no room for what a batch may hold, or holds more than `limit`.
 */
export function expand(
  cursor: Cursor,
  until: number,
  program: Program,
  store: StateStore,
  batch: Batch,
  roots: Int32Array,
  conditions: number,
  limit: number,
): Pause {
  const { code, entries } = program;
  const { words } = store;
  const { states, hashes } = batch;
  const stored = store.states;
  const rootCount = roots.length;
  const statesMax = Math.min((store.table.length >>> 1) - BATCH_STATES, limit);
  let { state, root, open, transitions } = cursor;
  let gathered = 0;
  let pause: Pause = 'expanded';

  search: for (; state < until; state += 1) {
    const parent = state * words;
    for (; root < rootCount; root += 1) {
      if (gathered === BATCH_STATES) {
        insertBatch(store, batch, gathered);
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

  insertBatch(store, batch, gathered);
  cursor.state = state;
  cursor.root = root;
  cursor.open = open;
  cursor.transitions = transitions;
  return pause;
}
