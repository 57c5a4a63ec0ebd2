/**
 * Bench worker: takes a group, resolves it, responds; three steps, the last two through the attach handle.
 *
 * Actor:   active, as many as there are workers; they are interchangeable.
 * Effects: takeGroup, dereferenceHandle, answer.
 * Asks:    mmIsReleased.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../../../core/invariant.ts';
import { effect, holds, id, maybe, question } from '../../../machines/wiring-types.ts';

type Group = { readonly group: number };
type WorkerEvent =
  | { readonly type: 'work.take'; readonly group: number } // from group
  | { readonly type: 'step' }; //                             from the scheduler
type Context = { readonly group: number | undefined };

const worker = setup({
  types: { context: {} as Context, events: {} as WorkerEvent },
  actions: {
    keepGroup: assign((_, { group }: Group) => ({ group })),
    forgetGroup: assign({ group: undefined }),
    takeGroup: effect<Group>(),
    dereferenceHandle: effect<Group>(),
    answer: effect<Group>(),
  },
  guards: { mmIsReleased: question<Group>('mmIsReleased') },
});

const inHand = ({ context }: { readonly context: Context }): Group => {
  invariant(context.group !== undefined, 'the worker has no group in hand');
  return { group: context.group };
};
const dereference = { type: 'dereferenceHandle', params: inHand } as const;
const respond = {
  target: 'idle',
  actions: [dereference, { type: 'answer', params: inHand }, 'forgetGroup'],
} as const;

export const benchWorkerMachine = worker.createMachine({
  id: 'bench-worker',
  context: { group: undefined },
  initial: 'idle',
  states: {
    idle: {
      on: {
        'work.take': {
          target: 'resolving',
          actions: [
            { type: 'keepGroup', params: ({ event }) => ({ group: event.group }) },
            { type: 'takeGroup', params: ({ event }) => ({ group: event.group }) },
          ],
        },
      },
    },
    resolving: {
      on: {
        step: [
          {
            guard: { type: 'mmIsReleased', params: inHand },
            target: 'failed',
            actions: dereference,
          },
          { target: 'resolved', actions: dereference },
        ],
      },
    },
    resolved: { on: { step: respond } },
    failed: { on: { step: respond } },
  },
});

export const benchWorkerHolds = holds({ group: maybe(id('group')) });
