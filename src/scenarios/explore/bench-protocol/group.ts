/**
 * Bench group: where one group of two page requests is, and whether its first one is on the partial list.
 *
 * Actor:   an object, one per group.
 * Effects: violate (S1: answered twice).
 */
import { assign, setup } from 'xstate';

import { bit, effect, holds, type Violation } from '../../../machines/wiring-types.ts';

export type GroupEvent =
  | { readonly type: 'group.completed' } //  from device
  | { readonly type: 'group.refused' } //    from device, for the hardware
  | { readonly type: 'partial.stored' } //   from irq thread
  | { readonly type: 'group.enqueued' } //   from irq thread
  | { readonly type: 'group.rejected' } //   from irq thread
  | { readonly type: 'queued.answered' } //  from detach
  | { readonly type: 'work.taken' } //       from worker
  | { readonly type: 'group.answered' }; //  from worker

const group = setup({
  types: { context: {} as { readonly partial: boolean }, events: {} as GroupEvent },
  actions: {
    keepPartial: assign({ partial: true }),
    dropPartial: assign({ partial: false }),
    violate: effect<Violation>(),
  },
});

const answeredTwice = {
  type: 'violate',
  params: ({ event }: { readonly event: GroupEvent }): Violation => ({
    unexpected: event.type,
    property: 'S1',
    sentence: 'a group receives at most one response',
  }),
} as const;

export const benchGroupMachine = group.createMachine({
  id: 'bench-group',
  context: { partial: false },
  on: {
    'partial.stored': { actions: 'keepPartial' },
    'queued.answered': { actions: 'dropPartial' },
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'unsent',
  states: {
    unsent: { on: { 'group.completed': 'sent', 'group.refused': 'answered' } },
    sent: {
      on: {
        'group.enqueued': { target: 'queued', actions: 'dropPartial' },
        'group.rejected': { target: 'answered', actions: 'dropPartial' },
      },
    },
    queued: {
      on: {
        'work.taken': 'taken',
        'queued.answered': { target: 'answered', actions: 'dropPartial' },
      },
    },
    taken: { on: { 'group.answered': 'answered' } },
    answered: {
      on: {
        'group.rejected': { actions: [answeredTwice, 'dropPartial'] },
        'group.answered': { actions: answeredTwice },
      },
    },
  },
});

export const benchGroupHolds = holds({ partial: bit });
