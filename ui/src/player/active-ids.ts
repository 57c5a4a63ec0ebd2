/** Active ids: the ids of a chart's states that a control value is in, the machine's own first. */
import type { StateValue } from 'xstate';

/** Ids are paths from the root, as XState gives them. */
export function activeIds(root: string, value: StateValue | undefined): readonly string[] {
  if (value === undefined || value === '') return [root];
  if (typeof value === 'string') return [root, `${root}.${value}`];
  return [
    root,
    ...Object.entries(value).flatMap(([key, inner]) => activeIds(`${root}.${key}`, inner)),
  ];
}
