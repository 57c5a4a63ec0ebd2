/**
 * Walker: one state of a world, packed, and what each of its open choices leads to.
 *
 * Method: the program of the search, walked for every choice, so that a strategy sees what is open and, if it wants,
 *         which slots each choice looks at.
 *
 *     parts of `next` and `touched`: | choice 0 | choice 1 | ...      `words` words each
 */
import { invariant } from '../../core/invariant.ts';
import { type Automaton, automatonOf } from '../automaton.ts';
import { type Locals, localOf } from '../careful-step.ts';
import { countStep } from '../counted-pass.ts';
import { pack, unpacked } from '../layout.ts';
import type { Model } from '../model.ts';
import { CLOSED, DONE, ENTRY_WORDS, type Nodes, UNFILLED } from '../program.ts';
import type { Tally } from '../tally.ts';
import type { Violation } from '../violation.ts';

export type Walker = {
  /** Numbers of the open choices, ascending; the first `openCount` are meant. */
  readonly open: Int32Array;
  openCount(): number;
  restart(): void;
  /** Finds what is open in the state it is in. @throws Refused */
  look(): void;
  /** Takes an open choice; the first judged violation that the step passes. */
  take(choice: number): Violation | undefined;
  /** Counts what an open choice does. @throws Refused */
  count(choice: number, tally: Tally): void;
  /** A property that the state breaks. @throws Refused */
  broken(): Violation | undefined;
  /** Names of the slots that may not rest as they are. */
  waiting(): readonly string[];
  locals(): Locals;
  /** Whether an open choice looks at one of these slots. */
  touches(choice: number, slots: readonly number[]): boolean;
  /** Whether one of two open choices changes what the other looks at. */
  race(one: number, other: number): boolean;
};

export function walkerOf(model: Model, judged: (violation: Violation) => boolean): Walker {
  const { cells, choices } = model;
  const automaton = automatonOf(cells, choices, judged);
  const properties = model.properties
    .filter(({ violation }) => judged(violation))
    .map(({ violation, reads }) => ({ violation, root: automaton.condition(reads) }));

  const { nodes } = automaton;
  const steps = packedSteps(automaton);
  const open = new Int32Array(choices.length);
  const passed: (Violation | undefined)[] = [];
  let count = 0;
  let words = automaton.layout().words;
  let state = new Int32Array(words);
  let scratch = new Int32Array(words);
  let next = new Int32Array(words * choices.length);
  let touched = new Int32Array(words * choices.length);

  /** After the layout has grown: the same state, and room for what is found anew. */
  const repack = (locals: Locals): void => {
    words = automaton.layout().words;
    state = new Int32Array(words);
    scratch = new Int32Array(words);
    next = new Int32Array(words * choices.length);
    touched = new Int32Array(words * choices.length);
    pack(automaton.layout(), locals, state, 0);
  };
  const widen = (): void => {
    const locals = unpacked(automaton.layout(), state, 0);
    invariant(automaton.widen(), 'a new local state fits, and is refused all the same');
    repack(locals);
  };
  const slotsTouched = (choice: number, word: number): number =>
    touched[choice * words + word] as number; // word < words

  return {
    open,
    openCount: () => count,
    restart: () => repack(model.first),
    look: () => {
      count = 0;
      for (let choice = 0; choice < choices.length; choice += 1) {
        const root = automaton.roots[choice] ?? CLOSED;
        // Most choices are closed, and by their first node: nothing is copied for those.
        if (isClosedAtOnce(nodes, root, state)) continue;
        const offset = choice * words;
        next.set(state, offset);
        touched.fill(0, offset, offset + words);
        const end = steps.walk(root, next, offset, touched);
        if (end === UNFILLED) {
          widen();
          count = 0;
          choice = -1;
        } else if (end === DONE) {
          passed[choice] = steps.violation();
          open[count] = choice;
          count += 1;
        }
      }
    },
    take: (choice) => {
      state.set(next.subarray(choice * words, (choice + 1) * words));
      return passed[choice];
    },
    count: (choice, tally) => countStep({ automaton, model }, choice, state, tally),
    broken: () =>
      properties.find(({ root }) => {
        for (;;) {
          scratch.set(state);
          const end = steps.walk(root, scratch, 0, scratch);
          if (end !== UNFILLED) return end === DONE;
          widen();
        }
      })?.violation,
    waiting: () => {
      const locals = unpacked(automaton.layout(), state, 0);
      return model.rests
        .filter(({ slot, holds }) => !holds(localOf(locals, slot)))
        .map(({ slot }) => cells.slots.at(slot).name);
    },
    locals: () => unpacked(automaton.layout(), state, 0),
    touches: (choice, slots) => {
      const { fields } = automaton.layout();
      return slots.some((slot) => {
        const field = fields[slot];
        if (field === undefined || field.mask === 0) return false;
        return (slotsTouched(choice, field.word) & (field.mask << field.shift)) !== 0;
      });
    },
    race: (one, other) => {
      for (let index = 0; index < words; index += 1) {
        const before = state[index] as number; // index < words
        const byOne = before ^ (next[one * words + index] as number); // as above
        const byOther = before ^ (next[other * words + index] as number); // as above
        if ((slotsTouched(one, index) & byOther) !== 0) return true;
        if ((slotsTouched(other, index) & byOne) !== 0) return true;
      }
      return false;
    },
  };
}

