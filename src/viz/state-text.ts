/** State text: a control value as the machine's own names, a path a region: `pass.reporting, overflow.clear`. */
import type { StateValue } from 'xstate';

export function statePaths(value: StateValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [key] : statePaths(inner).map((path) => `${key}.${path}`),
  );
}

export const stateText = (value: StateValue): string => statePaths(value).join(', ');
