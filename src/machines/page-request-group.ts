/**
 * Page-request group: the memory of one live group, from its last request to its release.
 *
 * Kernel:  include/linux/iommu.h, struct iopf_group; drivers/iommu/io-pgfault.c, iopf_group_response(),
 *          iopf_free_group().
 * Actor:   an object, one per slot that a live group may occupy; a slot stands for kernel memory, so a freed one
 *          that somebody still points at is `dangling`, and any touch of it is a use after free.
 * Lock:    filled, answered and retired under the fault parameter's lock; the rest belongs to one owner at a time.
 * Effects: respond, ignore, violate.
 *
 * Holds hidden numbers for the properties: its attach handle, and in each request the owner and PRG epochs.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../core/invariant.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import { FAULT_PARAMS_MODEL_MAX, PARTIALS_MODEL_MAX } from './fault-queue.ts';
import { type RequestRecord, type ResponseRecord, requestHolds } from './page-request-queue.ts';
import { bit, count, effect, holds, id, list, maybe, type Violation } from './wiring-types.ts';

export type PageRequestGroupEvent =
  | {
      readonly type: 'group.filled'; //                              from fault queue
      readonly param: number;
      /** In order of arrival, the last one at the tail. */
      readonly requests: readonly RequestRecord[];
      readonly onStack: boolean;
    }
  | { readonly type: 'handle.assigned'; readonly handle: number } // from page request thread
  | { readonly type: 'group.queued' } //                             from its handler
  | { readonly type: 'work.started' } //                             from fault worker, reader of the fault file
  | { readonly type: 'group.touched' } //                            from whoever reads a request of it
  | { readonly type: 'group.answered'; readonly code: PageResponseCode } // from thread, worker, removal that leaks
  | { readonly type: 'group.retired'; readonly code: PageResponseCode } //  from removal: answered and freed
  | { readonly type: 'group.freed' }; //                             from thread, worker, reader of the fault file

type Context = {
  readonly param: number | undefined;
  readonly handle: number | undefined;
  readonly requests: readonly RequestRecord[];
  /** The group of a failed allocation lives on the reporter's stack; nobody else may free it. */
  readonly onStack: boolean;
};

type Answer = {
  readonly context: Context;
  readonly event: { readonly code: PageResponseCode };
};
type Filled = Extract<PageRequestGroupEvent, { type: 'group.filled' }>;

