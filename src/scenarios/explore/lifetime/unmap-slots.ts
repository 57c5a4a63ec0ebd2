/**
 * Unmap slots: a thread that takes a page out of process 0, the driver's flush of it, an unbind by the whole list.
 *
 * Kernel:  mm/mmu_notifier.c, __mmu_notifier_arch_invalidate_secondary_tlbs(): who is linked is told.
 * Actor:   active: the unmap, the flush, the unbind.
 * Effects: clearEntry, notify, freePage (of the unmap).
 * Asks:    notifierIsLinked, isFlushed.
 */
import { setup } from 'xstate';

import type { Driver } from '../../../actors/driver.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { operationHolds, operationMachine } from '../../../machines/operation.ts';
import { effect, question } from '../../../machines/wiring-types.ts';
import { flags } from '../flag.ts';
import { runMachine } from './notes.ts';
import type { LifetimePlan } from './plan.ts';

const unmap = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { clearEntry: effect(), notify: effect(), freePage: effect() },
  guards: { notifierIsLinked: question('notifierIsLinked'), isFlushed: question('isFlushed') },
});

const unmapMachine = unmap.createMachine({
  id: 'unmap',
  context: {},
  initial: 'clearing',
  states: {
    clearing: { on: { step: { target: 'notifying', actions: 'clearEntry' } } },
    notifying: {
      on: {
        step: [
          { guard: 'notifierIsLinked', target: 'flushing', actions: 'notify' },
          { target: 'freeing' },
        ],
      },
    },
    flushing: { on: { step: { guard: 'isFlushed', target: 'freeing' } } },
    freeing: { on: { step: { target: 'unmapped', actions: 'freePage' } } },
    unmapped: { type: 'final' },
  },
});

/** `first` is the number of the first operation here. */
export function unmapSlots(driver: Driver, plan: LifetimePlan, first: number) {
  const target = { device: 0, attachment: 0 };
  const { operations, ownSteps } = driver;
  return {
    /** Held while the page is mapped. */
    mapping: flags('mapping'),
    unmap: alike('unmap', unmapMachine, {}, plan.unmaps === true ? 1 : 0),
    flush: slotKind(
      'flush',
      operationMachine('flush', operations['mm-invalidate'], ownSteps),
      operationHolds,
      [{ operation: first, ...target }],
    ),
    flushRun: alike('flush-run', runMachine, {}, 1),
    listUnbind: slotKind(
      'list-unbind',
      operationMachine('list-unbind', operations['unbind-sva'], ownSteps),
      operationHolds,
      plan.unbindsByList === true ? [{ operation: first + 1, ...target }] : [],
    ),
  };
}
