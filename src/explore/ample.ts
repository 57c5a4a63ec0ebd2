/**
 * Ample: few actors whose steps are enough in a state, because nothing the others ever do can meet them.
 *
 * Method: from each actor, everybody is added whose steps to come may write what a step of those chosen looks at
 * now, or look at what it writes: then whatever the others do first, the chosen steps stay as they are, open ones
 * open and closed ones closed, and can be taken before it. Chosen steps may change nothing that a property or
 * sighting asks, or an order of states that is left out could have been the one that shows it.
 */
import { word } from '../core/words.ts';
import type { Footprints } from './footprints.ts';
import type { Layout } from './layout.ts';

/** Sets of actors are bits of a word. */
export const ACTORS_MAX = 31;

export type Ample = {
  /** Looks at a state; how many choices of actors there are. */
  look(states: Int32Array, offset: number): number;
  /** The choices found by the last look, the smallest first: a bit for each actor, by place. */
  choice(at: number): number;
};

/** `actors` by slot, {@link ACTORS_MAX} at most. */
export function ampleIn(
  footprints: Footprints,
  layout: Layout,
  actors: readonly number[],
  slots: number,
): Ample {
  const setWords = Math.max(1, Math.ceil(slots / 32));
  const stride = 4 * setWords + 1;
  const everybody = 2 ** actors.length - 1;
  const fields = actors.map((slot) => layout.fields[slot] ?? { word: 0, shift: 0, mask: 0 });
  // | touched now | written now | touched later | written later | is seen |, by local state; unknown meets all
  const tables = actors.map((slot) => {
    const table = new Int32Array(((fieldMask(layout, slot) + 1) * stride) | 0).fill(-1);
    for (const [local, { now, later, isSeen }] of (footprints.get(slot) ?? []).entries()) {
      const sets = [now.touched, now.written, later.touched, later.written];
      const row = [...sets.flatMap((set) => [...set]), isSeen ? 1 : 0];
      if ((local + 1) * stride <= table.length) table.set(row, local * stride);
    }
    return table;
  });
  const rows = new Int32Array(actors.length);
  const found = new Int32Array(actors.length);

  /** Whether the next step of one actor may meet a later one of another. */
  const conflict = (one: number, other: number): boolean => {
    const now = tables[one] as Int32Array; // one for each actor
    const later = tables[other] as Int32Array; // as above
    const at = word(rows, one);
    const from = word(rows, other) + 2 * setWords;
    for (let index = 0; index < setWords; index += 1) {
      const touched = word(now, at + index);
      const written = word(now, at + setWords + index);
      if ((written & word(later, from + index)) !== 0) return true;
      if ((touched & word(later, from + setWords + index)) !== 0) return true;
    }
    return false;
  };
  /** Everybody who has to be chosen with an actor; 0 when that is all, or somebody would see it. */
  const closure = (first: number): number => {
    let chosen = 1 << first;
    let waiting = chosen;
    while (waiting !== 0) {
      const one = 31 - Math.clz32(waiting);
      waiting ^= 1 << one;
      if (word(tables[one] as Int32Array, word(rows, one) + 4 * setWords) !== 0) return 0; // as above
      for (let other = 0; other < actors.length; other += 1) {
        if (((chosen >>> other) & 1) === 1 || !conflict(one, other)) continue;
        chosen |= 1 << other;
        waiting |= 1 << other;
      }
      if (chosen === everybody) return 0;
    }
    return chosen;
  };

  return {
    look: (states, offset) => {
      for (let actor = 0; actor < actors.length; actor += 1) {
        const { word: at, shift, mask } = fields[actor] as (typeof fields)[number]; // one for each
        rows[actor] = ((word(states, offset + at) >>> shift) & mask) * stride;
      }
      let count = 0;
      for (let first = 0; first < actors.length; first += 1) {
        const chosen = closure(first);
        if (chosen === 0) continue;
        const size = sizeOf(chosen);
        let at = count;
        for (; at > 0 && sizeOf(word(found, at - 1)) > size; at -= 1)
          found[at] = word(found, at - 1);
        found[at] = chosen;
        count += 1;
      }
      return count;
    },
    choice: (at) => word(found, at),
  };
}

const fieldMask = ({ fields }: Layout, slot: number): number => fields[slot]?.mask ?? 0;

function sizeOf(set: number): number {
  let size = 0;
  for (let left = set; left !== 0; left &= left - 1) size += 1;
  return size;
}
