/**
 * Fault reporting part: the page request thread, from the ring to the deliver list.
 */
import { received } from '../../../explore/channel.ts';
import { type Call, call, offer, offerFrom, unheard } from '../../../explore/wiring.ts';
import { actor, type Part } from '../../../explore/world.ts';
import type { IommufdRules } from '../../../machines/iommufd-rules.ts';
import {
  type FaultKinds,
  type FaultPlan,
  REQUESTS,
  RID,
  requestOf,
  THREAD_GATE,
} from './fault-kinds.ts';

export function reportingPart(kinds: FaultKinds, rules: IommufdRules, plan: FaultPlan): Part {
  const { thread, ring, interrupt, semaphore, slot, queue, group, handle, deliverList, gate } =
    kinds;
  const underMutex = rules.deliverLock === 'mutex';
  const wanted = (how: 'wanted' | 'passed'): readonly Call[] =>
    underMutex ? [call(gate, THREAD_GATE, { type: `mutex.${how}` })] : [];
  return actor(thread, {
    takes: () => [
      underMutex
        ? offerFrom(gate, THREAD_GATE, ({ context: { wants, held } }) =>
            wants && held ? undefined : { type: 'step' as const },
          )
        : offer({ type: 'step' as const }),
      received(interrupt, 0, () => ({ type: 'interrupt.received' as const })),
      offerFrom(ring, 0, ({ context }) => ({
        type: 'tail.read' as const,
        tail: context.entries.length,
      })),
      ...REQUESTS.map((position) =>
        offerFrom(ring, 0, ({ context: { entries } }) => {
          const request = entries[position];
          return request && { type: 'entry.read' as const, position, request };
        }),
      ),
      // A report holds the device's semaphore for reading.
      offerFrom(
        semaphore,
        0,
        ({ value }) => (value === 'free' ? { type: 'device.found' as const, rid: RID } : undefined),
        [call(semaphore, 0, { type: 'lock.take' })],
      ),
      ...REQUESTS.map((of) =>
        offerFrom(slot, of, ({ value, context }) => {
          const { pasid } = requestOf(plan, of);
          return value === 'attached' && context.handle !== undefined
            ? {
                type: 'handle.found' as const,
                rid: RID,
                pasid,
                handle: context.handle,
                hasHandler: true,
              }
            : { type: 'handle.missing' as const, rid: RID, pasid };
        }),
      ),
      offerFrom(queue, 0, ({ value, context }) =>
        value === 'present'
          ? { type: 'param.found' as const, rid: RID, param: context.param }
          : { type: 'param.missing' as const, rid: RID },
      ),
      ...REQUESTS.map((of) =>
        offerFrom(group, of, ({ value }) =>
          value === 'free' ? { type: 'group.allocated' as const, group: of } : undefined,
        ),
      ),
    ],
    asks: {
      groupIsPending: () => false,
      handlerRefuses: () => false,
      overflowIsSet: () => false,
      ringIsEmpty: () => false,
    },
    effects: {
      acknowledge: () => [call(ring, 0, { type: 'pending.acknowledge' })],
      advanceHead: ({ count }) => [call(ring, 0, { type: 'head.advance', count })],
      takeReference: ({ param }) => [call(queue, 0, { type: 'reference.take', param })],
      putReference: ({ param }) => [call(queue, 0, { type: 'reference.put', param })],
      storePartial: ({ param, request }) => [
        call(queue, 0, { type: 'partial.store', param, request }),
      ],
      buildGroup: ({ param, group: of, request, onStack }) => [
        call(queue, 0, { type: 'group.build', param, group: of, request, onStack }),
        ...wanted('wanted'),
      ],
      assignHandle: ({ group: of, handle: to }) => [
        call(group, of, { type: 'handle.assigned', handle: to }),
      ],
      dereferenceHandle: ({ handle: of }) => [call(handle, of, { type: 'handle.dereference' })],
      hand: ({ group: of, handle: to }) => [
        call(queue, 0, { type: 'group.dequeue', param: 0, group: of }),
        call(group, of, { type: 'group.queued' }),
        call(deliverList, 0, { type: 'group.deliver', group: of, handle: to, records: 1 }),
        ...wanted('passed'),
      ],
      return: () => [call(semaphore, 0, { type: 'lock.drop' })],
      respond: unheard,
      cancelPartials: unheard,
      respondGroup: unheard,
      unlinkGroup: unheard,
      freeGroup: unheard,
      discardPartials: unheard,
      clearOverflow: unheard,
      complete: unheard,
      trace: unheard,
      warn: unheard,
      ignore: unheard,
    },
    mayRest: ({ value }) => value === 'idle',
  });
}
