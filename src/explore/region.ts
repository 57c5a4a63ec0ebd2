/**
 * Region: the states ahead of one, as they are found, and the steps between them backwards.
 */
import { invariant } from '../core/invariant.ts';
import type { Locals } from './careful-step.ts';

export type Region = {
  /** The next state that nobody has looked at yet, the deepest first, by number. */
  next(): number | undefined;
  at(number: number): Locals;
  size(): number;
  all(): readonly Locals[];
  /** Adds a step. Caller's duty: `by` is the choice's number. */
  link(from: number, to: Locals, by: number): void;
  /** Those of `ends`, and whatever leads to one of them by choices that count, through states that may be passed. */
  leadingTo(
    ends: Iterable<number>,
    counts?: (by: number) => boolean,
    mayPass?: (state: number) => boolean,
  ): ReadonlySet<number>;
};

export const localsText = (locals: Locals): string => locals.join();

export function regionFrom(first: Locals): Region {
  const numbers = new Map([[localsText(first), 0]]);
  const states: Locals[] = [first];
  const before: { readonly from: number; readonly by: number }[][] = [[]];
  const open = [0];
  return {
    next: () => open.pop(),
    at: (number) => {
      const state = states[number];
      invariant(state !== undefined, `there is no state ${number} ahead`);
      return state;
    },
    size: () => states.length,
    all: () => states,
    link: (from, to, by) => {
      const text = localsText(to);
      const known = numbers.get(text);
      if (known !== undefined) {
        before[known]?.push({ from, by });
        return;
      }
      numbers.set(text, states.length);
      open.push(states.length);
      states.push(to);
      before.push([{ from, by }]);
    },
    leadingTo: (ends, counts = () => true, mayPass = () => true) => {
      const reached = new Set(ends);
      // A set is gone through in the order of insertion, and what is added on the way comes last.
      for (const number of reached) {
        for (const { from, by } of before[number] ?? [])
          if (counts(by) && mayPass(from)) reached.add(from);
      }
      return reached;
    },
  };
}
