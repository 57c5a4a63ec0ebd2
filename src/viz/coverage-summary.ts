/**
 * Coverage summary: of each heated chart, how many of its transitions were taken, and which never.
 *
 * Policy: what a wildcard catches must not come, so it is missed by nobody. As in an exploration's own figures, a
 *         transition without an event is part of another's step and not counted, but named where it was never taken.
 */
import { type Chart, type ChartTransition, statesWithin, transitionText } from './chart.ts';

export type ChartCoverage = {
  readonly machine: string;
  readonly transitionsSeen: number;
  readonly transitionsTotal: number;
  /** Each as `state: event [guard] / action`. */
  readonly never: readonly string[];
};

export function chartCoverage({ name, root }: Chart): ChartCoverage {
  const all = statesWithin(root).flatMap(({ id, transitions }) =>
    transitions.map((transition) => ({ state: id, transition })),
  );
  const known = all.filter(({ transition }) => !isWildcard(transition));
  const chosen = known.filter(({ transition }) => transition.event !== '');
  const isTaken = ({ transition }: { readonly transition: ChartTransition }): boolean =>
    (transition.taken ?? 0) > 0;
  return {
    machine: name,
    transitionsSeen: chosen.filter(isTaken).length,
    transitionsTotal: chosen.length,
    never: known
      .filter((one) => !isTaken(one))
      .map(({ state, transition }) => `${below(state, root.id)}${transitionText(transition)}`),
  };
}

const isWildcard = ({ event }: ChartTransition): boolean => event === '*';

/** The state without the machine's name. */
const below = (state: string, root: string): string =>
  state === root ? '' : `${state.slice(root.length + 1)}: `;

/** A line a machine, and one for each transition that was never taken. */
export function coverageSummary(machines: readonly ChartCoverage[]): string {
  const width = Math.max(0, ...machines.map(({ machine }) => machine.length));
  return machines
    .flatMap(({ machine, transitionsSeen, transitionsTotal, never }) => [
      `${machine.padEnd(width)}  ${transitionsSeen} of ${transitionsTotal} transitions taken`,
      ...never.map((each) => `  never  ${each}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}