const group = setup({
  types: {
    context: {} as Context,
    events: {} as PageRequestGroupEvent,
    tags: '' as 'owes-response',
  },
  actions: {
    fill: assign((_, params: Omit<Filled, 'type'>) => ({ ...params })),
    assignHandle: assign((_, params: { readonly handle: number }) => ({
      handle: params.handle,
    })),
    empty: assign({ param: undefined, handle: undefined, requests: [], onStack: false }),
    respond: effect<ResponseRecord>(),
    ignore: effect<{ readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: {
    isOnStack: ({ context }) => context.onStack,
  },
});

/** The response is built from the group's own last request; nobody searches for a match. */
const respond = {
  type: 'respond',
  params: ({ context, event }: Answer): ResponseRecord => {
    const request = context.requests.at(-1);
    invariant(request !== undefined, 'a group without requests is answered');
    return { request, code: event.code };
  },
} as const;
const violate = (state: string, property: string, sentence: string) =>
  ({
    type: 'violate',
    params: ({ event }: { readonly event: PageRequestGroupEvent }): Violation => ({
      unexpected: event.type,
      state,
      property,
      sentence,
    }),
  }) as const;
const ignore = (reason: string) => ({ type: 'ignore', params: { reason } }) as const;
const otherOwner = (state: string) =>
  violate(state, 'S7', 'a group is in exactly one place and is freed exactly once');
const usedAfterFree = (state: string) => violate(state, 'S8', 'no access to a freed group');
const freedUnanswered = (state: string) =>
  ({
    target: 'free',
    actions: [violate(state, 'S7', 'a group is freed while it owes a response'), 'empty'],
  }) as const;
/** Removal frees what its owner still points at. A group on the stack isn't its to free. */
const retired = (state: string) =>
  [
    {
      guard: 'isOnStack',
      target: 'dangling',
      actions: [respond, violate(state, 'S8', 'a group on the stack is freed')],
    },
    { target: 'dangling', actions: respond },
  ] as const;

export const pageRequestGroupMachine = group.createMachine({
  id: 'page-request-group',
  context: { param: undefined, handle: undefined, requests: [], onStack: false },
  initial: 'free',
  states: {
    free: {
      on: {
        'group.filled': {
          target: 'pending',
          actions: {
            type: 'fill',
            params: ({ event }) => ({
              param: event.param,
              requests: event.requests,
              onStack: event.onStack,
            }),
          },
        },
        'group.freed': { actions: otherOwner('free') },
        'group.answered': {
          actions: violate('free', 'S1', 'no response is emitted after the group was freed'),
        },
        '*': { actions: usedAfterFree('free') },
      },
    },
    // The reporter's: on the pending list, not yet with its handler.
    pending: {
      tags: 'owes-response',
      on: {
        'handle.assigned': {
          actions: { type: 'assignHandle', params: ({ event }) => ({ handle: event.handle }) },
        },
        'group.queued': 'queued',
        'group.touched': {},
        'group.answered': { target: 'answered', actions: respond },
        'group.retired': [...retired('pending')],
        'group.freed': freedUnanswered('pending'),
        '*': { actions: otherOwner('pending') },
      },
    },
    // The handler's: a work item, or a fault file's list, points at it.
    queued: {
      tags: 'owes-response',
      on: {
        'work.started': 'running',
        'group.touched': {},
        'group.answered': { target: 'answered', actions: respond },
        'group.retired': [...retired('queued')],
        'group.freed': freedUnanswered('queued'),
        '*': { actions: otherOwner('queued') },
      },
    },
    // A worker's, or of whoever read it from the fault file.
    running: {
      tags: 'owes-response',
      on: {
        'group.touched': {},
        'group.answered': { target: 'answered', actions: respond },
        'group.retired': [...retired('running')],
        'group.freed': freedUnanswered('running'),
        '*': { actions: otherOwner('running') },
      },
    },
    // Removal that leaks may answer it under its owner's hands; the owner goes on as if nothing had happened.
    answered: {
      on: {
        'handle.assigned': {
          actions: { type: 'assignHandle', params: ({ event }) => ({ handle: event.handle }) },
        },
        'group.queued': { actions: ignore('answered before it was queued') },
        'work.started': { actions: ignore('answered before its work began') },
        'group.touched': {},
        'group.answered': {
          actions: [violate('answered', 'S1', 'a group receives at most one response'), respond],
        },
        'group.freed': { target: 'free', actions: 'empty' },
        '*': { actions: otherOwner('answered') },
      },
    },
    // Freed by removal, with its reporter, work item or worker still pointing at it: they read what it last held.
    dangling: {
      on: {
        'group.freed': {
          target: 'free',
          actions: [violate('dangling', 'S7', 'a group is freed exactly once'), 'empty'],
        },
        'handle.assigned': {
          actions: [
            usedAfterFree('dangling'),
            { type: 'assignHandle', params: ({ event }) => ({ handle: event.handle }) },
          ],
        },
        'group.answered': {
          actions: violate('dangling', 'S1', 'no response is emitted after the group was freed'),
        },
        '*': { actions: usedAfterFree('dangling') },
      },
    },
  },
});

export const pageRequestGroupHolds = holds({
  param: maybe(count(FAULT_PARAMS_MODEL_MAX - 1)),
  handle: maybe(id('handle')),
  requests: list(PARTIALS_MODEL_MAX + 1, requestHolds),
  onStack: bit,
});
