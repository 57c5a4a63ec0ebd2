/**
 * Teardown worker: takes a queued group, handles it through its attach handle, answers it.
 *
 * Actor:   active, one.
 * Effects: takeWork, dereferenceHandle, respond, finishWork.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../../../core/invariant.ts';
import { effect, holds, id, maybe } from '../../../machines/wiring-types.ts';

type Group = { readonly group: number };
type Context = { readonly group: number | undefined };
type WorkerEvent =
  | ({ readonly type: 'work.take' } & Group) // from work queue
  | { readonly type: 'step' }; //               from the scheduler

const worker = setup({
  types: { context: {} as Context, events: {} as WorkerEvent },
  actions: {
    keep: assign((_, { group }: Group) => ({ group })),
    forget: assign({ group: undefined }),
    takeWork: effect<Group>(),
    dereferenceHandle: effect(),
    respond: effect<Group>(),
    finishWork: effect<Group>(),
  },
});

const inHand = ({ context }: { readonly context: Context }): Group => {
  invariant(context.group !== undefined, 'the worker has no group in hand');
  return { group: context.group };
};
const ofGroup = ({ event }: { readonly event: Group }): Group => ({ group: event.group });

export const teardownWorkerMachine = worker.createMachine({
  id: 'teardown-worker',
  context: { group: undefined },
  initial: 'idle',
  states: {
    idle: {
      on: {
        'work.take': {
          target: 'handling',
          actions: [
            { type: 'keep', params: ofGroup },
            { type: 'takeWork', params: ofGroup },
          ],
        },
      },
    },
    handling: { on: { step: { target: 'responding', actions: 'dereferenceHandle' } } },
    responding: {
      on: { step: { target: 'finishing', actions: { type: 'respond', params: inHand } } },
    },
    finishing: {
      on: {
        step: { target: 'idle', actions: [{ type: 'finishWork', params: inHand }, 'forget'] },
      },
    },
  },
});

export const teardownWorkerHolds = holds({ group: maybe(id('group')) });
