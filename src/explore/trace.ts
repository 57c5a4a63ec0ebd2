/**
 * Trace: the shortest way to a state, rebuilt when it is wanted.
 *
 * The search keeps no parents. Breadth-first order stores each state behind the first that leads to it, one level
 * lower, so going through that level again finds the same parent: at most the work of the search once more, and
 * nothing at all when there is nothing to tell.
 */
import { InvariantViolation, invariant } from '../core/invariant.ts';
import type { Automaton } from './automaton.ts';
import { carefulStep, type Locals, localOf, type Step } from './careful-step.ts';
import type { Cells } from './cells.ts';
import { type Choice, choiceAt } from './choices.ts';
import type { Model } from './model.ts';
import type { Trace, TraceStep } from './outcome.ts';
import { plainText } from './plain-text.ts';
import { CLOSED, DONE, ENTRY_WORDS } from './program.ts';
import type { StateStore } from './state-store.ts';

/** A way to a stored state; `levels` are the numbers of the first state of each depth. */
export function wayTo(
  state: number,
  levels: readonly number[],
  store: StateStore,
  automaton: Automaton,
): number[] {
  const way: number[] = [];
  let target = state;
  for (let depth = levels.findLastIndex((start) => start <= state); depth > 0; depth -= 1) {
    const found = parentOf(target, levels[depth - 1] ?? 0, levels[depth] ?? 0, store, automaton);
    way.unshift(found.choice);
    target = found.parent;
  }
  return way;
}

function parentOf(
  target: number,
  start: number,
  end: number,
  store: StateStore,
  automaton: Automaton,
): { readonly parent: number; readonly choice: number } {
  const { states, words } = store;
  const goal = states.slice(target * words, (target + 1) * words);
  for (let parent = start; parent < end; parent += 1) {
    for (const [choice, root] of automaton.roots.entries()) {
      const reached = states.slice(parent * words, (parent + 1) * words);
      if (walk(automaton, root, reached) && goal.every((word, at) => word === reached[at])) {
        return { parent, choice };
      }
    }
  }
  throw new InvariantViolation(`state ${target} has no parent in the level before`);
}

/** Takes a choice in a packed state, in place; false when it isn't open. Every entry on the way is filled. */
function walk({ nodes, special }: Automaton, root: number, words: Int32Array): boolean {
  const { code, entries } = nodes.program;
  let node = root;
  while (node !== DONE && node !== CLOSED) {
    if (node < 0) {
      node = special(node).next;
      continue;
    }
    const value = nodes.valueAt(node, words);
    const entry = (code[node + 3] ?? 0) + value * ENTRY_WORDS;
    const at = code[node] ?? 0;
    words[at] = (words[at] ?? 0) ^ (entries[entry] ?? 0);
    node = entries[entry + 1] ?? CLOSED;
    invariant(node !== 0, 'the way has an entry that was never filled');
  }
  return node === DONE;
}

/** Tells a way step by step, from the first state. @throws InvariantViolation when a choice isn't open */
export function toldTrace({ cells, choices, first }: Model, way: readonly number[]): Trace {
  let locals = first;
  return way.map((number) => {
    const choice = choiceAt(choices, number);
    const step = carefulStep(cells, locals, choice);
    invariant(step !== undefined, `a choice of ${choice.slot.name} on the way is not open`);
    const told = toldStep(cells, locals, choice, step);
    locals = step.locals;
    return told;
  });
}

function toldStep(cells: Cells, before: Locals, choice: Choice, step: Step): TraceStep {
  const changes = cells.slots.all.flatMap((slot) => {
    const valueIn = (locals: Locals) =>
      cells.localsOf(slot).snapshotOf(slot, localOf(locals, slot.number)).value;
    const to = valueIn(step.locals);
    return plainText(valueIn(before)) === plainText(to) ? [] : [{ slot: slot.name, to }];
  });
  const { effects, violations } = step;
  const event = cells.eventOf(choice.slot, step.event);
  return { choice: choice.number, actor: choice.slot.name, event, effects, violations, changes };
}
