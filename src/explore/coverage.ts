/**
 * Coverage: how many transitions of a world's machines were taken at least once.
 *
 * A transition is one that an event from outside chooses: (machine, state, place in the state's definition). Those
 * without an event are part of another's step, and those of the wildcard are what must not come: neither counts.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import type { TransitionCount } from '../core/transition-counts.ts';

/** A transition by names that last: its state's id, its event, its place among that state's for that event. */
export type TransitionName = Omit<TransitionCount, 'count'>;

/** What was taken of one machine, in the order of its definition. */
export type MachineCoverage = {
  /** The machine's id. */
  readonly machine: string;
  readonly transitionsTotal: number;
  readonly taken: readonly TransitionName[];
};

export type Coverage = {
  readonly transitionsSeen: number;
  readonly transitionsTotal: number;
};

/** `taken` are transitions of the same machine object. */
export function machineCoverage(
  machine: AnyStateMachine,
  taken: ReadonlySet<object>,
): MachineCoverage {
  const all = transitionsBelow(machine.root);
  return {
    machine: machine.id,
    transitionsTotal: all.length,
    taken: all.filter(({ transition }) => taken.has(transition)).map(({ name }) => name),
  };
}

export const coverageSum = (all: readonly MachineCoverage[]): Coverage => ({
  transitionsSeen: all.reduce((sum, { taken }) => sum + taken.length, 0),
  transitionsTotal: all.reduce((sum, { transitionsTotal }) => sum + transitionsTotal, 0),
});

type NamedTransition = { readonly name: TransitionName; readonly transition: object };

const transitionsBelow = (node: AnyStateNode): readonly NamedTransition[] => [
  ...[...node.transitions].flatMap(([event, transitions]) =>
    event === '*' || event.startsWith('xstate.')
      ? []
      : transitions.map((transition, index) => ({
          name: { from: node.id, event, index },
          transition,
        })),
  ),
  ...Object.values(node.states).flatMap(transitionsBelow),
];
