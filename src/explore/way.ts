/**
 * Way: stored states from the first one on, and the choices between them, found again when they are wanted.
 *
 * The search keeps no parents. Breadth-first order stores each state behind the first that leads to it, one level
 * lower, so going through that level again finds the same parent: at most the work of the search once more, and
 * nothing at all when there is nothing to tell.
 */
import { invariant } from '../core/invariant.ts';
import type { Space } from './space.ts';

export type Way = {
  /** Whose states they are. */
  readonly space: Space;
  /** By number, the first state first. */
  readonly states: readonly number[];
  /** By number; one less than states when it ends in one, as many when it ends in a step that goes wrong. */
  readonly choices: readonly number[];
};

/** The way, and one choice more that goes wrong. */
export const withLast = (way: Way, choice: number): Way => ({
  ...way,
  choices: [...way.choices, choice],
});

/** A shortest way to a stored state; `levels` are the numbers of the first state of each depth. */
export function wayTo(state: number, levels: readonly number[], space: Space): Way {
  const choices: number[] = [];
  const states: number[] = [state];
  let target = state;
  for (let depth = levels.findLastIndex((start) => start <= state); depth > 0; depth -= 1) {
    const found = parentOf(target, levels[depth - 1] ?? 0, levels[depth] ?? 0, space);
    choices.unshift(found.choice);
    states.unshift(found.parent);
    target = found.parent;
  }
  return { space, states, choices };
}

function parentOf(target: number, start: number, end: number, space: Space): Link {
  const { states, words } = space.store;
  const goal = states.slice(target * words, (target + 1) * words);
  const found = parentAmong(goal, states, start, end, space);
  invariant(found !== undefined, `state ${target} has no parent in the level before`);
  return found;
}

type Link = { readonly parent: number; readonly choice: number };

/** The first of the states from place `start` to before `end` that a choice leads from to `goal`. */
export function parentAmong(
  goal: Int32Array,
  states: Int32Array,
  start: number,
  end: number,
  { store: { words }, automaton, step }: Space,
): Link | undefined {
  for (let parent = start; parent < end; parent += 1) {
    for (const [choice, root] of automaton.roots.entries()) {
      const reached = states.slice(parent * words, (parent + 1) * words);
      if (step(root, reached) && goal.every((word, at) => word === reached[at])) {
        return { parent, choice };
      }
    }
  }
  return undefined;
}
