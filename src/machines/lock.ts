/**
 * Lock: whether somebody holds a mutex, a spin lock or a semaphore, for critical sections of more than one step.
 *
 * Kernel:  include/linux/mutex.h, spinlock.h, rwsem.h.
 * Actor:   an object, one per lock. A section of one step needs none: nothing comes between.
 * Effects: violate.
 */
import { setup } from 'xstate';

import { effect, holds } from './wiring-types.ts';

export type LockEvent =
  | { readonly type: 'lock.take' } //  from whoever found it free
  | { readonly type: 'lock.drop' }; // from its holder

const lock = setup({
  types: { context: {} as Record<string, never>, events: {} as LockEvent },
  actions: { violate: effect<{ readonly unexpected: string }>() },
});

export const lockMachine = lock.createMachine({
  id: 'lock',
  context: {},
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'free',
  states: {
    free: { on: { 'lock.take': 'held' } },
    held: { on: { 'lock.drop': 'free' } },
  },
});

export const lockHolds = holds({});
