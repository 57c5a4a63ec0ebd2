/**
 * Event queue: the hardware events of one kind that one vIOMMU keeps for its VM.
 *
 * Kernel:  drivers/iommu/iommufd/eventq.c, struct iommufd_veventq, iommufd_vevent_handler(),
 *          iommufd_veventq_fops_read(); driver.c, iommufd_viommu_report_event().
 * Actor:   an object, one per (vIOMMU, kind of event).
 * Lock:    the queue's spinlock.
 * Effects: wake, violate.
 *
 * A full queue says so once: a lost-events marker stands at its tail and carries the number of the last event that was
 * dropped. The next event that fits takes an unread marker away, so that only the gap in the numbers tells.
 */
import { assign, setup } from 'xstate';

import { count, effect, holds, list, maybe, scalar, type Violation } from './wiring-types.ts';

export const EVENT_QUEUE_MODEL_MAX = 4;
/** Numbers wrap after this one. */
const SEQUENCE_MAX = 0x7fffffff;

/** `data` undefined: the lost-events marker. */
export type QueuedEvent = { readonly sequence: number; readonly data: number | undefined };

export type EventQueueEvent =
  | { readonly type: 'event.report'; readonly data: number } // from the driver
  | { readonly type: 'event.consume' }; //                      from a reader of the file: the oldest was copied

type Context = {
  readonly depth: number;
  /** Oldest first. */
  readonly events: readonly QueuedEvent[];
  readonly sequence: number;
};

const queue = setup({
  types: {
    context: {} as Context,
    events: {} as EventQueueEvent,
    input: {} as { readonly depth: number },
  },
  actions: {
    append: assign(({ context }, params: { readonly data: number | undefined }) => {
      const last = context.events.at(-1);
      const kept =
        last !== undefined && last.data === undefined
          ? context.events.slice(0, -1)
          : context.events;
      return {
        events: [...kept, { sequence: context.sequence, data: params.data }],
        sequence: context.sequence === SEQUENCE_MAX ? 0 : context.sequence + 1,
      };
    }),
    consume: assign({ events: ({ context }) => context.events.slice(1) }),
    wake: effect(),
    violate: effect<Violation>(),
  },
  guards: {
    hasRoom: ({ context }) =>
      context.events.filter(({ data }) => data !== undefined).length < context.depth,
    hasEvents: ({ context }) => context.events.length > 0,
  },
});

export const eventQueueMachine = queue.createMachine({
  id: 'event-queue',
  context: ({ input }) => ({ depth: input.depth, events: [], sequence: 0 }),
  on: {
    'event.report': [
      {
        guard: 'hasRoom',
        actions: [{ type: 'append', params: ({ event }) => ({ data: event.data }) }, 'wake'],
      },
      { actions: [{ type: 'append', params: { data: undefined } }, 'wake'] },
    ],
    'event.consume': [
      { guard: 'hasEvents', actions: 'consume' },
      {
        actions: {
          type: 'violate',
          params: { unexpected: 'event.consume', sentence: 'nothing was there to be read' },
        },
      },
    ],
  },
});

export const eventQueueHolds = holds({
  events: list(EVENT_QUEUE_MODEL_MAX, {
    sequence: count(SEQUENCE_MAX),
    data: maybe(scalar),
  }),
  sequence: count(SEQUENCE_MAX),
});
