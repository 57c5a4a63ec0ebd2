/**
 * Goals: whether what shall be reached can be, from every stored state that asks for it, once all are stored.
 *
 * Method: every step is taken once more and kept as a link from a state to those before it; going back from where the
 * goal holds, along the steps that it may count on, finds every state that can come there. The first state, in the
 * order of discovery, that asks and cannot is stranded.
 *
 * Policy: states that are stored but not expanded would look stranded, so only a complete space is judged.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import type { ModelGoal } from './model.ts';
import type { SlotRead } from './reads.ts';
import type { Space } from './space.ts';
import { hashAt, numberOf } from './state-store.ts';

export type Stranded = { readonly goal: ModelGoal; readonly state: number };

export type GoalJudge = {
  /** Looks at about that many states more; undefined: not over. */
  advance(states: number): { readonly stranded: Stranded | undefined } | undefined;
};

/** `transitions` are those of the whole space. */
export function goalJudge(
  space: Space,
  goals: readonly ModelGoal[],
  transitions: number,
): GoalJudge {
  let at = 0;
  const links = linksOf(space, goals.length === 0 ? 0 : transitions);
  return {
    advance: (states) => {
      for (;;) {
        const goal = goals[at];
        if (goal === undefined) return { stranded: undefined };
        links.add(states);
        if (!links.isWhole()) return undefined;
        const state = strandedIn(space, goal, links);
        if (state >= 0) return { stranded: { goal, state } };
        at += 1;
      }
    },
  };
}

/** Steps backwards: a list for each state, of the states before it and the choices made there. */
type Links = {
  /** Adds the steps of up to `states` states more. */
  add(states: number): void;
  isWhole(): boolean;
  /** Calls `visit` with every state one of the `counted` choices before `state`, perhaps more than once. */
  before(state: number, counted: readonly boolean[], visit: (state: number) => void): void;
};

function linksOf({ store, automaton, step }: Space, transitions: number): Links {
  const { words } = store;
  const roots = Int32Array.from(automaton.roots);
  /** Number of a link; 0 ends a list. */
  const first = new Int32Array(store.count);
  const source = new Int32Array(transitions + 1);
  const choice = new Int32Array(transitions + 1);
  const next = new Int32Array(transitions + 1);
  const reached = new Int32Array(words);
  let linked = 0;
  let done = 0;

  const link = (from: number, by: number): void => {
    const to = numberOf(store, reached, hashAt(reached, 0, words));
    if (to < 0) invariant(false, `a step of state ${from} leads out of the space`);
    linked += 1;
    source[linked] = from;
    choice[linked] = by;
    next[linked] = word(first, to);
    first[to] = linked;
  };
  return {
    isWhole: () => {
      if (done < store.count) return false;
      invariant(linked === transitions, `${linked} of ${transitions} transitions were found again`);
      return true;
    },
    add: (states) => {
      const end = Math.min(store.count, done + states);
      for (; done < end; done += 1) {
        // Word by word, and counted: views and iterators would be made for every step there is.
        const from = done * words;
        for (let by = 0; by < roots.length; by += 1) {
          for (let index = 0; index < words; index += 1) {
            reached[index] = word(store.states, from + index);
          }
          if (step(word(roots, by), reached)) link(done, by);
        }
      }
    },
    before: (state, counted, visit) => {
      for (let at = word(first, state); at !== 0; at = word(next, at)) {
        if (counted[word(choice, at)]) visit(word(source, at));
      }
    },
  };
}

/** The first state that asks for the goal and can't reach it; -1: there is none. */
function strandedIn(space: Space, { whenever, goal, counted }: ModelGoal, links: Links): number {
  const { count } = space.store;
  const hold = readsOver(space);
  const reaches = new Uint8Array(count);
  const queue = new Int32Array(count);
  let queued = 0;
  const reach = (state: number): void => {
    if (reaches[state] === 1) return;
    reaches[state] = 1;
    queue[queued] = state;
    queued += 1;
  };
  for (let state = 0; state < count; state += 1) if (hold(goal, state)) reach(state);
  for (let at = 0; at < queued; at += 1) {
    links.before(word(queue, at), counted, reach);
  }
  for (let state = 0; state < count; state += 1) {
    if (reaches[state] === 0 && hold(whenever, state)) return state;
  }
  return -1;
}

/** Whether all of some reads hold in a stored state. */
function readsOver({ store, automaton }: Space) {
  const { fields } = automaton.layout();
  return (reads: readonly SlotRead[], state: number): boolean =>
    reads.every(({ slot, holds }) => {
      const field = fields[slot];
      invariant(field !== undefined, `there is no slot ${slot}`);
      return holds(
        (word(store.states, state * store.words + field.word) >>> field.shift) & field.mask,
      );
    });
}
