/**
 * Deliver list: the groups of one iommufd fault queue that no read has taken yet, oldest first.
 *
 * Kernel:  drivers/iommu/iommufd/eventq.c, iommufd_fault_iopf_handler(), iommufd_fault_deliver_fetch(),
 *          iommufd_fault_deliver_restore(), iommufd_auto_response_faults(), iommufd_fault_destroy().
 * Actor:   an object, one per fault queue.
 * Lock:    the queue's spinlock: the thread that reports faults takes it, so nobody may sleep under it.
 * Effects: wake, answerAll, violate.
 *
 * Nothing bounds the list and nothing is ever dropped from it.
 */
import { assign, setup } from 'xstate';

import { count, effect, holds, id, list, type Violation } from './wiring-types.ts';

/** Groups a modelled list may hold; a live one has no limit. */
export const DELIVERED_GROUPS_MODEL_MAX = 4;
export const DELIVERED_RECORDS_MODEL_MAX = 8;

/** A group as the list keeps it: whose fault it is, and how many records a read of it takes. */
export type DeliveredGroup = {
  readonly group: number;
  readonly handle: number;
  readonly records: number;
};

export type DeliverListEvent =
  | (DeliveredGroup & { readonly type: 'group.deliver' }) //          from page request thread
  | { readonly type: 'group.fetch' } //                               from a reader of the file
  | (DeliveredGroup & { readonly type: 'group.restore' }) //          from the same: it didn't fit, or its copy failed
  | { readonly type: 'handle.sweep'; readonly handle: number } //     from detach, replace
  | { readonly type: 'list.sweep' }; //                               from the destruction of the queue

type Context = { readonly groups: readonly DeliveredGroup[] };

const delivered = setup({
  types: { context: {} as Context, events: {} as DeliverListEvent },
  actions: {
    append: assign(({ context }, params: DeliveredGroup) => ({
      groups: [...context.groups, params],
    })),
    prepend: assign(({ context }, params: DeliveredGroup) => ({
      groups: [params, ...context.groups],
    })),
    shift: assign({ groups: ({ context }) => context.groups.slice(1) }),
    dropHandle: assign(({ context }, params: { readonly handle: number }) => ({
      groups: context.groups.filter(({ handle }) => handle !== params.handle),
    })),
    clear: assign({ groups: [] }),
    wake: effect(),
    answerAll: effect<{ readonly groups: readonly number[] }>(),
    violate: effect<Violation>(),
  },
  guards: { hasGroups: ({ context }) => context.groups.length > 0 },
});

const entryOf = ({ event }: { readonly event: DeliveredGroup }): DeliveredGroup => ({
  group: event.group,
  handle: event.handle,
  records: event.records,
});

export const deliverListMachine = delivered.createMachine({
  id: 'deliver-list',
  context: { groups: [] },
  on: {
    'group.deliver': { actions: [{ type: 'append', params: entryOf }, 'wake'] },
    'group.restore': { actions: { type: 'prepend', params: entryOf } },
    'group.fetch': [
      { guard: 'hasGroups', actions: 'shift' },
      {
        actions: {
          type: 'violate',
          params: { unexpected: 'group.fetch', sentence: 'an empty list is fetched from' },
        },
      },
    ],
    // Each is moved to the head of a private list, so the newest is answered first.
    'handle.sweep': {
      actions: [
        {
          type: 'answerAll',
          params: ({ context, event }) => ({
            groups: context.groups
              .filter(({ handle }) => handle === event.handle)
              .map(({ group }) => group)
              .reverse(),
          }),
        },
        { type: 'dropHandle', params: ({ event }) => ({ handle: event.handle }) },
      ],
    },
    'list.sweep': {
      actions: [
        {
          type: 'answerAll',
          params: ({ context }) => ({ groups: context.groups.map(({ group }) => group) }),
        },
        'clear',
      ],
    },
  },
});

export const deliverListHolds = holds({
  groups: list(DELIVERED_GROUPS_MODEL_MAX, {
    group: id('group'),
    handle: id('handle'),
    records: count(DELIVERED_RECORDS_MODEL_MAX),
  }),
});
