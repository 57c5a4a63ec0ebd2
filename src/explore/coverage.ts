/**
 * Coverage: how many transitions of a world's machines were taken at least once.
 *
 * A transition is one that an event from outside chooses: (machine, state, place in the state's definition). Those
 * without an event are part of another's step, and those of the wildcard are what must not come: neither counts.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

export type Coverage = {
  readonly transitionsSeen: number;
  readonly transitionsTotal: number;
};

/** `taken` are transitions of the same machine object. */
export function coverageOf(machine: AnyStateMachine, taken: ReadonlySet<object>): Coverage {
  const all = transitionsBelow(machine.root);
  return {
    transitionsSeen: all.filter((transition) => taken.has(transition)).length,
    transitionsTotal: all.length,
  };
}

export const coverageSum = (all: readonly Coverage[]): Coverage => ({
  transitionsSeen: all.reduce((sum, one) => sum + one.transitionsSeen, 0),
  transitionsTotal: all.reduce((sum, one) => sum + one.transitionsTotal, 0),
});

const transitionsBelow = (node: AnyStateNode): readonly object[] => [
  ...[...node.transitions].flatMap(([event, transitions]) =>
    event === '*' || event.startsWith('xstate.') ? [] : transitions,
  ),
  ...Object.values(node.states).flatMap(transitionsBelow),
];
