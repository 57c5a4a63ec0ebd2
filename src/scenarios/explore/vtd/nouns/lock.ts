/**
 * Lock: a mutex of the kernel; whoever must take it waits on a question.
 *
 * Actor:   an object, one per lock.
 * Effects: violate.
 */
import { setup } from 'xstate';

import { effect } from '../../../../machines/wiring-types.ts';

const lock = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'lock.taken' | 'lock.released' },
  },
  actions: { violate: effect<{ readonly unexpected: string }>() },
});

export const lockMachine = lock.createMachine({
  id: 'lock',
  context: {},
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'free',
  states: { free: { on: { 'lock.taken': 'held' } }, held: { on: { 'lock.released': 'free' } } },
});
