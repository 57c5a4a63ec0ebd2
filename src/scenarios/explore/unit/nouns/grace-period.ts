/**
 * Grace period: the end of what SRCU waits for once a notifier was put.
 *
 * Kernel:  mm/mmu_notifier.c, mmu_notifier_put(), mmu_notifier_free_rcu().
 * Actor:   active, one per notifier.
 * Effects: end.
 */
import { setup } from 'xstate';

import { effect } from '../../../../machines/wiring-types.ts';

const gracePeriod = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { end: effect() },
});

export const gracePeriodMachine = gracePeriod.createMachine({
  id: 'grace-period',
  context: {},
  on: { step: { actions: 'end' } },
});
