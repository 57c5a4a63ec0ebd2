/**
 * Drain completion: the one wake-up that every drain of a unit shares.
 *
 * Kernel: drivers/iommu/intel/prq.c, intel_iommu.prq_complete (a struct completion): reinit_completion(),
 *         complete() when it is not done yet, wait_for_completion().
 * Actor:  an object, one per IOMMU unit.
 *
 * A completion wakes one waiter, and whoever re-arms it takes the wake-up away from everybody else.
 */
import { setup } from 'xstate';

import { effect, holds } from './wiring-types.ts';

export type DrainCompletionEvent =
  | { readonly type: 'completion.rearm' } //   from a drain
  | { readonly type: 'completion.complete' } // from the page request thread
  | { readonly type: 'completion.consume' }; // from a drain whose wait returned

const completion = setup({
  types: { context: {} as Record<string, never>, events: {} as DrainCompletionEvent },
  actions: { violate: effect<{ readonly unexpected: string }>() },
});

export const drainCompletionMachine = completion.createMachine({
  id: 'drain-completion',
  context: {},
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'armed',
  states: {
    armed: { on: { 'completion.rearm': {}, 'completion.complete': 'done' } },
    done: {
      on: { 'completion.rearm': 'armed', 'completion.complete': {}, 'completion.consume': 'armed' },
    },
  },
});

export const drainCompletionHolds = holds({});
