/**
 * Layout: where each slot's local state lies in a packed state, as bits of 32-bit words.
 *
 * A field never straddles a word. Widths are found, not declared: a kind gets a bit more when it outgrows its own.
 *
 *     word 0: | ring | worker[0] | worker[1] | ... |      widest first, into the first word with room
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';

const WORD_BITS = 32;
const FIELD_BITS_MAX = 31;
/** Source word, shift and mask of a field that moves; target word and shift. */
const MOVE_WORDS = 5;

export type Field = {
  readonly word: number;
  readonly shift: number;
  /** 2 ** width - 1; 0 for a slot that has only one state. */
  readonly mask: number;
};

export type Layout = {
  readonly words: number;
  /** By slot. */
  readonly fields: readonly Field[];
};

/** Bits that hold the numbers below `count`. */
export const bitsFor = (count: number): number => (count <= 1 ? 0 : 32 - Math.clz32(count - 1));

/** `widths` by slot, in bits. */
export function layoutOf(widths: readonly number[]): Layout {
  const used: number[] = [0];
  const fields: Field[] = widths.map(() => ({ word: 0, shift: 0, mask: 0 }));
  const order = widths.map((width, slot) => ({ width, slot })).filter(({ width }) => width > 0);
  for (const { width, slot } of order.sort((a, b) => b.width - a.width || a.slot - b.slot)) {
    invariant(width <= FIELD_BITS_MAX, `slot ${slot} needs ${width} bits`);
    const free = used.findIndex((bits) => bits + width <= WORD_BITS);
    const at = free < 0 ? used.push(0) - 1 : free;
    const shift = used[at] ?? 0;
    fields[slot] = { word: at, shift, mask: 2 ** width - 1 };
    used[at] = shift + width;
  }
  return { words: used.length, fields };
}

/**
 * The same with fields wider by a bit where that takes no word more, so that states need not be packed anew so soon.
 * `kinds`: slots that get it together, those who are to have it first.
 */
export function roomyLayout(
  widths: readonly number[],
  kinds: readonly (readonly number[])[],
): Layout {
  let given = widths;
  let layout = layoutOf(widths);
  for (const slots of kinds) {
    const wider = given.map((width, slot) => (slots.includes(slot) ? width + 1 : width));
    const roomier = layoutOf(wider);
    if (roomier.words > layout.words) continue;
    given = wider;
    layout = roomier;
  }
  return layout;
}

/** Reads the state at `offset` words. */
export const unpacked = ({ fields }: Layout, words: Int32Array, offset: number): number[] =>
  fields.map((field) => (word(words, offset + field.word) >>> field.shift) & field.mask);

/** Whether every local state has a field wide enough. */
export const fitsIn = ({ fields }: Layout, locals: readonly number[]): boolean =>
  fields.every(({ mask }, slot) => (locals[slot] ?? 0) <= mask);

/** Writes a state at `offset` words, whatever was there. */
export function pack(layout: Layout, locals: readonly number[], words: Int32Array, offset: number) {
  words.fill(0, offset, offset + layout.words);
  for (const [slot, field] of layout.fields.entries()) {
    const local = locals[slot] ?? 0;
    invariant(local <= field.mask, `local state ${local} of slot ${slot} does not fit`);
    words[offset + field.word] = word(words, offset + field.word) | (local << field.shift);
  }
}

/**
 * How a state that is packed in one layout is written in another: from the words at one offset to those at another,
 * whatever was there. Nothing is allocated for a state. Caller's duty: its fields are wide enough.
 */
export function moverBetween(
  from: Layout,
  to: Layout,
): (words: Int32Array, offset: number, into: Int32Array, at: number) => void {
  const moved = from.fields.flatMap(({ word: source, shift, mask }, slot) => {
    const field = to.fields[slot];
    invariant(field !== undefined, `slot ${slot} has no field`);
    return mask === 0 ? [] : [source, shift, mask, field.word, field.shift];
  });
  const moves = Int32Array.from(moved);
  return (words, offset, into, at) => {
    into.fill(0, at, at + to.words);
    for (let move = 0; move < moves.length; move += MOVE_WORDS) {
      const read = word(words, offset + word(moves, move)) >>> word(moves, move + 1);
      const place = at + word(moves, move + 3);
      const local = read & word(moves, move + 2);
      into[place] = word(into, place) | (local << word(moves, move + 4));
    }
  };
}
