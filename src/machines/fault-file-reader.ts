/**
 * Fault file reader: one thread inside read() of an iommufd fault queue's file.
 *
 * Kernel:  drivers/iommu/iommufd/eventq.c, iommufd_fault_fops_read().
 * Actor:   active, one per reading thread.
 * Effects: lockMutex, unlockMutex, allotCookie, restore, copyToUser, eraseCookie, return, violate.
 * Asks:    mutexIsFree.
 *
 * Groups are never split, and nothing waits: what is there and fits is read. The mutex is held throughout, also while
 * the caller's buffer is being faulted in; the spinlock of the deliver list only to take a group or to put it back.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { DELIVERED_RECORDS_MODEL_MAX, type DeliveredGroup } from './deliver-list.ts';
import type { CopyFaultRule } from './iommufd-rules.ts';
import { AWAITED_GROUPS_MODEL_MAX } from './response-table.ts';
import { bit, count, effect, holds, id, maybe, question, type Violation } from './wiring-types.ts';

export type FaultFileReaderInput = {
  readonly onCopyFault: CopyFaultRule;
};

export type FaultFileReaderEvent =
  /** `room`: records the caller's buffer holds. */
  | { readonly type: 'read.begin'; readonly room: number } //           from a user thread
  | (DeliveredGroup & { readonly type: 'group.found' }) //              from deliver list: the oldest, fetched
  | { readonly type: 'list.empty' } //                                  from deliver list
  | { readonly type: 'cookie.free'; readonly cookie: number } //        from response table: the one given next
  | { readonly type: 'copy.done' } //                                   from whoever serves the buffer's pages
  | { readonly type: 'copy.failed' } //                                 from the same: the buffer is unmapped
  | { readonly type: 'step' }; //                                       from the scheduler

type Context = FaultFileReaderInput & {
  readonly room: number;
  /** Records copied so far. */
  readonly copied: number;
  readonly group: number | undefined;
  readonly handle: number | undefined;
  readonly records: number;
  readonly cookie: number | undefined;
  /** A copy of this read has failed. */
  readonly failed: boolean;
};
type Of = { readonly context: Context };

const reader = setup({
  types: {
    context: {} as Context,
    events: {} as FaultFileReaderEvent,
    input: {} as FaultFileReaderInput,
    tags: '' as 'holds-mutex',
  },
  actions: {
    begin: assign((_, params: { readonly room: number }) => ({ room: params.room, copied: 0 })),
    keep: assign((_, params: DeliveredGroup) => params),
    keepCookie: assign((_, params: { readonly cookie: number }) => params),
    passOn: assign({
      copied: ({ context }) => context.copied + context.records,
      room: ({ context }) => context.room - context.records,
    }),
    fail: assign({ failed: true }),
    letGo: assign({ group: undefined, handle: undefined, records: 0, cookie: undefined }),
    forget: assign({
      room: 0,
      copied: 0,
      group: undefined,
      handle: undefined,
      records: 0,
      cookie: undefined,
      failed: false,
    }),
    lockMutex: effect(),
    unlockMutex: effect(),
    restore: effect<DeliveredGroup>(),
    copyToUser: effect<Pick<DeliveredGroup, 'group' | 'handle'> & { readonly cookie: number }>(),
    allotCookie: effect<Pick<DeliveredGroup, 'group' | 'handle'>>(),
    eraseCookie: effect<{ readonly group: number }>(),
    return: effect<{ readonly records: number; readonly errno: 0 | 'EINVAL' | 'EFAULT' }>(),
    violate: effect<Violation>(),
  },
  guards: {
    mutexIsFree: question('mutexIsFree'),
    fits: ({ context, event }) => event.type === 'group.found' && event.records <= context.room,
    hasCopied: ({ context }) => context.copied > 0,
    loses: ({ context }) => context.onCopyFault === 'lose',
    retries: ({ context }) => context.onCopyFault === 'restore-and-retry',
  },
});

