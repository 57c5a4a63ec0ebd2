/** The machines only iommufd has, each alone: what they do with every event, and what they refuse. */
import { describe, expect, it } from 'vitest';

import { deliverListMachine } from '../../../../src/machines/deliver-list.ts';
import { eventQueueMachine } from '../../../../src/machines/event-queue.ts';
import { faultFileReaderMachine } from '../../../../src/machines/fault-file-reader.ts';
import {
  type IommufdObjectEvent,
  iommufdObjectMachine,
} from '../../../../src/machines/iommufd-object.ts';
import type { CopyFaultRule } from '../../../../src/machines/iommufd-rules.ts';
import { freeCookie, responseTableMachine } from '../../../../src/machines/response-table.ts';
import { begin, take } from '../report/pure.ts';

const typesOf = (effects: readonly { readonly type: string }[]): string[] =>
  effects.map(({ type }) => type);

describe('an iommufd object', () => {
  const after = (...types: IommufdObjectEvent['type'][]) =>
    take(
      iommufdObjectMachine,
      begin(iommufdObjectMachine, undefined),
      ...types.map((type) => ({ type })),
    );

  it('is found once it is finalized, and not any more once it is removed', () => {
    expect(after('object.reserve', 'waits.get').effects).toMatchObject([
      { type: 'refuse', params: { errno: 'ENOENT' } },
    ]);
    expect(after('object.reserve', 'object.finalize', 'waits.get').effects).toEqual([]);
    expect(
      after('object.reserve', 'object.finalize', 'object.remove', 'waits.get').effects,
    ).toMatchObject([{ params: { errno: 'ENOENT' } }]);
  });

  it('is not removed while it is used', () => {
    const { snapshot, effects } = after(
      'object.reserve',
      'object.finalize',
      'users.get',
      'object.remove',
    );
    expect(snapshot.value).toBe('live');
    expect(effects).toMatchObject([{ params: { errno: 'EBUSY' } }]);
  });

  it('lets nobody free it with a call inside', () => {
    const { effects } = after(
      'object.reserve',
      'object.finalize',
      'waits.get',
      'object.remove',
      'object.free',
    );
    expect(effects).toMatchObject([{ type: 'violate', params: { property: 'S17' } }]);
  });

  it('gives its id to the next object, unless it was buried', () => {
    const gone = ['object.reserve', 'object.finalize', 'object.revoke'] as const;
    expect(after(...gone, 'object.free', 'object.reserve').snapshot.value).toBe('reserved');
    expect(after(...gone, 'object.bury').snapshot.value).toBe('tombstone');
    expect(typesOf(after(...gone, 'object.bury', 'object.reserve').effects)).toEqual(['violate']);
  });

  it.each([
    { what: 'put more often than got', events: ['object.reserve', 'object.finalize', 'users.put'] },
    { what: 'put after it was freed', events: ['users.put'] },
    {
      what: 'freed while it is live',
      events: ['object.reserve', 'object.finalize', 'object.free'],
    },
    {
      what: 'aborted while its file is open',
      events: ['object.reserve', 'users.get', 'object.abort'],
    },
    { what: 'touched after it was freed', events: ['object.touch'] },
  ] as const)('must not be $what', ({ events }) => {
    expect(typesOf(after(...events).effects)).toContain('violate');
  });
});

describe('a deliver list', () => {
  const groups = [
    { group: 1, handle: 7, records: 1 },
    { group: 2, handle: 8, records: 2 },
    { group: 3, handle: 7, records: 1 },
  ];
  const filled = () =>
    take(
      deliverListMachine,
      begin(deliverListMachine, undefined),
      ...groups.map((group) => ({ type: 'group.deliver' as const, ...group })),
    ).snapshot;

  it('answers what one handle left, newest first, and keeps the rest', () => {
    const { snapshot, effects } = take(deliverListMachine, filled(), {
      type: 'handle.sweep',
      handle: 7,
    });
    expect(effects).toEqual([{ type: 'answerAll', params: { groups: [3, 1] } }]);
    expect(snapshot.context.groups).toEqual([groups[1]]);
  });

  it('answers everything oldest first when the queue is destroyed', () => {
    const { effects } = take(deliverListMachine, filled(), { type: 'list.sweep' });
    expect(effects).toEqual([{ type: 'answerAll', params: { groups: [1, 2, 3] } }]);
  });

  it('takes back at its head what a reader could not use', () => {
    const { snapshot } = take(
      deliverListMachine,
      filled(),
      { type: 'group.fetch' },
      { type: 'group.restore', group: 1, handle: 7, records: 1 },
    );
    expect(snapshot.context.groups).toEqual(groups);
  });
});

