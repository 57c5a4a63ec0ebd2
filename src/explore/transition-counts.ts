/**
 * Transition counts of a machine: from its definition's own transitions, as a runtime names them, to texts that last.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import type { TransitionCount } from '../core/transition-counts.ts';

/** Every transition, `always` and the wildcard among them; `taken` counts those of that machine object. */
export function transitionCounts(
  machine: AnyStateMachine,
  taken: ReadonlyMap<object, number>,
): readonly TransitionCount[] {
  const within = (node: AnyStateNode): readonly TransitionCount[] => [
    ...[...node.transitions, ['', node.always ?? []] as const].flatMap(([event, transitions]) =>
      transitions.map((transition, index) => ({
        ...{ from: node.id, event, index },
        count: taken.get(transition) ?? 0,
      })),
    ),
    ...Object.values(node.states).flatMap(within),
  ];
  return within(machine.root);
}
