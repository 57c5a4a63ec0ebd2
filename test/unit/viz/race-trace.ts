/**
 * A race as `stormdrain explore exit-beside-unbind --driver vtd@7.3 --trace` wrote it: 24 steps, then S8.
 */
import { readFileSync } from 'node:fs';

import type { DrawnTrace } from '../../../src/viz/drawn-trace.ts';

export const RACE: DrawnTrace = JSON.parse(
  readFileSync(new URL('../../fixtures/exit-beside-unbind.trace.json', import.meta.url), 'utf8'),
);

/** Two workers over one page, in a few steps. */
export const SMALL: DrawnTrace = {
  scenario: 'two workers',
  columns: { worker: 'worker', device: 'device' },
  violation: { slot: 'page', property: 'S1', sentence: 'a page is freed once' },
  steps: [
    step('device', 'sends', [['ring', { head: 'moved', bell: 'rung' }]]),
    { ...step('worker[1]', 'looking', []), event: { type: 'step' } },
    { ...step('worker[1]', 'waiting: long', []), event: { type: 'step' } },
    step('worker[0]', 'frees', [
      ['page', 'freed'],
      ['ring', { head: 'moved', bell: 'still' }],
    ]),
    {
      ...step('worker[1]', 'frees <again> & "again"', []),
      effects: [
        { slot: 'worker[1]', type: 'free', params: {} },
        {
          slot: 'page',
          type: 'violate',
          params: { property: 'S1', sentence: 'a page is freed once' },
        },
      ],
    },
  ],
};

function step(
  actor: string,
  label: string,
  changes: readonly (readonly [string, DrawnTrace['steps'][number]['changes'][number]['to']])[],
): DrawnTrace['steps'][number] {
  return {
    actor,
    event: { type: 'taken' },
    label,
    effects: [],
    changes: changes.map(([slot, to]) => ({ slot, to })),
    fields: changes.length === 0 ? [] : [{ slot: actor, field: 'count', to: '1' }],
  };
}
