/**
 * Legacy worlds: two races of a driver that is no more, its fault notifier and its reference count.
 *
 * Kernel: drivers/iommu/amd/iommu_v2.c before its removal: ppr_notifier(), sva_mn release, do_fault();
 *         put_pasid_state(), put_pasid_state_wait().
 * Lock:   the state's spinlock, where the rules say that two things are done under it.
 */
import { assign, setup } from 'xstate';

import type { Driver } from '../../../actors/driver.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { mmHolds, mmMachine } from '../../../machines/mm.ts';
import { count, effect, holds, question } from '../../../machines/wiring-types.ts';
import { isFlushed, workQueueHolds, workQueueMachine } from '../../../machines/work-queue.ts';
import { memoryMachine } from './notes.ts';

const NOTHING = {} as Record<string, never>;
const STEP = {} as { readonly type: 'step' };
const GROUP = 0;
const RELEASE = 0;
const step = () => [offer({ type: 'step' as const })];

type UnderLock = { readonly underLock: boolean };

const markMachine = setup({
  types: { context: NOTHING, events: {} as { readonly type: 'mark.invalid' } },
}).createMachine({
  id: 'mark',
  context: {},
  initial: 'valid',
  states: { valid: { on: { 'mark.invalid': 'invalid' } }, invalid: {} },
});

const notifier = setup({
  types: { context: {} as UnderLock, events: STEP, input: {} as UnderLock },
  actions: { queueFault: effect() },
  guards: {
    isInvalid: question('isInvalid'),
    queuesUnderLock: ({ context }) => context.underLock,
  },
});

const notifierMachine = notifier.createMachine({
  id: 'fault-notifier',
  context: ({ input }) => input,
  initial: 'checking',
  states: {
    checking: {
      on: {
        step: [
          { guard: 'isInvalid', target: 'done' },
          { guard: 'queuesUnderLock', target: 'done', actions: 'queueFault' },
          { target: 'queueing' },
        ],
      },
    },
    queueing: { on: { step: { target: 'done', actions: 'queueFault' } } },
    done: { type: 'final' },
  },
});

const release = setup({
  types: { context: NOTHING, events: STEP },
  actions: { putUsers: effect(), markInvalid: effect(), beginFlush: effect(), end: effect() },
  guards: { workQueueIsFlushed: question('workQueueIsFlushed') },
});

const releaseMachine = release.createMachine({
  id: 'release',
  context: {},
  initial: 'exiting',
  states: {
    exiting: { on: { step: { target: 'marking', actions: 'putUsers' } } },
    marking: { on: { step: { target: 'flushing', actions: 'markInvalid' } } },
    flushing: { on: { step: { target: 'waiting', actions: 'beginFlush' } } },
    waiting: { on: { step: { guard: 'workQueueIsFlushed', target: 'released', actions: 'end' } } },
    released: { type: 'final' },
  },
});

const worker = setup({
  types: { context: NOTHING, events: {} as { readonly type: 'work.take' | 'step' } },
  actions: { takeWork: effect(), finishWork: effect() },
});

const workerMachine = worker.createMachine({
  id: 'fault-handler',
  context: {},
  initial: 'idle',
  states: {
    idle: { on: { 'work.take': { target: 'handling', actions: 'takeWork' } } },
    handling: { on: { step: { target: 'idle', actions: 'finishWork' } } },
  },
});

/** A notifier checks that the state is valid and queues a fault; mm release marks it and flushes. */
export function checkThenQueueWorld(driver: Driver): World {
  const mark = alike('mark', markMachine, {}, 1);
  const mm = slotKind('mm', mmMachine, mmHolds, [{ mm: 0 }]);
  const work = alike('work', workQueueMachine, workQueueHolds, 1);
  const reporting = slotKind('notifier', notifierMachine, {}, [
    { underLock: driver.lifetime.queuesUnderLock },
  ]);
  const releasing = alike('release', releaseMachine, {}, 1);
  const handling = alike('handler', workerMachine, {}, 1);
  const isReleased = where(releasing, 0, ({ status }) => status === 'done');
  const sentence = 'mm release has returned, and a fault of it is still to be handled';

  return {
    name: `check-then-queue, ${driver.name}`,
    columns: { notifier: 'fault notifier', release: 'exit', handler: 'worker' },
    properties: [
      {
        id: 'S6',
        sentence,
        never: [isReleased, where(work, 0, ({ context }) => context.queued.length > 0)],
      },
      {
        id: 'S6',
        sentence,
        never: [isReleased, where(handling, 0, ({ value }) => value !== 'idle')],
      },
    ],
    parts: [
      actor(reporting, {
        takes: step,
        asks: { isInvalid: () => [where(mark, 0, ({ value }) => value === 'invalid')] },
        effects: { queueFault: () => [call(work, 0, { type: 'work.queued', group: GROUP })] },
      }),
      actor(releasing, {
        takes: step,
        asks: {
          workQueueIsFlushed: () => [where(work, 0, ({ context }) => isFlushed(context, RELEASE))],
        },
        effects: {
          putUsers: () => [call(mm, 0, { type: 'users.put' })],
          markInvalid: () => [call(mark, 0, { type: 'mark.invalid' })],
          beginFlush: () => [call(work, 0, { type: 'flush.begin', operation: RELEASE })],
          end: () => [call(mm, 0, { type: 'notifiers.released' })],
        },
      }),
      actor(handling, {
        takes: () => [
          offer({ type: 'step' }),
          offerFrom(work, 0, ({ context }) =>
            context.queued.includes(GROUP) ? { type: 'work.take' as const } : undefined,
          ),
        ],
        effects: {
          takeWork: () => [call(work, 0, { type: 'work.taken', group: GROUP })],
          finishWork: () => [call(work, 0, { type: 'work.finished', group: GROUP })],
        },
        mayRest: ({ value }) => value === 'idle',
      }),
      object(mark),
      object(mm, {
        effects: {
          changeMapping: unheard,
          protectPages: unheard,
          zapPages: unheard,
          invalidateSecondaryTlbs: unheard,
          releaseNotifiers: unheard, // the release that runs here
          tearDownTables: unheard,
          freePasid: unheard,
          refuse: unheard,
        },
      }),
      object(work),
    ],
  };
}