function inHand({ context }: Of): DeliveredGroup {
  const { group, handle, records } = context;
  invariant(group !== undefined && handle !== undefined, 'the reader has no group in hand');
  return { group, handle, records };
}
function cookieOf({ context }: Of): number {
  invariant(context.cookie !== undefined, 'the reader has no cookie in hand');
  return context.cookie;
}
const finish = (errno: 0 | 'EINVAL' | 'EFAULT') =>
  [
    'unlockMutex',
    {
      type: 'return',
      params: ({ context }: Of) => ({ records: context.copied, errno }),
    },
    'forget',
  ] as const;
const restore = { type: 'restore', params: inHand } as const;
const eraseCookie = {
  type: 'eraseCookie',
  params: (of: Of) => ({ group: inHand(of).group }),
} as const;

export const faultFileReaderMachine = reader.createMachine({
  id: 'fault-file-reader',
  options: { maxIterations: 1000 },
  context: ({ input }) => ({
    ...input,
    room: 0,
    copied: 0,
    group: undefined,
    handle: undefined,
    records: 0,
    cookie: undefined,
    failed: false,
  }),
  initial: 'idle',
  states: {
    idle: {
      on: {
        'read.begin': {
          guard: 'mutexIsFree',
          target: 'fetching',
          actions: ['lockMutex', { type: 'begin', params: ({ event }) => ({ room: event.room }) }],
        },
      },
    },
    // the list's spinlock
    fetching: {
      tags: 'holds-mutex',
      on: {
        'list.empty': { target: 'idle', actions: [...finish(0)] },
        'group.found': [
          {
            guard: 'fits',
            target: 'numbering',
            actions: {
              type: 'keep',
              params: ({ event: { group, handle, records } }) => ({ group, handle, records }),
            },
          },
          {
            target: 'puttingBack',
            actions: {
              type: 'keep',
              params: ({ event: { group, handle, records } }) => ({ group, handle, records }),
            },
          },
        ],
      },
    },
    // the list's spinlock: the group didn't fit
    puttingBack: {
      tags: 'holds-mutex',
      on: {
        step: [
          { guard: 'hasCopied', target: 'idle', actions: [restore, ...finish(0)] },
          { target: 'idle', actions: [restore, ...finish('EINVAL')] },
        ],
      },
    },
    // the table's own lock
    numbering: {
      tags: 'holds-mutex',
      on: {
        'cookie.free': {
          target: 'copying',
          actions: [
            {
              type: 'allotCookie',
              params: (of: Of) => {
                const { group, handle } = inHand(of);
                return { group, handle };
              },
            },
            { type: 'keepCookie', params: ({ event }) => ({ cookie: event.cookie }) },
          ],
        },
      },
    },
    // no spinlock: the copy may sleep until somebody has served the page it faults on
    copying: {
      tags: 'holds-mutex',
      on: {
        'copy.failed': { target: 'undoing', actions: 'fail' },
        'copy.done': {
          target: 'fetching',
          actions: [
            {
              type: 'copyToUser',
              params: (of: Of) => {
                const { group, handle } = inHand(of);
                return { group, handle, cookie: cookieOf(of) };
              },
            },
            'passOn',
            'letGo',
          ],
        },
      },
    },
    // the table's own lock, then the list's spinlock
    undoing: {
      tags: 'holds-mutex',
      on: {
        step: [
          { guard: 'loses', target: 'fetching', actions: [eraseCookie, 'letGo'] },
          { guard: 'retries', target: 'fetching', actions: [eraseCookie, restore, 'letGo'] },
          {
            guard: 'hasCopied',
            target: 'idle',
            actions: [eraseCookie, restore, ...finish(0)],
          },
          { target: 'idle', actions: [eraseCookie, restore, ...finish('EFAULT')] },
        ],
      },
    },
  },
});

export const faultFileReaderHolds = holds({
  room: count(DELIVERED_RECORDS_MODEL_MAX),
  copied: count(DELIVERED_RECORDS_MODEL_MAX),
  group: maybe(id('group')),
  handle: maybe(id('handle')),
  records: count(DELIVERED_RECORDS_MODEL_MAX),
  cookie: maybe(count(AWAITED_GROUPS_MODEL_MAX)),
  failed: bit,
});
