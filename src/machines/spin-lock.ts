/**
 * Spin lock: who holds it, for the critical sections that are more than one step.
 *
 * Kernel:  include/linux/spinlock.h.
 * Actor:   an object, one per lock. A section of one step needs none: nothing comes between.
 * Effects: violate.
 */
import { setup } from 'xstate';

import { effect, holds } from './wiring-types.ts';

export type SpinLockEvent =
  | { readonly type: 'lock.take' } //  from whoever found it free
  | { readonly type: 'lock.drop' }; // from its holder

const lock = setup({
  types: { context: {} as Record<string, never>, events: {} as SpinLockEvent },
  actions: { violate: effect<{ readonly unexpected: string }>() },
});

export const spinLockMachine = lock.createMachine({
  id: 'spin-lock',
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

export const spinLockHolds = holds({});