const HOLDERS = 2;

const references = setup({
  types: {
    context: {} as { readonly count: number },
    events: {} as { readonly type: 'reference.put' },
  },
  actions: { fewer: assign({ count: ({ context }) => context.count - 1 }) },
});

const referencesMachine = references.createMachine({
  id: 'references',
  context: { count: HOLDERS },
  on: { 'reference.put': { actions: 'fewer' } },
});

const referencesHolds = holds({ count: count(HOLDERS) });

const holder = setup({
  types: { context: {} as UnderLock, events: STEP, input: {} as UnderLock },
  actions: { put: effect(), wake: effect() },
  guards: {
    isLast: question('isLast'),
    isLastUnderLock: question('isLastUnderLock'),
    wakesUnderLock: ({ context }) => context.underLock,
  },
});

const holderMachine = holder.createMachine({
  id: 'holder',
  context: ({ input }) => input,
  initial: 'putting',
  states: {
    putting: { always: [{ guard: 'wakesUnderLock', target: 'locked' }, { target: 'unlocked' }] },
    locked: {
      on: {
        step: [
          { guard: 'isLastUnderLock', target: 'done', actions: ['put', 'wake'] },
          { target: 'done', actions: 'put' },
        ],
      },
    },
    unlocked: {
      on: {
        step: [
          { guard: 'isLast', target: 'waking', actions: 'put' },
          { target: 'done', actions: 'put' },
        ],
      },
    },
    waking: { on: { step: { target: 'done', actions: 'wake' } } },
    done: { type: 'final' },
  },
});

const waiter = setup({
  types: { context: NOTHING, events: STEP },
  actions: { put: effect(), freeState: effect() },
  guards: { isUnreferenced: question('isUnreferenced') },
});

const waiterMachine = waiter.createMachine({
  id: 'waiter',
  context: {},
  initial: 'putting',
  states: {
    putting: { on: { step: { target: 'waiting', actions: 'put' } } },
    waiting: { on: { step: { guard: 'isUnreferenced', target: 'freeing' } } },
    freeing: { on: { step: { target: 'freed', actions: 'freeState' } } },
    freed: { type: 'final' },
  },
});

/** The last holder wakes a waiter, which frees what both share as soon as the count is zero. */
export function lastPutWorld(driver: Driver): World {
  const shared = alike('references', referencesMachine, referencesHolds, 1);
  const state = slotKind('state', memoryMachine, {}, [
    { property: 'S8', sentence: 'nobody wakes a wait queue that was freed' },
  ]);
  const holding = slotKind('holder', holderMachine, {}, [
    { underLock: driver.lifetime.wakesUnderLock },
  ]);
  const waiting = alike('waiter', waiterMachine, {}, 1);
  const put = () => [call(shared, 0, { type: 'reference.put' })];
  const isLast = () => [where(shared, 0, ({ context }) => context.count === 1)];

  return {
    name: `last-put, ${driver.name}`,
    parts: [
      actor(holding, {
        takes: step,
        asks: { isLast, isLastUnderLock: isLast },
        effects: { put, wake: () => [call(state, 0, { type: 'memory.use' })] },
      }),
      actor(waiting, {
        takes: step,
        asks: { isUnreferenced: () => [where(shared, 0, ({ context }) => context.count === 0)] },
        effects: { put, freeState: () => [call(state, 0, { type: 'memory.free' })] },
      }),
      object(shared),
      object(state),
    ],
  };
}
