/** The work queue: unordered, and a flush waits for exactly what was there when it began. */
import { expect, test } from 'vitest';

import { isFlushed, isIdle, workQueueMachine } from '../../../../src/machines/work-queue.ts';
import { begin, take } from './pure.ts';

type Event = Parameters<typeof take<typeof workQueueMachine>>[2];
const run = (...events: Event[]) =>
  take(workQueueMachine, begin(workQueueMachine, undefined), ...events);
const queued = (group: number) => ({ type: 'work.queued', group }) as const;
const taken = (group: number) => ({ type: 'work.taken', group }) as const;
const finished = (group: number) => ({ type: 'work.finished', group }) as const;
const flush = (operation = 0) => ({ type: 'flush.begin', operation }) as const;

test.each([
  { what: 'nothing', events: [flush()], over: true },
  { what: 'a queued item', events: [queued(0), flush()], over: false },
  { what: 'a running item', events: [queued(0), taken(0), flush()], over: false },
  { what: 'an item that ended', events: [queued(0), taken(0), flush(), finished(0)], over: true },
  { what: 'an item queued later', events: [flush(), queued(0)], over: true },
  {
    what: 'one of two that ended',
    events: [queued(0), queued(1), flush(), taken(1), finished(1)],
    over: false,
  },
  {
    what: 'an earlier one that ended, with a later one queued',
    events: [queued(0), flush(), queued(1), taken(0), finished(0)],
    over: true,
  },
] as const)('a flush that finds $what is over: $over', ({ events, over }) => {
  expect(isFlushed(run(...events).snapshot.context, 0)).toBe(over);
});

test('two flushes wait each for its own items', () => {
  const { context } = run(queued(0), flush(0), queued(1), flush(1), taken(0), finished(0)).snapshot;

  expect(isFlushed(context, 0)).toBe(true);
  expect(isFlushed(context, 1)).toBe(false);
});

test('items may be taken in any order', () => {
  const { snapshot, effects } = run(queued(0), queued(1), taken(1), taken(0));

  expect(effects).toEqual([]);
  expect(snapshot.context.running).toEqual([0, 1]);
});

test.each([
  { events: [], idle: true },
  { events: [queued(0)], idle: false },
  { events: [queued(0), taken(0)], idle: false },
  { events: [queued(0), taken(0), finished(0)], idle: true },
] as const)('after $events.length events it is idle: $idle', ({ events, idle }) => {
  expect(isIdle(run(...events).snapshot.context)).toBe(idle);
});

test.each([
  { what: 'queued twice', events: [queued(0), queued(0)] },
  { what: 'taken without being queued', events: [taken(0)] },
  { what: 'taken twice', events: [queued(0), taken(0), taken(0)] },
  { what: 'finished without running', events: [queued(0), finished(0)] },
] as const)('an item $what is a violation', ({ events }) => {
  expect(run(...events).effects).toMatchObject([{ type: 'violate', params: { property: 'S7' } }]);
});
