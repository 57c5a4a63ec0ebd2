/**
 * Counted pass: the steps a search has taken, gone through once more to count the transitions in them.
 *
 * A search that nobody asks for counts carries nothing along for them: what it took is in the states it stored.
 */

import { word } from '../core/words.ts';
import { carefulStep } from './careful-step.ts';
import type { Decided } from './cells.ts';
import { choiceAt } from './choices.ts';
import type { Tried } from './course.ts';
import { unpacked } from './layout.ts';
import { CLOSED, DONE, ENTRY_WORDS, UNFILLED } from './program.ts';
import type { Space } from './space.ts';
import { type Tally, tallyOf } from './tally.ts';

/** States between two pauses. */
const SLICE_STATES = 5_000;

/** Pauses every so often. */
export function* countedPass({ space, states }: Tried): Generator<undefined, Tally> {
  const { model, store } = space;
  const tally = tallyOf(model.cells);
  for (const cell of model.firstCells) tally.add(cell);
  let left = SLICE_STATES;
  for (const { state, choices } of states()) {
    const words = store.states.subarray(state * store.words, (state + 1) * store.words);
    for (let choice = 0; choice < choices; choice += 1) countStep(space, choice, words, tally);
    left -= 1;
    if (left > 0) continue;
    left = SLICE_STATES;
    yield;
  }
  return tally;
}

/** Counts what a choice does in a packed state, if it is open there. */
export function countStep(
  { automaton, model }: Pick<Space, 'automaton' | 'model'>,
  choice: number,
  state: Int32Array,
  tally: Tally,
): void {
  const { nodes, special, firedAt, roots, layout } = automaton;
  const { code, entries } = nodes.program;
  const words = Int32Array.from(state);
  const fired: Decided[] = [];
  let node = roots[choice] ?? CLOSED;
  while (node > UNFILLED || node < CLOSED) {
    if (node < CLOSED) {
      const passed = special(node);
      // A search ends where something is violated; the step has more to it.
      node = passed.violation === undefined ? passed.next : UNFILLED;
      continue;
    }
    const cell = firedAt(node, words);
    if (cell !== undefined) fired.push(cell);
    const entry = word(code, node + 3) + nodes.valueAt(node, words) * ENTRY_WORDS;
    const at = word(code, node);
    words[at] = word(words, at) ^ word(entries, entry);
    node = word(entries, entry + 1);
  }
  if (node === CLOSED) return;
  const { cells, choices } = model;
  const taken =
    node === DONE
      ? fired
      : (carefulStep(cells, unpacked(layout(), state, 0), choiceAt(choices, choice))?.cells ?? []);
  for (const each of taken) tally.add(each);
}
