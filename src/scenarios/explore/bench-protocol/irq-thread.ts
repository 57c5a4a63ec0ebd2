/**
 * Bench irq thread: takes ring entries; for a last one it looks the handle up and, in a step of its own, queues the
 * group. In between, detach may free what was found.
 *
 * Actor:   active, one.
 * Effects: storePartial, enqueue, reject, pop.
 * Asks:    handleIsLive.
 */
import { setup } from 'xstate';

import { effect, question } from '../../../machines/wiring-types.ts';

type Group = { readonly group: number };
type Entry = { readonly type: 'entry'; readonly last: boolean; readonly pasid: number } & Group;
type Of = { readonly event: Entry };

const thread = setup({
  types: { context: {} as Record<string, never>, events: {} as Entry },
  actions: {
    storePartial: effect<Group>(),
    enqueue: effect<Group>(),
    reject: effect<Group>(),
    pop: effect(),
  },
  guards: {
    isFirst: ({ event }) => !event.last,
    handleIsLive: question<{ readonly pasid: number }>('handleIsLive'),
  },
});

const ofGroup = ({ event }: Of): Group => ({ group: event.group });

export const benchIrqThreadMachine = thread.createMachine({
  id: 'bench-irq-thread',
  context: {},
  initial: 'idle',
  states: {
    idle: {
      on: {
        entry: [
          { guard: 'isFirst', actions: [{ type: 'storePartial', params: ofGroup }, 'pop'] },
          {
            guard: {
              type: 'handleIsLive',
              params: ({ event }: Of) => ({ pasid: event.pasid }),
            },
            target: 'found',
          },
          { target: 'missing' },
        ],
      },
    },
    found: {
      on: { entry: { target: 'idle', actions: [{ type: 'enqueue', params: ofGroup }, 'pop'] } },
    },
    missing: {
      on: { entry: { target: 'idle', actions: [{ type: 'reject', params: ofGroup }, 'pop'] } },
    },
  },
});