describe('a response table', () => {
  const table = (cookies: 'number' | 'number-and-use', ...allotted: readonly number[]) =>
    take(
      responseTableMachine,
      begin(responseTableMachine, { cookies }),
      ...allotted.map((group) => ({ type: 'cookie.allot' as const, group, handle: group % 2 })),
    ).snapshot;
  const answer = (cookie: number, meant?: number) =>
    ({ type: 'cookie.answer', cookie, code: 'success', meant }) as const;

  it('gives the lowest free number from 1', () => {
    const { snapshot } = take(responseTableMachine, table('number', 4, 5, 6), answer(2));
    expect(freeCookie(snapshot.context)).toBe(2);
    expect(freeCookie(table('number').context)).toBe(1);
  });

  it('gives 0 for good once 0 was answered while something was awaited', () => {
    const idle = take(responseTableMachine, table('number'), answer(0)).snapshot;
    expect(freeCookie(idle.context)).toBe(1);
    const { snapshot, effects } = take(responseTableMachine, table('number', 4), answer(0));
    expect(typesOf(effects)).toEqual(['refuse']);
    expect(freeCookie(snapshot.context)).toBe(0);
    expect(freeCookie(take(responseTableMachine, snapshot, answer(1)).snapshot.context)).toBe(0);
  });

  it('answers ascending by cookie what one handle left', () => {
    const { effects } = take(responseTableMachine, table('number', 4, 5, 6), {
      type: 'handle.sweep',
      handle: 0,
    });
    expect(effects).toEqual([{ type: 'answerAll', params: { groups: [4, 6] } }]);
  });

  it.each([
    { cookies: 'number', types: ['violate', 'answer'] },
    { cookies: 'number-and-use', types: ['refuse'] },
  ] as const)('with cookies that are a $cookies, meets a late answer with $types', (row) => {
    const { effects } = take(responseTableMachine, table(row.cookies, 4), answer(1, 9));
    expect(typesOf(effects)).toEqual(row.types);
  });
});

describe('a fault file reader', () => {
  const reader = (onCopyFault: CopyFaultRule, room: number) => {
    const machine = faultFileReaderMachine.provide({ guards: { mutexIsFree: () => true } });
    const from = begin(machine, { onCopyFault });
    return { machine, from: take(machine, from, { type: 'read.begin', room }).snapshot };
  };
  const found = (records: number) =>
    ({ type: 'group.found', group: 1, handle: 2, records }) as const;
  const copied = [{ type: 'cookie.free', cookie: 1 }, { type: 'copy.done' }] as const;
  const returned = { type: 'return' } as const;

  it('returns what fits, and puts the group that does not back', () => {
    const { machine, from } = reader('restore-and-return', 3);
    const { effects } = take(machine, from, found(2), ...copied, found(2), { type: 'step' });
    expect(effects).toMatchObject([
      { type: 'restore' },
      { type: 'unlockMutex' },
      { ...returned, params: { records: 2, errno: 0 } },
    ]);
  });

  it.each([
    { errno: 'EINVAL', events: [found(4), { type: 'step' }] },
    { errno: 0, events: [{ type: 'list.empty' }] },
    {
      errno: 'EFAULT',
      events: [
        found(1),
        { type: 'cookie.free', cookie: 1 },
        { type: 'copy.failed' },
        { type: 'step' },
      ],
    },
  ] as const)('returns $errno when nothing was copied', ({ errno, events }) => {
    const { machine, from } = reader('restore-and-return', 3);
    const { effects } = take(machine, from, ...events);
    expect(effects.at(-1)).toMatchObject({ ...returned, params: { records: 0, errno } });
  });

  it.each([
    { rule: 'restore-and-return', types: ['eraseCookie', 'restore', 'unlockMutex', 'return'] },
    { rule: 'restore-and-retry', types: ['eraseCookie', 'restore'] },
    { rule: 'lose', types: ['eraseCookie'] },
  ] as const)('that is to $rule does $types when a copy fails', ({ rule, types }) => {
    const { machine, from } = reader(rule, 3);
    const cookie = { type: 'cookie.free', cookie: 1 } as const;
    const failed = [{ type: 'copy.failed' }, { type: 'step' }] as const;
    expect(typesOf(take(machine, from, found(1), cookie, ...failed).effects)).toEqual(types);
  });
});

describe('an event queue', () => {
  const report = (data: number) => ({ type: 'event.report', data }) as const;
  const after = (...events: readonly (ReturnType<typeof report> | { type: 'event.consume' })[]) =>
    take(eventQueueMachine, begin(eventQueueMachine, { depth: 1 }), ...events).snapshot.context;

  it('marks once that events were lost, with the number of the last', () => {
    expect(after(report(9), report(9), report(9)).events).toEqual([
      { sequence: 0, data: 9 },
      { sequence: 2, data: undefined },
    ]);
  });

  it('forgets a marker that stands last when the next event fits', () => {
    const { events } = after(report(9), report(9), { type: 'event.consume' }, report(8));
    expect(events).toEqual([{ sequence: 2, data: 8 }]);
  });
});
