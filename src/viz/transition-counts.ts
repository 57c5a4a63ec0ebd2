/**
 * Transition counts of a machine: from its definition's own transitions, as a runtime names them, to texts that last.
 *
 * Source: XState's inspection event `@xstate.microstep` and its `_transitions`.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import type { TransitionCount, TransitionCounts } from '../core/transition-counts.ts';

/** `taken` counts transitions of that machine object, `always` and the wildcard among them. */
export function transitionCounts(
  machine: AnyStateMachine,
  taken: ReadonlyMap<object, number>,
): TransitionCounts {
  const within = (node: AnyStateNode): readonly TransitionCount[] => [
    ...[...node.transitions, ['', node.always ?? []] as const].flatMap(([event, transitions]) =>
      transitions.flatMap((transition, index) => {
        const count = taken.get(transition) ?? 0;
        return count === 0 ? [] : [{ from: node.id, event, index, count }];
      }),
    ),
    ...Object.values(node.states).flatMap(within),
  ];
  return {
    schema: 'stormdrain.coverage/1',
    machine: machine.id,
    transitions: within(machine.root),
  };
}
