/**
 * Page request queue: one IOMMU unit's ring of page requests, with the two event bits hardware sets beside it.
 *
 * Kernel:  drivers/iommu/intel/prq.c (head, tail, PRS); hardware behaviour as the emulated unit shows it.
 * Spec:    Intel VT-d, "Page Request Queue", "Page Request Status Register".
 * Actor:   an object, one per IOMMU unit. Its entries leave only when software moves the head, so whoever scans
 *          head to tail still meets the request that is being reported.
 * Lock:    none: hardware adds at the tail, software writes registers, each of them atomic.
 * Effects: raiseEvent, answerDropped, drop, ignore, violate.
 *
 *     head                    tail
 *      | in process | waiting | free ... |      pending (PPR)   overflow (PRO)
 *      '---- entries[0..] ----'
 *
 * Policy:  an event raised while one is already waiting for the thread is the same event; the channel holds one.
 */
import { and, assign, not, or, setup, stateIn } from 'xstate';

import { invariant } from '../core/invariant.ts';
import type { PageRequest, PageResponseCode } from '../core/page-request.ts';
import {
  bit,
  effect,
  holds,
  id,
  list,
  maybe,
  record,
  scalar,
  type Violation,
} from './wiring-types.ts';

/** Most entries a modelled ring may hold; a live ring is bytes, not this machine. */
export const PRQ_MODEL_ENTRIES_MAX = 8;

/**
 * A page request as ring, partial list and group carry it: the descriptor, before anybody judged it (a stop
 * marker is last and asks for nothing), and two hidden generations that no kernel sees.
 */
export type RequestRecord = Omit<PageRequest, 'kind'> & {
  /** Who owned the PASID when hardware accepted the request. */
  readonly owner: number;
  /** Which use of the PRG index it belongs to. */
  readonly prgEpoch: number;
};

/** One PRG response: the request it answers for, and the software code. */
export type ResponseRecord = {
  readonly request: RequestRecord;
  readonly code: PageResponseCode;
};

export type PageRequestQueueEvent =
  | { readonly type: 'page-request.received'; readonly request: RequestRecord } // from device group
  | { readonly type: 'pending.acknowledge' } //                                    from page request thread
  | { readonly type: 'head.advance'; readonly count: number } //                   from page request thread
  | { readonly type: 'overflow.clear' }; //                                        from page request thread

export type PageRequestQueueInput = {
  readonly unit: number;
  /** Requests the full ring holds: one slot fewer than it has. */
  readonly capacity: number;
  /** Hardware answers a last request that it had to drop. Unconfirmed for every unit Linux 7.3 drives. */
  readonly answersDroppedLast: boolean;
  /**
   * Whether what fits is recorded although an overflow is not acknowledged yet: so do the queues of SMMUv3, whose
   * flag only tells that something was lost. By default the ring stays shut until the flag is cleared.
   */
  readonly recordsWhileOverflowed?: boolean;
};

type Context = PageRequestQueueInput & { readonly entries: readonly RequestRecord[] };
type Received = {
  readonly event: Extract<PageRequestQueueEvent, { type: 'page-request.received' }>;
};

const queue = setup({
  types: {
    context: {} as Context,
    events: {} as PageRequestQueueEvent,
    input: {} as PageRequestQueueInput,
  },
  actions: {
    append: assign(({ context }, params: { readonly request: RequestRecord }) => ({
      entries: [...context.entries, params.request],
    })),
    advance: assign(({ context }, params: { readonly count: number }) => ({
      entries: context.entries.slice(params.count),
    })),
    raiseEvent: effect<{ readonly unit: number }>(),
    answerDropped: effect<ResponseRecord>(),
    drop: effect<{ readonly request: RequestRecord; readonly reason: string }>(),
    ignore: effect<{ readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: {
    isFull: ({ context }) => context.entries.length >= context.capacity,
    answersLast: ({ context, event }) =>
      context.answersDroppedLast && event.type === 'page-request.received' && event.request.last,
    fullAndAnswersLast: and(['isFull', 'answersLast']),
    recordsWhileOverflowed: ({ context }) => context.recordsWhileOverflowed === true,
    accepts: and([not('isFull'), or([stateIn({ overflow: 'clear' }), 'recordsWhileOverflowed'])]),
    overflowsAgain: and(['isFull', 'recordsWhileOverflowed']),
    overflows: and(['isFull', stateIn({ overflow: 'clear' })]),
    hasEntries: ({ context, event }) =>
      event.type === 'head.advance' && event.count <= context.entries.length,
  },
});

const requestOf = ({ event }: Received) => ({ request: event.request });
const raise = {
  type: 'raiseEvent',
  params: ({ context }: { readonly context: Context }) => ({ unit: context.unit }),
} as const;
const answer = {
  type: 'answerDropped',
  params: ({ event }: Received): ResponseRecord => ({ request: event.request, code: 'success' }),
} as const;
const drop = (reason: string) =>
  ({
    type: 'drop',
    params: ({ event }: Received) => ({ request: event.request, reason }),
  }) as const;
const ignore = (reason: string) => ({ type: 'ignore', params: { reason } }) as const;

export const pageRequestQueueMachine = queue.createMachine({
  id: 'page-request-queue',
  context: ({ input }) => {
    invariant(
      input.capacity >= 1 && input.capacity <= PRQ_MODEL_ENTRIES_MAX,
      `a modelled ring holds 1 to ${PRQ_MODEL_ENTRIES_MAX} requests, not ${input.capacity}`,
    );
    return { ...input, entries: [] };
  },
  type: 'parallel',
  on: {
    'head.advance': {
      guard: 'hasEntries',
      actions: { type: 'advance', params: ({ event }) => ({ count: event.count }) },
    },
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  states: {
    // First region, first actions: the request is in the ring before the event for it is raised.
    overflow: {
      initial: 'clear',
      states: {
        clear: {
          on: {
            'page-request.received': [
              { guard: 'fullAndAnswersLast', target: 'set', actions: answer },
              { guard: 'isFull', target: 'set', actions: drop('the ring is full') },
              { actions: { type: 'append', params: requestOf } },
            ],
            'overflow.clear': { actions: ignore('writing 1 to a clear bit') },
          },
        },
        set: {
          on: {
            'page-request.received': [
              { guard: 'accepts', actions: { type: 'append', params: requestOf } },
              { guard: 'answersLast', actions: answer },
              { guard: 'overflowsAgain', actions: drop('the ring is full') },
              { actions: drop('the overflow bit is set') },
            ],
            'overflow.clear': 'clear',
          },
        },
      },
    },
    // An event is raised only when both bits were clear.
    pending: {
      initial: 'clear',
      states: {
        clear: {
          on: {
            'page-request.received': [
              { guard: 'accepts', target: 'set', actions: raise },
              { guard: 'overflows', actions: raise },
            ],
            'pending.acknowledge': { actions: ignore('writing 1 to a clear bit') },
          },
        },
        set: { on: { 'pending.acknowledge': 'clear' } },
      },
    },
  },
});

/** The fields of a request, for whoever holds one. */
export const requestHolds = holds({
  rid: id('function'),
  pasid: maybe(id('pasid')),
  prgi: id('prg-index'),
  iovaPfn: scalar,
  access: record({ read: bit, write: bit, exec: bit, privileged: bit }),
  last: bit,
  owner: id('owner'),
  prgEpoch: scalar,
});

export const pageRequestQueueHolds = holds({ entries: list(PRQ_MODEL_ENTRIES_MAX, requestHolds) });
