/** The page request queue's ring and event bits: spec 03, section 1. */
import { expect, test } from 'vitest';

import { pageRequestQueueMachine } from '../../../../src/machines/page-request-queue.ts';
import { describe, request } from './harness.ts';
import { begin, take } from './pure.ts';

const ring = (capacity: number, answersDroppedLast = false) =>
  begin(pageRequestQueueMachine, { unit: 0, capacity, answersDroppedLast });
const received = (prgi: number, last = true) =>
  ({ type: 'page-request.received', request: request({ prgi, last }) }) as const;
const acknowledge = { type: 'pending.acknowledge' } as const;
const advance = (count: number) => ({ type: 'head.advance', count }) as const;
const clear = { type: 'overflow.clear' } as const;
type Event = Parameters<typeof take<typeof pageRequestQueueMachine>>[2];
const run = (from: ReturnType<typeof ring>, ...events: Event[]) =>
  take(pageRequestQueueMachine, from, ...events);
const types = (effects: readonly { readonly type: string }[]) => effects.map(({ type }) => type);

// One row for each combination of what decides: full, PPR, PRO.
test.each([
  { events: [received(1)], effects: ['raiseEvent'], overflow: 'clear', pending: 'set', left: 1 },
  { events: [received(1), received(2)], effects: [], overflow: 'clear', pending: 'set', left: 2 },
  {
    events: [received(1), received(2), received(3)],
    effects: ['drop'],
    overflow: 'set',
    pending: 'set',
    left: 2,
  },
  {
    events: [received(1), received(2), acknowledge, received(3)],
    effects: ['drop', 'raiseEvent'],
    overflow: 'set',
    pending: 'clear',
    left: 2,
  },
  {
    events: [received(1), received(2), received(3), received(4)],
    effects: ['drop'],
    overflow: 'set',
    pending: 'set',
    left: 2,
  },
  {
    events: [received(1), received(2), received(3), acknowledge, received(4)],
    effects: ['drop'],
    overflow: 'set',
    pending: 'clear',
    left: 2,
  },
  {
    events: [received(1), received(2), received(3), advance(2), received(4)],
    effects: ['drop'],
    overflow: 'set',
    pending: 'set',
    left: 0,
  },
  {
    events: [received(1), received(2), received(3), advance(2), acknowledge, received(4)],
    effects: ['drop'],
    overflow: 'set',
    pending: 'clear',
    left: 0,
  },
] as const)('a ring of two after %#: $effects, overflow $overflow, pending $pending', (row) => {
  const { snapshot, effects } = run(ring(2), ...row.events);

  expect(types(effects)).toEqual(row.effects);
  expect(snapshot.value).toEqual({ overflow: row.overflow, pending: row.pending });
  expect(snapshot.context.entries).toHaveLength(row.left);
});

test('entries stay in the ring, in order, until the head moves past them', () => {
  const { snapshot } = run(ring(4), received(1), received(2), received(3), acknowledge);
  expect(snapshot.context.entries.map(describe)).toEqual(['1/1@10', '1/2@10', '1/3@10']);

  expect(run(snapshot, advance(2)).snapshot.context.entries.map(describe)).toEqual(['1/3@10']);
});

test('after overflow is cleared and the head has moved, requests are accepted again', () => {
  const { snapshot, effects } = run(
    ring(1),
    received(1),
    received(2),
    acknowledge,
    advance(1),
    clear,
    received(3),
  );

  expect(types(effects)).toEqual(['raiseEvent']);
  expect(snapshot.context.entries.map(describe)).toEqual(['1/3@10']);
});

test.each([
  { last: true, answersDroppedLast: true, effects: ['answerDropped'] },
  { last: false, answersDroppedLast: true, effects: ['drop'] },
  { last: true, answersDroppedLast: false, effects: ['drop'] },
])(
  'a dropped request, last $last, where hardware answers ($answersDroppedLast): $effects',
  (row) => {
    const full = run(ring(1, row.answersDroppedLast), received(1)).snapshot;
    const first = run(full, received(2, row.last));
    expect(types(first.effects)).toEqual(row.effects);

    const second = run(first.snapshot, received(3, row.last));
    expect(types(second.effects)).toEqual(row.effects);
  },
);

test('the automatic answer is SUCCESS, for the request that was dropped', () => {
  expect(run(ring(1, true), received(1), received(2)).effects).toEqual([
    { type: 'answerDropped', params: { request: request({ prgi: 2 }), code: 'success' } },
  ]);
});

test.each([acknowledge, clear])('$type of a clear bit does nothing', (event) => {
  const { snapshot, effects } = run(ring(1), event);

  expect(types(effects)).toEqual(['ignore']);
  expect(snapshot.value).toEqual({ overflow: 'clear', pending: 'clear' });
});

test('the head moves no further than the tail', () => {
  expect(run(ring(2), received(1), advance(2)).effects).toEqual([
    { type: 'violate', params: { unexpected: 'head.advance' } },
  ]);
});

test('a modelled ring has a bound', () => {
  expect(() => ring(9)).toThrow('a modelled ring holds 1 to 8 requests, not 9');
});
