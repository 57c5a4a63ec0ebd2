/**
 * Program: the cells as an automaton over packed words, the form the search runs.
 *
 * A node looks at one slot's local state and has one entry for each: bits to flip in that slot's word, and the node
 * that follows. Firing an event, following an answer and writing a slot are all such nodes, so a step is a walk
 * that ends in DONE or CLOSED. What is left to do after a transition (its calls, its caller's other calls) is part
 * of the node, so nodes are shared wherever the same is left to do and no stack is needed.
 *
 *     code:    | word | shift | mask | base |      4 a node
 *     entries: | flip | next |                     2 an entry, from base on, one for each value of the field
 */
import { word } from '../core/words.ts';
import type { Field, Layout } from './layout.ts';

/** An entry nobody has needed yet. */
export const UNFILLED = 0;
/** The step is over. */
export const DONE = -1;
/** The choice isn't open in this state. */
export const CLOSED = -2;
/** References below are of special nodes, numbered from here downwards. */
export const SPECIAL = -3;

const NODE_WORDS = 4;
export const ENTRY_WORDS = 2;

export type Program = {
  code: Int32Array;
  entries: Int32Array;
};

export type Nodes = {
  readonly program: Program;
  /** Adds a node that reads a slot and returns its reference, a multiple of NODE_WORDS above 0. */
  reading(slot: number): number;
  /** Adds a node that flips bits of a slot's value, whatever they are, and goes on. */
  flipping(slot: number, flip: number, next: number): number;
  /** Value of the node's slot in a state. */
  valueAt(node: number, words: Int32Array): number;
  fill(node: number, value: number, flip: number, next: number): void;
  follow(node: number, value: number): number;
  slotOf(node: number): number;
  /** Whether the node does something else for each value. */
  isReading(node: number): boolean;
  /** How often an entry was filled. */
  fills(): number;
  /** Entries that are filled. */
  entriesOf(node: number): readonly Entry[];
  /** Moves every node to another layout. */
  relayout(layout: Layout): void;
};

/** The bits an entry flips are those of the slot's local state. */
export type Entry = { readonly value: number; readonly flip: number; readonly next: number };

type Node = { readonly slot: number; readonly reads: boolean };

export function nodesFor(first: Layout, ints: Ints = ownInts): Nodes {
  const program: Program = { code: ints(1024), entries: ints(4096) };
  const nodes: Node[] = [{ slot: 0, reads: false }]; // node 0 would be UNFILLED
  let layout = first;
  let used = 0;
  let fills = 0;

  const at = (index: number): number => word(program.code, index);
  const fieldOf = (slot: number): Field => layout.fields[slot] ?? { word: 0, shift: 0, mask: 0 };
  const reserve = (count: number): number => {
    const base = used;
    used += count * ENTRY_WORDS;
    if (used > program.entries.length) program.entries = grown(program.entries, used);
    return base;
  };
  const place = (index: number, node: Node): void => {
    const { word, shift, mask } = fieldOf(node.slot);
    const read = node.reads ? mask : 0;
    program.code.set([word, shift, read, reserve(read + 1)], index * NODE_WORDS);
  };
  const add = (node: Node): number => {
    const index = nodes.push(node) - 1;
    const length = nodes.length * NODE_WORDS;
    if (length > program.code.length) program.code = grown(program.code, length);
    place(index, node);
    return index * NODE_WORDS;
  };
  const entryOf = (node: number, value: number): number =>
    at(node + 3) + (at(node + 2) & value) * ENTRY_WORDS;
  const fill = (node: number, value: number, flip: number, next: number): void => {
    const entry = entryOf(node, value);
    fills += 1;
    program.entries[entry] = flip << at(node + 1);
    program.entries[entry + 1] = next;
  };

  return {
    program,
    reading: (slot) => add({ slot, reads: true }),
    flipping: (slot, flip, next) => {
      const node = add({ slot, reads: false });
      fill(node, 0, flip, next);
      return node;
    },
    valueAt: (node, words) => (word(words, at(node)) >>> at(node + 1)) & at(node + 2),
    fill,
    follow: (node, value) => word(program.entries, entryOf(node, value) + 1),
    isReading: (node) => nodes[node / NODE_WORDS]?.reads === true,
    fills: () => fills,
    slotOf: (node) => nodes[node / NODE_WORDS]?.slot ?? -1,
    entriesOf: (node) => {
      const found: Entry[] = [];
      for (let value = 0; value <= at(node + 2); value += 1) {
        const next = word(program.entries, entryOf(node, value) + 1);
        const flip = word(program.entries, entryOf(node, value)) >>> at(node + 1);
        if (next !== UNFILLED) found.push({ value, flip, next });
      }
      return found;
    },
    relayout: (next) => {
      const code = program.code.slice();
      const entries = program.entries;
      program.entries = intsLike(entries)(entries.length);
      used = 0;
      layout = next;
      for (const [index, node] of nodes.entries()) {
        const start = index * NODE_WORDS;
        place(index, node);
        // What is beyond either of the fields is no local state.
        const last = Math.min(word(code, start + 2), at(start + 2));
        for (let value = 0; value <= last; value += 1) {
          const entry = word(code, start + 3) + value * ENTRY_WORDS;
          const flip = word(entries, entry) >>> word(code, start + 1);
          fill(start, value, flip, word(entries, entry + 1));
        }
      }
    },
  };
}

/** Makes an array of whole numbers, all 0. */
export type Ints = (length: number) => Int32Array;

export const ownInts: Ints = (length) => new Int32Array(length);
/** Other threads may have them too. */
export const sharedInts: Ints = (length) => new Int32Array(new SharedArrayBuffer(length * 4));

/** Whether other threads may have `array` decides whether they may have what takes its place. */
export const intsLike = (array: Int32Array): Ints => (isShared(array) ? sharedInts : ownInts);

export const isShared = ({ buffer }: Int32Array): boolean => buffer instanceof SharedArrayBuffer;

/** A copy at least twice as long, and long enough. */
export function grown(array: Int32Array, length: number): Int32Array {
  const longer = intsLike(array)(Math.max(length, array.length * 2));
  longer.set(array);
  return longer;
}
