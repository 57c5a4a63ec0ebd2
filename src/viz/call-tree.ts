/**
 * Call tree: the calls of a step with who made each of them, for drawings that nest.
 *
 * Method: calls are told in order, each before those it leads to; so a call's maker is the last one that called the
 *         slot it comes from and is not over.
 */
import type { RecordedCall } from '../explore/outcome.ts';
import type { RecordedStep } from '../explore/recorded-trace.ts';

export type NestedCall = {
  readonly call: RecordedCall;
  /** The call that led to it, by its place; undefined: the actor made it. */
  readonly within: number | undefined;
  /** Place of the last call it led to; its own where there is none. */
  readonly last: number;
};

export function nestedCalls({ calls = [] }: Pick<RecordedStep, 'calls'>): readonly NestedCall[] {
  const open: number[] = [];
  const within: (number | undefined)[] = [];
  const last = calls.map((_, at) => at);
  for (const [at, { from }] of calls.entries()) {
    while (open.length > 0 && calls[open.at(-1) ?? 0]?.to !== from) open.pop();
    within.push(open.at(-1));
    for (const around of open) last[around] = at;
    open.push(at);
  }
  return calls.map((call, at) => ({ call, within: within[at], last: last[at] ?? at }));
}
