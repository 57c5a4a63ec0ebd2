/**
 * Shared insertion: states stored by several threads at once, without locks.
 *
 * A thread writes a state to a place of its own, where nobody looks yet, and then puts its number into the set by
 * compare-and-exchange. When another was faster, the place is used for the next one. Places come in blocks, so that
 * threads seldom meet on the count; what is left of a block when a pass ends is free, and closed up by the main thread.
 */
import { word } from '../core/words.ts';
import { BATCH_STATES, type Batch, readAhead, type StateStore } from './state-store.ts';
import { placeOf, shapeOf } from './visited-table.ts';

/** Places a thread takes at a time; more than a batch can need. */
const BLOCK_STATES = 2 * BATCH_STATES;

/** Places a thread may write to: from `next` to before `end`. */
export type Places = { next: number; end: number };

/** `count` is the word that counts places taken. Caller's duty: the store has room for a block a thread. */
export function sharedInsertion(control: Int32Array, count: number, places: Places) {
  return (store: StateStore, batch: Batch, gathered: number): void => {
    const { states, table, words } = store;
    const { states: found, hashes } = batch;
    const shape = shapeOf(table.length);
    const { length, bits, mask } = shape;
    readAhead(store, batch, gathered);

    for (let index = 0; index < gathered; index += 1) {
      if (places.next === places.end) {
        places.next = Atomics.add(control, count, BLOCK_STATES);
        places.end = places.next + BLOCK_STATES;
      }
      const offset = index * words;
      const hash = hashes[index] as number; // index < gathered
      const tag = hash << bits;
      const entry = (places.next + 1) | tag;
      let isWritten = false;
      let at = placeOf(hash, shape);
      for (;;) {
        let known = Atomics.load(table, at);
        if (known === 0) {
          if (!isWritten) {
            for (let to = 0; to < words; to += 1) {
              states[places.next * words + to] = found[offset + to] as number; // to < words
            }
            isWritten = true;
          }
          known = Atomics.compareExchange(table, at, 0, entry);
          if (known === 0) {
            places.next += 1;
            break;
          }
        }
        if (((known ^ tag) & ~mask) === 0) {
          const other = ((known & mask) - 1) * words;
          let same = 0;
          while (same < words && states[other + same] === found[offset + same]) same += 1;
          if (same === words) break;
        }
        at += 1;
        if (at === length) at = 0;
      }
    }
    store.count = word(control, count);
  };
}
