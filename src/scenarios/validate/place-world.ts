/**
 * Place world: a device under one PASID, or by itself, with the driver's lists and the way of one page request.
 *
 * It is wired as the explorer's worlds are (scenarios/explore/unit), and has besides whatever a trace does not tell:
 * who handles a group, whether a page can be made resident, whether other attachments keep the device on the queue.
 */
import type { Driver } from '../../actors/driver.ts';
import type { pasid as pasidOf } from '../../core/ids.ts';
import { call, offer, offerFrom, type Take, unheard, where } from '../../explore/wiring.ts';
import { actor, object, type Part, type World } from '../../explore/world.ts';
import type { PageRequestThreadEvent } from '../../machines/page-request-thread-terms.ts';
import { faultQueuePart } from '../explore/unit/fault-queue-part.ts';
import { lowestFree } from '../explore/unit/nouns/group-memory.ts';
import { handlerParts } from './place-handlers.ts';
import {
  GATE,
  type PlaceKinds,
  type PlaceShape,
  placeKindsOf,
  RID,
  UNKNOWN,
} from './place-kinds.ts';
import { operationParts } from './place-operations.ts';

const STEP = { type: 'step' } as const;

export type PlaceWorld = { readonly world: World; readonly kinds: PlaceKinds };

/** `pasid` undefined: the function itself. */
export function placeWorld(
  driver: Driver,
  shape: PlaceShape,
  pasid: ReturnType<typeof pasidOf> | undefined,
): PlaceWorld {
  const kinds = placeKindsOf(driver, shape);
  const parts = [
    ...operationParts(shape, kinds),
    ...reportParts(shape, kinds, pasid),
    ...handlerParts(shape, kinds),
    ...tableParts(shape, kinds),
    ...addressSpaceParts(shape, kinds),
    ...unknownParts(kinds),
  ];
  return {
    kinds,
    world: {
      name: `a place of ${driver.name}`,
      parts: parts.filter(({ kind }) => kind.inputs.length > 0),
    },
  };
}

const isSva = (shape: PlaceShape, handle: number | undefined): boolean =>
  handle !== undefined && shape.domains[handle]?.kind === 'sva';

function reportParts(
  shape: PlaceShape,
  kinds: PlaceKinds,
  pasid: ReturnType<typeof pasidOf> | undefined,
): readonly Part[] {
  const { ring, interrupt, thread, faultQueue, group, memory, work, slot, held, unknown } = kinds;
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
    offerFrom(ring, 0, ({ context: { entries } }) => {
      const [request] = entries;
      return request && { type: 'entry.read' as const, position: 0, request };
    }),
    offer({ type: 'device.found' as const, rid: RID }),
    offerFrom(slot, 0, ({ value, context: { handle } }) =>
      value === 'attached' && handle !== undefined
        ? {
            type: 'handle.found' as const,
            rid: RID,
            pasid,
            handle,
            hasHandler: shape.domains[handle]?.hasHandler === true,
          }
        : { type: 'handle.missing' as const, rid: RID, pasid },
    ),
    offerFrom(faultQueue, 0, ({ value, context }) =>
      value === 'present'
        ? { type: 'param.found' as const, rid: RID, param: context.param }
        : { type: 'param.missing' as const, rid: RID },
    ),
    offerFrom(memory, 0, ({ context }) => {
      const free = lowestFree(context);
      return free === undefined ? undefined : { type: 'group.allocated' as const, group: free };
    }),
  ];
  return [
    object(ring, {
      effects: {
        raiseEvent: () => [call(interrupt, 0, { type: 'interrupt.raised' })],
        answerDropped: unheard,
        drop: unheard,
        ignore: unheard,
      },
    }),
    object(interrupt),
    actor(thread, {
      takes: () => takes,
      asks: {
        handlerRefuses: ({ handle }) =>
          !isSva(shape, handle) && [
            where(unknown, UNKNOWN.refuses, ({ value }) => value === 'yes'),
          ],
        groupIsPending: (of) => [
          where(faultQueue, 0, ({ context }) => context.pending.includes(of.group)),
        ],
        // An overflow discards partial requests, and no answer depends on those.
        overflowIsSet: () => false,
        ringIsEmpty: () => true,
      },
      effects: {
        acknowledge: () => [call(ring, 0, { type: 'pending.acknowledge' })],
        advanceHead: ({ count }) => [call(ring, 0, { type: 'head.advance', count })],
        clearOverflow: () => [call(ring, 0, { type: 'overflow.clear' })],
        respond: unheard, // seen as a response
        cancelPartials: ({ request: { prgi } }) => [
          call(faultQueue, 0, { type: 'partials.cancel', prgi, pasid }),
        ],
        takeReference: ({ param }) => [call(faultQueue, 0, { type: 'reference.take', param })],
        putReference: ({ param }) => [call(faultQueue, 0, { type: 'reference.put', param })],
        storePartial: ({ param, request }) => [
          call(faultQueue, 0, { type: 'partial.store', param, request }),
          // What a partial request asks for changes no answer: it is forgotten at once.
          call(faultQueue, 0, { type: 'partials.discard' }),
        ],
        buildGroup: ({ param, group: of, request, onStack }) => [
          call(memory, 0, { type: 'slot.taken', group: of }),
          call(faultQueue, 0, { type: 'group.build', param, group: of, request, onStack }),
        ],
        assignHandle: ({ group: of, handle }) => [
          call(group, of, { type: 'handle.assigned', handle }),
        ],
        dereferenceHandle: unheard,
        hand: ({ group: of, handle }) => [
          call(group, of, { type: 'group.queued' }),
          isSva(shape, handle)
            ? call(work, 0, { type: 'work.queued', group: of })
            : call(held, 0, { type: 'group.given', handle }),
        ],
        respondGroup: ({ group: of, code }) => [call(group, of, { type: 'group.answered', code })],
        unlinkGroup: (of) => [
          call(faultQueue, 0, { type: 'group.unlink', param: of.param, group: of.group }),
        ],
        freeGroup: ({ group: of }) => [
          call(group, of, { type: 'group.freed' }),
          call(memory, 0, { type: 'slot.freed', group: of }),
        ],
        discardPartials: () => [call(faultQueue, 0, { type: 'partials.discard' })],
        complete: unheard,
        return: unheard,
        trace: unheard, // seen as a report
        warn: unheard,
        ignore: unheard,
      },
    }),
    faultQueuePart(faultQueue, group),
    object(group, { effects: { respond: unheard, ignore: unheard } }),
    object(memory),
    object(work),
  ];
}