/** Whether the first entry of a root, if it is filled, says that the choice is closed. */
function isClosedAtOnce({ program }: Nodes, root: number, state: Int32Array): boolean {
  if (root < UNFILLED) return root === CLOSED;
  const { code, entries } = program;
  const value = state[code[root] as number] as number; // a node has four words, a layout no word beyond
  const local = (value >>> (code[root + 1] as number)) & (code[root + 2] as number); // as above
  return entries[(code[root + 3] as number) + local * ENTRY_WORDS + 1] === CLOSED; // every value has an entry
}

type PackedSteps = {
  /**
   * Walks one root to its end in `reached` at `offset`, filling entries on the way, and marks in `looked` the bits it
   * reads; UNFILLED when the layout is too narrow for what it came upon.
   */
  walk(root: number, reached: Int32Array, offset: number, looked: Int32Array): number;
  /** The first violation that the last walk passed. */
  violation(): Violation | undefined;
};

function packedSteps(automaton: Automaton): PackedSteps {
  const { nodes } = automaton;
  let violation: Violation | undefined;

  const walk: PackedSteps['walk'] = (root, reached, offset, looked) => {
    let { code, entries } = nodes.program;
    let node = root;
    let cameFrom = 0;
    violation = undefined;
    while (node !== DONE && node !== CLOSED && node !== UNFILLED) {
      if (node < CLOSED) {
        const special = automaton.special(node);
        ({ code, entries } = nodes.program);
        violation ??= special.violation;
        // What a branch stands for is the same ever after.
        const isFound = special.violation === undefined && special.next !== UNFILLED;
        if (isFound && cameFrom > 0) entries[cameFrom] = special.next;
        cameFrom = 0;
        node = special.next;
        continue;
      }
      const at = offset + (code[node] as number); // a node has four words
      const value = reached[at] as number; // the layout has no word beyond
      const shift = code[node + 1] as number; // as above
      const mask = code[node + 2] as number; // as above
      const local = (value >>> shift) & mask;
      let entry = (code[node + 3] as number) + local * ENTRY_WORDS; // as above
      if (entries[entry + 1] === UNFILLED) {
        if (automaton.fill(node, local) === UNFILLED) return UNFILLED;
        ({ code, entries } = nodes.program);
        entry = (code[node + 3] as number) + local * ENTRY_WORDS; // as above
      }
      if (looked !== reached) looked[at] = (looked[at] as number) | (mask << shift); // as above
      reached[at] = value ^ (entries[entry] as number); // every value has an entry
      cameFrom = entry + 1;
      node = entries[cameFrom] as number; // as above
    }
    return node;
  };
  return { walk, violation: () => violation };
}
