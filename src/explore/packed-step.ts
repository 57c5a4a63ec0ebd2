/**
 * Packed step: one choice taken in a packed state, where a search has walked.
 */
import { word } from '../core/words.ts';
import type { Automaton } from './automaton.ts';
import { CLOSED, DONE, ENTRY_WORDS, UNFILLED } from './program.ts';

/** Takes a choice in place; false when it isn't open, or no search ever walked this way. */
export function packedStep(
  { nodes, special }: Automaton,
  root: number,
  words: Int32Array,
): boolean {
  const { code, entries } = nodes.program;
  let node = root;
  while (node !== DONE && node !== CLOSED) {
    if (node < UNFILLED) {
      node = special(node).next;
      continue;
    }
    if (node === UNFILLED) return false;
    const entry = word(code, node + 3) + nodes.valueAt(node, words) * ENTRY_WORDS;
    const at = word(code, node);
    words[at] = word(words, at) ^ word(entries, entry);
    node = word(entries, entry + 1);
  }
  return node === DONE;
}