function tableParts(
  { hasPri }: PlaceShape,
  { slot, entry, reporting, others, faultQueue, gate, domainLock }: PlaceKinds,
): readonly Part[] {
  return [
    object(gate),
    object(domainLock),
    object(slot, { effects: { storeSlot: unheard, clearSlot: unheard, refuse: unheard } }),
    object(entry, { effects: { writeEntry: unheard, refuse: unheard } }),
    object(reporting, {
      effects: {
        addDevice: () => [call(faultQueue, 0, { type: 'device.add', allocated: true })],
        removeDevice: () => [call(faultQueue, 0, { type: 'device.remove', queue: 0 })],
        refuse: unheard,
        warn: unheard,
      },
    }),
    actor(others, {
      // As long as somebody uses an old fault parameter nobody new is told apart: fresh ones would have no end.
      takes: () => [
        offerFrom(faultQueue, 0, ({ context }) =>
          hasPri && context.oldUsers === 0 ? STEP : undefined,
        ),
      ],
      effects: {
        enable: () => [call(reporting, 0, { type: 'reporting.enable' })],
        disable: () => [call(reporting, 0, { type: 'reporting.disable' })],
      },
    }),
  ];
}

/** The address space ends when its release is called for by the trace: nothing it does before shows. */
function addressSpaceParts(shape: PlaceShape, kinds: PlaceKinds): readonly Part[] {
  const { mm, process, exit, gate, lists } = kinds;
  const at = shape.operations.findIndex(({ list }) => list === 'mm-release');
  const release = lists[at];
  return [
    object(mm, {
      effects: {
        changeMapping: unheard,
        protectPages: unheard,
        zapPages: unheard,
        invalidateSecondaryTlbs: unheard,
        releaseNotifiers: unheard, // the release looks at the address space for it
        tearDownTables: unheard,
        freePasid: unheard,
        refuse: unheard,
      },
    }),
    ...(release === undefined
      ? []
      : [
          actor(process, {
            takes: () => [
              offerFrom(gate, GATE.release, ({ value }) => (value === 'open' ? STEP : undefined)),
            ],
            effects: { putUsers: () => [call(mm, 0, { type: 'users.put' })] },
          }),
          actor(exit, {
            takes: () => [
              offerFrom(mm, 0, ({ value }) =>
                value === 'exiting' || value === 'silent' ? STEP : undefined,
              ),
            ],
            asks: {
              notifierIsLinked: () => true,
              releasesAreDone: () => [where(release, 0, ({ status }) => status === 'done')],
            },
            effects: {
              beginRelease: unheard,
              endRelease: () => [call(mm, 0, { type: 'notifiers.released' })],
              passNotifiers: unheard,
              tearDown: () => [call(mm, 0, { type: 'tables.torn-down' })],
            },
          }),
        ]),
  ];
}

/** Each changes its mind where its question is the next one. */
function unknownParts({ unknown, worker, thread, lists }: PlaceKinds): readonly Part[] {
  const CHANGE = { type: 'mind.change' } as const;
  return [
    actor(unknown, {
      takes: (index) => {
        switch (index) {
          case UNKNOWN.resolves:
            return [
              offerFrom(worker, 0, ({ value }) => (value === 'resolving' ? CHANGE : undefined)),
            ];
          case UNKNOWN.refuses:
            return [
              offerFrom(thread, 0, (one) =>
                one.matches({ pass: { reporting: 'handing' } }) ? CHANGE : undefined,
              ),
            ];
          default:
            return lists.map((list) =>
              offerFrom(list, 0, ({ value }) => (isChecking(value) ? CHANGE : undefined)),
            );
        }
      },
    }),
  ];
}

/** A drain has been through the hardware and is about to look at the overflow bit. */
const isChecking = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).includes('checking');
