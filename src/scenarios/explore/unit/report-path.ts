/**
 * Report path of a world of a unit: ring, page request thread, fault queues, groups, work queue.
 */
import type { RequesterId } from '../../../core/ids.ts';
import { call, offer, offerFrom, type Take, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import { type OperationStep, stepShape } from '../../../machines/operation-steps.ts';
import type { PageRequestThreadEvent } from '../../../machines/page-request-thread-terms.ts';
import { faultQueuePart } from './fault-queue-part.ts';
import type { Kinds } from './kinds.ts';
import { lowestFree } from './nouns/group-memory.ts';
import { breach } from './observers/judge.ts';
import { deviceOf, freed, isMixed, responded } from './page-requests.ts';
import type { Plan } from './plan-terms.ts';
import { workerPart } from './worker-path.ts';

const MIXED = 'a group is put together from two uses of an index, or two PASIDs';

export function reportParts(plan: Plan, kinds: Kinds): readonly Part[] {
  const { ring, interrupt, faultQueue, group, memory, work, judge } = kinds;
  return [
    object(ring, {
      effects: {
        raiseEvent: () => [call(interrupt, 0, { type: 'interrupt.raised' })],
        answerDropped: (response) => responded(plan, kinds, response, false),
        drop: unheard,
        ignore: unheard,
      },
    }),
    object(interrupt),
    threadPart(plan, kinds),
    faultQueuePart(faultQueue, group, (requests) =>
      isMixed(requests) ? [breach(judge, 'S4', MIXED)] : [],
    ),
    object(group, {
      effects: { respond: (response) => responded(plan, kinds, response), ignore: unheard },
    }),
    object(memory),
    object(work),
    workerPart(plan, kinds),
    object(kinds.watch),
    object(judge),
  ];
}

function threadPart(plan: Plan, kinds: Kinds): Part {
  const { ring, interrupt, thread, faultQueue, group, memory, work, slot, handle } = kinds;
  const { completion, passNote } = kinds;
  const queueOf = ({ rid }: { readonly rid: RequesterId }) => deviceOf(plan, rid);
  const rids = plan.places.map(({ rid }) => rid).filter((rid, at, all) => all.indexOf(rid) === at);
  const passes = plan.tasks.filter(
    ({ work: of }) => 'steps' in of && of.steps.some((step) => waitsForPass(plan, step)),
  );

  const takes: readonly Take<PageRequestThreadEvent>[] = [
    offerFrom(
      interrupt,
      0,
      ({ value }) => (value === 'waiting' ? { type: 'interrupt.received' as const } : undefined),
      [call(interrupt, 0, { type: 'interrupt.taken' })],
    ),
    offer({ type: 'step' as const }),
    offerFrom(ring, 0, ({ context }) => ({
      type: 'tail.read' as const,
      tail: context.entries.length,
    })),
    ...Array.from({ length: plan.requestsMax }, (_, position) =>
      offerFrom(ring, 0, ({ context: { entries } }) => {
        const request = entries[position];
        return request === undefined
          ? undefined
          : { type: 'entry.read' as const, position, request };
      }),
    ),
    ...rids.map((rid) => offer({ type: 'device.found' as const, rid })),
    ...plan.places.map(({ rid, pasid }, at) =>
      offerFrom(slot, at, ({ value, context }) =>
        value === 'attached' && context.handle !== undefined
          ? {
              type: 'handle.found' as const,
              rid,
              pasid,
              handle: context.handle,
              hasHandler: plan.handlesFaults(plan.handles[context.handle]?.domain ?? 0),
            }
          : { type: 'handle.missing' as const, rid, pasid },
      ),
    ),
    ...rids.map((rid) =>
      offerFrom(faultQueue, deviceOf(plan, rid), ({ value, context }) =>
        value === 'present'
          ? { type: 'param.found' as const, rid, param: context.param }
          : { type: 'param.missing' as const, rid },
      ),
    ),
    offerFrom(memory, 0, ({ context }) => {
      const free = lowestFree(context);
      return free === undefined ? undefined : { type: 'group.allocated' as const, group: free };
    }),
  ];

  return actor(thread, {
    takes: () => takes,
    asks: {
      handlerRefuses: () => false,
      groupIsPending: (of) => [
        where(faultQueue, queueOf(of), ({ context }) => context.pending.includes(of.group)),
      ],
      overflowIsSet: () => [where(ring, 0, (of) => of.matches({ overflow: 'set' }))],
      ringIsEmpty: () => [where(ring, 0, ({ context }) => context.entries.length === 0)],
    },
    effects: {
      acknowledge: () => [call(ring, 0, { type: 'pending.acknowledge' })],
      advanceHead: ({ count }) => [call(ring, 0, { type: 'head.advance', count })],
      clearOverflow: () => [call(ring, 0, { type: 'overflow.clear' })],
      respond: (response) => responded(plan, kinds, response),
      cancelPartials: ({ request: { rid, prgi, pasid } }) => [
        call(faultQueue, queueOf({ rid }), { type: 'partials.cancel', prgi, pasid }),
      ],
      takeReference: ({ rid, param }) => [
        call(faultQueue, queueOf({ rid }), { type: 'reference.take', param }),
      ],
      putReference: ({ rid, param }) => [
        call(faultQueue, queueOf({ rid }), { type: 'reference.put', param }),
      ],
      storePartial: ({ rid, param, request }) => [
        call(faultQueue, queueOf({ rid }), { type: 'partial.store', param, request }),
      ],
      buildGroup: ({ rid, param, group: of, request, onStack }) => [
        call(memory, 0, { type: 'slot.taken', group: of }),
        call(faultQueue, queueOf({ rid }), {
          type: 'group.build',
          param,
          group: of,
          request,
          onStack,
        }),
      ],
      assignHandle: ({ group: of, handle: to }) => [
        call(group, of, { type: 'handle.assigned', handle: to }),
      ],
      dereferenceHandle: ({ handle: of }) => [call(handle, of, { type: 'handle.dereference' })],
      hand: ({ group: of }) => [
        call(group, of, { type: 'group.queued' }),
        call(work, 0, { type: 'work.queued', group: of }),
      ],
      respondGroup: ({ group: of, code }) => [call(group, of, { type: 'group.answered', code })],
      unlinkGroup: (of) => [
        call(faultQueue, queueOf(of), { type: 'group.unlink', param: of.param, group: of.group }),
      ],
      freeGroup: ({ group: of }) => freed(kinds, of),
      discardPartials: () =>
        plan.scenario.devices.map((_, device) =>
          call(faultQueue, device, { type: 'partials.discard' }),
        ),
      complete: () => [
        ...(completion.inputs.length > 0
          ? [call(completion, 0, { type: 'completion.complete' })]
          : []),
        ...passes.map(({ number }) => call(passNote, number, { type: 'pass.ended' })),
      ],
      return: unheard,
      trace: unheard,
      warn: unheard,
      ignore: unheard,
    },
    mayRest: ({ value }) => value === 'idle',
  });
}

/** Steps that look for the end of a pass, and count passes for themselves. */
const waitsForPass = ({ driver }: Plan, step: OperationStep): boolean => {
  const shape = stepShape(step, driver.ownSteps);
  return (shape.kind === 'drain-ring' || shape.kind === 'drain-hardware') && !shape.shared;
};
