/**
 * Unmap parts: a thread that takes a page out of process 0, and an unbind by the driver's whole list beside it.
 *
 * The entry goes first, then whoever is linked hears of it and flushes, then the page goes back to the allocator.
 */
import { call, offer, where } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import { operationWiring, runTakes } from './operation-wiring.ts';
import type { LifetimeSlots } from './slots.ts';

export function unmapParts(slots: LifetimeSlots): readonly Part[] {
  const { mm, notifier, pages, mapping, unmap: unmaps, flush, flushRun, listUnbind } = slots;
  const wiring = operationWiring(slots);
  const step = () => [offer({ type: 'step' as const })];
  return [
    actor(unmaps, {
      takes: step,
      asks: {
        notifierIsLinked: () => [where(notifier, 0, (of) => of.hasTag('linked'))],
        isFlushed: () => [where(flush, 0, ({ status }) => status === 'done')],
      },
      effects: {
        clearEntry: () => [call(mm, 0, { type: 'range.unmap', pfn: 0, pages: 1 }), mapping.clear()],
        notify: () => [call(notifier, 0, { type: 'range.invalidated', pfn: 0, pages: 1 })],
        freePage: () => [call(pages, 0, { type: 'memory.free' })],
      },
    }),
    actor(flush, { ...wiring, takes: runTakes(flushRun), mayRest: () => true }),
    actor(listUnbind, { ...wiring, takes: step }),
    object(flushRun),
    mapping.part,
  ];
}
