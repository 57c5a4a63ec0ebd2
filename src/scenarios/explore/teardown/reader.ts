/**
 * Teardown reader: the page request thread, cut down to what a teardown waits for.
 *
 * Actor:   active, one.
 * Effects: acknowledge, dereferenceHandle, queue, refuse, advance, complete.
 * Asks:    slotHasHandle.
 *
 * Looking the handle up and using it are two steps. The head moves once a pass, so a drain that scans the ring sees
 * everything this pass has read.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../../../core/invariant.ts';
import { count, effect, holds, id, maybe, question } from '../../../machines/wiring-types.ts';
import { GROUPS_MODEL_MAX } from './requester.ts';

type Group = { readonly group: number };
type Context = {
  readonly tail: number;
  readonly position: number;
  readonly group: number | undefined;
};
type ReaderEvent =
  | { readonly type: 'interrupt' } //                                            from ring
  | { readonly type: 'step' } //                                                 from the scheduler
  | { readonly type: 'tail.read'; readonly tail: number } //                     from ring
  | ({ readonly type: 'entry.read'; readonly position: number } & Group); //     from ring

const reader = setup({
  types: { context: {} as Context, events: {} as ReaderEvent },
  actions: {
    begin: assign((_, { tail }: { readonly tail: number }) => ({ tail, position: 0 })),
    keep: assign((_, { group }: Group) => ({ group })),
    pass: assign({ group: undefined, position: ({ context }) => context.position + 1 }),
    end: assign({ tail: 0, position: 0 }),
    acknowledge: effect(),
    dereferenceHandle: effect(),
    queue: effect<Group>(),
    refuse: effect<Group>(),
    advance: effect<{ readonly count: number }>(),
    complete: effect(),
  },
  guards: {
    slotHasHandle: question('slotHasHandle'),
    isNext: ({ context, event }) =>
      event.type === 'entry.read' && event.position === context.position,
    passGoesOn: ({ context }) => context.position < context.tail,
  },
});

const inHand = ({ context }: { readonly context: Context }): Group => {
  invariant(context.group !== undefined, 'the reader has no group in hand');
  return { group: context.group };
};

export const teardownReaderMachine = reader.createMachine({
  id: 'teardown-reader',
  options: { maxIterations: 1000 },
  context: { tail: 0, position: 0, group: undefined },
  initial: 'idle',
  states: {
    idle: { on: { interrupt: 'acknowledging' } },
    acknowledging: { on: { step: { target: 'reading', actions: 'acknowledge' } } },
    reading: {
      on: {
        'tail.read': {
          target: 'choosing',
          actions: { type: 'begin', params: ({ event }) => ({ tail: event.tail }) },
        },
      },
    },
    choosing: { always: [{ guard: 'passGoesOn', target: 'fetching' }, { target: 'advancing' }] },
    fetching: {
      on: {
        'entry.read': {
          guard: 'isNext',
          target: 'lookingUp',
          actions: { type: 'keep', params: ({ event }) => ({ group: event.group }) },
        },
      },
    },
    lookingUp: {
      on: { step: [{ guard: 'slotHasHandle', target: 'found' }, { target: 'missing' }] },
    },
    found: {
      on: {
        step: {
          target: 'choosing',
          actions: ['dereferenceHandle', { type: 'queue', params: inHand }, 'pass'],
        },
      },
    },
    missing: {
      on: { step: { target: 'choosing', actions: [{ type: 'refuse', params: inHand }, 'pass'] } },
    },
    advancing: {
      on: {
        step: {
          target: 'completing',
          actions: [{ type: 'advance', params: ({ context }) => ({ count: context.tail }) }, 'end'],
        },
      },
    },
    completing: { on: { step: { target: 'idle', actions: 'complete' } } },
  },
});

export const teardownReaderHolds = holds({
  tail: count(GROUPS_MODEL_MAX),
  position: count(GROUPS_MODEL_MAX),
  group: maybe(id('group')),
});
