/** Active states: the ids of a chart's states that a control value is in, the machine's own among them. */
import type { StateValue } from 'xstate';

import type { Chart, ChartState } from './chart.ts';

export const activeStates = ({ root }: Chart, value: StateValue): ReadonlySet<string> =>
  new Set(activeWithin(root, value));

function activeWithin(state: ChartState, value: StateValue | undefined): readonly string[] {
  if (value === undefined) return [state.id];
  const inner = typeof value === 'string' ? { [value]: undefined } : value;
  return [
    state.id,
    ...state.states
      .filter(({ key }) => Object.hasOwn(inner, key))
      .flatMap((each) => activeWithin(each, inner[each.key])),
  ];
}
