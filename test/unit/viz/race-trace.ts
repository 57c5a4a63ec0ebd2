/**
 * Traces to draw: a race as `stormdrain explore exit-beside-unbind --driver vtd@7.3 --trace` wrote it, 24 steps and then
 * S8; and small ones by hand.
 */
import { readFileSync } from 'node:fs';
import type { EventObject } from 'xstate';

import type { RecordedCall } from '../../../src/explore/outcome.ts';
import type { RecordedStep, RecordedTrace } from '../../../src/explore/recorded-trace.ts';
import { parseTrace } from '../../../src/scenarios/trace-file.ts';
import { stepOf, traceOf } from './traces.ts';

const FILE = new URL('../../fixtures/exit-beside-unbind.trace.json', import.meta.url);

export const RACE: RecordedTrace = readTrace(readFileSync(FILE, 'utf8'));

/** The same as it was written before calls, reads and slots were told. */
export const UNTOLD_RACE: RecordedTrace = readTrace(
  JSON.stringify({
    ...RACE,
    slots: undefined,
    steps: RACE.steps.map((step) => ({ ...step, calls: undefined, reads: undefined })),
  }),
);

function readTrace(text: string): RecordedTrace {
  const read = parseTrace(text, 'of this test');
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

const VIOLATION = { slot: 'page', property: 'S1', sentence: 'a page is freed once' };

/** Two workers over one page, in a few steps; what is called is not told. */
export const SMALL: RecordedTrace = traceOf(
  [
    step('device', 'sends', [['ring', { head: 'moved', bell: 'rung' }]]),
    stepOf('worker[1]', 'looking'),
    stepOf('worker[1]', 'waiting: long'),
    step('worker[0]', 'frees', [
      ['page', 'freed'],
      ['ring', { head: 'moved', bell: 'still' }],
    ]),
    {
      ...step('worker[1]', 'frees <again> & "again"', []),
      effects: [
        { slot: 'worker[1]', type: 'free', params: {} },
        { slot: 'page', type: 'violate', params: VIOLATION },
      ],
    },
  ],
  {
    scenario: 'two workers',
    columns: { worker: 'worker', device: 'device' },
    violation: VIOLATION,
  },
);

function step(
  actor: string,
  label: string,
  changes: readonly (readonly [string, RecordedStep['changes'][number]['to']])[],
): RecordedStep {
  return stepOf(actor, label, ['does'], {
    event: { type: 'taken' },
    changes: changes.map(([slot, to]) => ({ slot, to })),
    fields: changes.length === 0 ? [] : [{ slot: actor, field: 'count', to: '1' }],
  });
}

export const callOf = (
  from: string,
  to: string,
  event: EventObject & { readonly message?: EventObject & { readonly code?: number } },
): RecordedCall => ({ from, to, event });

/** A driver and a device that speak by two channels; one message is there at first, one is under way at the end. */
export const TALK: RecordedTrace = traceOf(
  [
    stepOf('device', 'hears of the start', ['takes'], {
      calls: [callOf('device', 'down', { type: 'message.delivered' })],
      reads: ['down'],
    }),
    stepOf('driver', 'asks', ['sends'], {
      calls: [
        callOf('driver', 'unit', { type: 'unit.told' }),
        callOf('unit', 'down', { type: 'message.sent', message: { type: 'question' } }),
        callOf('driver', 'page[0]', { type: 'page.held' }),
        callOf('driver', 'page[1]', { type: 'page.held' }),
      ],
      reads: [],
      changes: [{ slot: 'unit', to: 'busy' }],
    }),
    stepOf('device', 'answers twice', ['sends'], {
      calls: [
        callOf('device', 'down', { type: 'message.delivered' }),
        callOf('device', 'up', { type: 'message.sent', message: { type: 'answer', code: 1 } }),
        callOf('device', 'up', { type: 'message.sent', message: { type: 'answer', code: 2 } }),
      ],
      reads: ['unit', 'down'],
    }),
    stepOf('driver', 'takes an answer', ['takes'], {
      calls: [callOf('driver', 'up', { type: 'message.delivered' })],
      reads: [],
    }),
  ],
  {
    slots: [
      { slot: 'unit', machine: 'unit', role: 'object', state: 'idle', fields: [] },
      ...['down', 'up'].map((slot) => ({
        ...{ slot, machine: 'channel', role: 'object' as const, state: {} },
        fields: [{ field: 'messages', to: slot === 'down' ? '[{type start, of [1, 2]}]' : '[]' }],
      })),
    ],
  },
);
