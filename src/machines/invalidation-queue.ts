/**
 * Invalidation queue: synchronous submissions, each closed by a wait descriptor of its own.
 *
 * Kernel: drivers/iommu/intel/dmar.c, qi_submit_sync(), qi_check_fault(), reclaim_free_desc().
 * Actor:  an object, one per IOMMU unit.
 * Lock:   the queue's raw spinlock.
 * Effects: writeDescriptors, complete, fail, restart, refuse, violate.
 *
 * A submission of n descriptors takes n + 1 entries and needs n + 2 free. Its submitter spins until its own wait
 * descriptor is done; entries are reclaimed from the oldest on, so a finished submission behind a slow one waits.
 * A time-out aborts the submissions whose wait descriptor was fetched, not those that hardware hasn't come to; they are
 * made again. When the function it is about is gone, whoever looks at the fault first ends in ETIMEDOUT, be its own
 * submission aborted, or not fetched yet, or sent to another function altogether.
 */
import { setup } from 'xstate';

import { bit, count, effect, holds, id, list } from './wiring-types.ts';

export const SUBMISSIONS_MAX = 64;

type Submission = {
  readonly ticket: number;
  readonly entries: number;
  readonly drain: boolean;
  readonly done: boolean;
};

export type InvalidationQueueEvent =
  | {
      readonly type: 'descriptors.submit';
      readonly ticket: number;
      readonly descriptors: number;
      readonly drain: boolean;
    } //                                                                           from a submitter
  | { readonly type: 'wait.executed'; readonly ticket: number } //                 from hardware
  | { readonly type: 'descriptor.rejected'; readonly ticket: number } //           from hardware: IQE
  | {
      readonly type: 'device.timed-out';
      /** Of the submitter that looked at the fault. */
      readonly ticket: number;
      /** Whether the function it was sent to is there still. */
      readonly present: boolean;
      /** Submissions whose wait descriptor was fetched. */
      readonly tickets: readonly number[];
    }; //                                                                         from hardware: ITE

type TimedOut = Extract<InvalidationQueueEvent, { type: 'device.timed-out' }>;

type Context = {
  readonly entriesMax: number;
  readonly used: number;
  readonly submissions: readonly Submission[];
};

const queue = setup({
  types: {
    context: {} as Context,
    events: {} as InvalidationQueueEvent,
    input: {} as { readonly entriesMax: number },
  },
  actions: {
    writeDescriptors: effect<{
      readonly ticket: number;
      readonly descriptors: number;
      readonly drain: boolean;
    }>(),
    complete: effect<{ readonly ticket: number }>(),
    fail: effect<{ readonly tickets: readonly number[]; readonly errno: 'EINVAL' | 'ETIMEDOUT' }>(),
    restart: effect<{ readonly tickets: readonly number[] }>(),
    refuse: effect<{ readonly reason: string }>(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: {
    hasRoom: ({ context, event }) =>
      event.type === 'descriptors.submit' &&
      context.submissions.length < SUBMISSIONS_MAX &&
      context.entriesMax - context.used >= event.descriptors + 2,
    isKnown: ({ context, event }) =>
      'ticket' in event && context.submissions.some(({ ticket }) => ticket === event.ticket),
    isPresent: ({ event }) => event.type === 'device.timed-out' && event.present,
  },
});

/** Drops finished submissions from the oldest on, as reclaim_free_desc() does. */
const reclaimed = (submissions: readonly Submission[]) => {
  const oldest = submissions.findIndex(({ done }) => !done);
  const kept = oldest < 0 ? [] : submissions.slice(oldest);
  return { submissions: kept, used: kept.reduce((used, { entries }) => used + entries, 0) };
};
const append = queue.assign(({ context, event }) =>
  event.type === 'descriptors.submit'
    ? {
        used: context.used + event.descriptors + 1,
        submissions: [
          ...context.submissions,
          {
            ticket: event.ticket,
            entries: event.descriptors + 1,
            drain: event.drain,
            done: false,
          },
        ],
      }
    : {},
);
const finish = queue.assign(({ context, event }) =>
  'ticket' in event
    ? reclaimed(
        context.submissions.map((each) =>
          each.ticket === event.ticket ? { ...each, done: true } : each,
        ),
      )
    : {},
);
const isLooker = ({ ticket, present }: TimedOut, of: number): boolean => !present && ticket === of;
const abandon = queue.assign(({ context, event }) =>
  event.type === 'device.timed-out'
    ? reclaimed(
        context.submissions.map((each) =>
          event.tickets.includes(each.ticket) || isLooker(event, each.ticket)
            ? { ...each, done: true }
            : each,
        ),
      )
    : {},
);
const ticketOf = ({ event }: { readonly event: InvalidationQueueEvent }) => ({
  ticket: 'ticket' in event ? event.ticket : 0,
});
/** Those that are made again. */
const aborted = ({ submissions }: Context, event: TimedOut) =>
  submissions
    .filter(({ done, ticket }) => !done && event.tickets.includes(ticket))
    .filter(({ ticket }) => !isLooker(event, ticket))
    .map(({ ticket }) => ticket);

export const invalidationQueueMachine = queue.createMachine({
  id: 'invalidation-queue',
  context: ({ input }) => ({ entriesMax: input.entriesMax, used: 0, submissions: [] }),
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
    'descriptors.submit': [
      {
        guard: 'hasRoom',
        actions: [
          append,
          {
            type: 'writeDescriptors',
            params: ({ event }) => ({
              ticket: event.ticket,
              descriptors: event.descriptors,
              drain: event.drain,
            }),
          },
        ],
      },
      {
        actions: {
          type: 'refuse',
          params: { reason: 'the submitter spins until entries are free' },
        },
      },
    ],
    'wait.executed': {
      guard: 'isKnown',
      actions: [finish, { type: 'complete', params: ticketOf }],
    },
    'descriptor.rejected': {
      guard: 'isKnown',
      actions: [
        finish,
        {
          type: 'fail',
          params: ({ event }) => ({ tickets: [event.ticket], errno: 'EINVAL' as const }),
        },
      ],
    },
    'device.timed-out': [
      {
        guard: 'isPresent',
        actions: [
          {
            type: 'restart',
            params: ({ context, event }) => ({ tickets: aborted(context, event) }),
          },
          abandon,
        ],
      },
      {
        guard: 'isKnown',
        actions: [
          {
            type: 'fail',
            params: ({ event }) => ({ tickets: [event.ticket], errno: 'ETIMEDOUT' as const }),
          },
          {
            type: 'restart',
            params: ({ context, event }) => ({ tickets: aborted(context, event) }),
          },
          abandon,
        ],
      },
    ],
  },
});

export const invalidationQueueHolds = holds({
  used: count(256),
  submissions: list(SUBMISSIONS_MAX, {
    ticket: id('ticket'),
    entries: count(256),
    drain: bit,
    done: bit,
  }),
});
