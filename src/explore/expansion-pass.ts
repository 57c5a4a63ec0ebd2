/**
 * Expansion pass: what one thread does of a level: chunks of states, until there are none or somebody must look.
 *
 * Whatever only the main thread can do (fill an entry, judge a state without choices, tell what is violated) is set
 * aside, the whole state, as if it had not been begun: what it led to is found to be known when it is done again.
 */
import { word } from '../core/words.ts';
import { type Canonical, canonicalFor, type Exchanges } from './canonical.ts';
import { cursorAtFirst, expand, type Workbench } from './expansion.ts';
import type { Program } from './program.ts';
import { type Places, sharedInsertion } from './shared-insertion.ts';
import { BATCH_STATES, batchFor, capacityOf } from './state-store.ts';

/** Words that all threads share. */
export const CONTROL = {
  /** Number of the pass; threads sleep on it. */
  pass: 0,
  /** Threads that have ended the pass; the main thread sleeps on it. */
  ended: 1,
  /** The next state nobody has taken. */
  next: 2,
  until: 3,
  /** Places taken in the store. */
  count: 4,
  /** States set aside. */
  aside: 5,
  /** The pass is broken off. */
  broken: 6,
  exit: 7,
  failed: 8,
  words: 16,
} as const;

const CHUNK_STATES = 256;
/** More set aside break a pass off: they wait for the same few entries. */
export const ASIDE_MAX = 4096;

/** Of each thread, by its number: places left over, what is left of its chunk, and transitions taken. */
export const OWN = { next: 0, end: 1, from: 2, until: 3, transitions: 4, words: 32 } as const;

/** Where everything lies; anew whenever something moved. */
export type Shared = {
  readonly program: Program;
  readonly states: Int32Array;
  readonly table: Int32Array;
  readonly words: number;
  readonly roots: Int32Array;
  readonly conditions: number;
  readonly exchanges: Exchanges | undefined;
};

export type Boards = {
  readonly control: Int32Array;
  readonly own: Int32Array;
  readonly aside: Int32Array;
};

export type PassRunner = {
  /** Uses other memory from now on. */
  use(shared: Shared): void;
  run(): void;
};

export function passRunner({ control, own, aside }: Boards, thread: number): PassRunner {
  const at = thread * OWN.words;
  const places: Places = { next: 0, end: 0 };
  let bench: Workbench | undefined;

  const setAside = (state: number): void => {
    const place = Atomics.add(control, CONTROL.aside, 1);
    aside[place] = state;
    if (place >= ASIDE_MAX) Atomics.store(control, CONTROL.broken, 1);
  };
  /** Expands from one state to before another; tells where it was broken off. */
  const expandChunk = (from: number, until: number, of: Workbench): number => {
    const cursor = cursorAtFirst();
    cursor.state = from;
    while (cursor.state < until) {
      if (Atomics.load(control, CONTROL.broken) !== 0) break;
      const pause = expand(cursor, until, of);
      if (pause === 'expanded') break;
      // What was taken of this state is taken again when it is done anew.
      cursor.transitions -= cursor.open;
      cursor.open = 0;
      cursor.root = 0;
      if (pause === 'full') {
        Atomics.store(control, CONTROL.broken, 1);
        break;
      }
      setAside(cursor.state);
      cursor.state += 1;
    }
    own[at + OWN.transitions] = word(own, at + OWN.transitions) + cursor.transitions;
    return cursor.state;
  };

  return {
    use: ({ program, states, table, words, roots, conditions, exchanges }) => {
      const canonical: Canonical | undefined = exchanges && canonicalFor(exchanges, () => false);
      const store = { states, table, words, count: 0 };
      bench = {
        program,
        store,
        batch: batchFor(words),
        roots,
        conditions,
        canonical,
        // A batch may begin a block in each thread.
        statesMax: capacityOf(store) - roomFor(own),
        insert: sharedInsertion(control, CONTROL.count, places),
      };
    },
    run: () => {
      if (bench === undefined) return;
      bench.store.count = Atomics.load(control, CONTROL.count);
      places.next = 0;
      places.end = 0;
      const until = word(control, CONTROL.until);
      let from = word(own, at + OWN.from);
      let end = word(own, at + OWN.until);
      for (;;) {
        if (from === end) {
          if (Atomics.load(control, CONTROL.broken) !== 0) break;
          from = Math.min(until, Atomics.add(control, CONTROL.next, CHUNK_STATES));
          end = Math.min(until, from + CHUNK_STATES);
          if (from === end) break;
        }
        from = expandChunk(from, end, bench);
        if (from < end) break;
      }
      own.set([places.next, places.end, from, end], at);
    },
  };
}

/** States a store must have room for beyond what it counts: blocks begun, of every thread, and a batch. */
export const roomFor = (own: Int32Array): number =>
  (own.length / OWN.words) * 4 * BATCH_STATES + BATCH_STATES;
