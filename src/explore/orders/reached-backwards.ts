/** Reached backwards: from which of some states a step, and another, lead to one that is wanted. */
import type { Edge } from './state-graph.ts';

/** `stepsOf` may lead out of `states`: what is outside is not wanted. */
export function reachedBackwards(
  states: readonly number[],
  isWanted: (state: number) => boolean,
  stepsOf: (state: number) => readonly Edge[],
): ReadonlySet<number> {
  const reached = new Set(states.filter(isWanted));
  const before = new Map<number, number[]>();
  for (const state of states) {
    if (reached.has(state)) continue;
    for (const { to } of stepsOf(state)) {
      const known = before.get(to);
      if (known === undefined) before.set(to, [state]);
      else known.push(state);
    }
  }
  for (const state of reached) {
    for (const earlier of before.get(state) ?? []) reached.add(earlier);
  }
  return reached;
}
