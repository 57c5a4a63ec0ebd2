/**
 * Hardware of a world of a unit: PASID entries as the device sees them, the invalidation queue, kept translations.
 */
import { invariant } from '../../../core/invariant.ts';
import {
  type Call,
  call,
  offer,
  offerFrom,
  type Read,
  unheard,
  where,
} from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import { cacheTagPart } from './cache-tags.ts';
import { linkIsEmpty } from './device-path.ts';
import { dmaParts, entryFound, uncached } from './dma.ts';
import { entrySeen, fetchDropped, fetchParts } from './entry-fetches.ts';
import { functionBlocked } from './function-domain.ts';
import type { Kinds } from './kinds.ts';
import { breach } from './observers/judge.ts';
import type { Plan, Task } from './plan-terms.ts';

const INVALIDATIONS = ['context', 'pasid-cache', 'iotlb', 'device-tlb', 'drain'] as const;
export type Invalidation = (typeof INVALIDATIONS)[number];

/** Descriptors of a submission: a drain has its fence and two invalidations. */
const descriptorsOf = (kind: Invalidation): number => (kind === 'drain' ? 3 : 1);

/** A ticket says whose submission it is and what it holds. */
const ticketOf = (task: Task, kind: Invalidation): number =>
  task.number * INVALIDATIONS.length + INVALIDATIONS.indexOf(kind);

function kindOf(ticket: number): Invalidation {
  const kind = INVALIDATIONS[ticket % INVALIDATIONS.length];
  invariant(kind !== undefined, `ticket ${ticket} is of no invalidation`);
  return kind;
}

/** The device itself answers these, and the answer pushes before it what the device sent earlier. */
const ANSWERED: readonly Invalidation[] = ['device-tlb', 'drain'];

export function hardwareParts(plan: Plan, kinds: Kinds): readonly Part[] {
  const { entry, slot, use, judge, handle, completion, passNote, reporting, faultQueue } = kinds;
  const taken = () => [breach(judge, 'S20', 'a place that is taken is taken once more')];
  return [
    object(entry, {
      effects: {
        writeEntry: ({ entry: of, as, domain }) => [
          call(use, of, { type: 'entry.written', translates: as === 'present', domain }),
          ...(as === 'present' ? [] : functionBlocked(plan, kinds, of)),
          ...entryFound(plan, kinds, of, as, domain),
          ...entrySeen(kinds, of, as),
        ],
        refuse: taken,
      },
    }),
    object(slot, { effects: { storeSlot: unheard, clearSlot: unheard, refuse: taken } }),
    object(handle),
    object(reporting, {
      effects: {
        addDevice: ({ device }) => [
          call(faultQueue, device, { type: 'device.add', allocated: true }),
        ],
        removeDevice: ({ device }) => [
          call(faultQueue, device, { type: 'device.remove', queue: 0 }),
        ],
        refuse: unheard,
        warn: () => [breach(judge, 'S15', 'fault reporting is disabled more often than enabled')],
      },
    }),
    object(completion),
    object(passNote),
    ...queueParts(plan, kinds),
    ...translationParts(plan, kinds),
    ...dmaParts(kinds),
    ...fetchParts(kinds),
    cacheTagPart(plan, kinds),
    object(kinds.devPasid),
  ];
}

function queueParts(plan: Plan, kinds: Kinds): readonly Part[] {
  const { invalidations, hardware } = kinds;
  return [
    object(invalidations, {
      effects: {
        writeDescriptors: unheard, // hardware looks at the queue for them
        complete: unheard, //         and so do the submitters
        fail: unheard,
        restart: unheard,
        refuse: unheard,
      },
    }),
    actor(hardware, {
      takes: () => [
        offerFrom(invalidations, 0, ({ context }) => {
          const oldest = context.submissions.find(({ done }) => !done);
          return oldest === undefined
            ? undefined
            : { type: 'descriptors.fetched' as const, ticket: oldest.ticket };
        }),
      ],
      asks: {
        isPushed: ({ ticket }) =>
          ANSWERED.includes(kindOf(ticket))
            ? plan.scenario.devices.flatMap((_, device) => linkIsEmpty(plan, kinds, device))
            : true,
      },
      effects: {
        execute: ({ ticket }) => {
          const task = plan.tasks[Math.floor(ticket / INVALIDATIONS.length)];
          return [
            ...(task !== undefined && 'attachment' in task.work
              ? forgotten(plan, kinds, kindOf(ticket), task.work.attachment)
              : []),
            call(invalidations, 0, { type: 'wait.executed', ticket }),
          ];
        },
      },
      mayRest: () => true,
    }),
  ];
}

/** What a submission does when it is executed: device and unit forget what they kept of the attachment. */
function forgotten(
  plan: Plan,
  kinds: Kinds,
  kind: Invalidation,
  attachment: number,
): readonly Call[] {
  const { translation } = kinds;
  const pages = kind === 'device-tlb' && translation.inputs.length > 0 ? plan.pagesMax : 0;
  return [
    ...uncached(plan, kinds, kind, attachment),
    ...fetchDropped(kinds, kind, attachment),
    ...Array.from({ length: pages }, (_, page) =>
      call(translation, attachment * plan.pagesMax + page, { type: 'translation.invalidate' }),
    ),
  ];
}

/** A task's submission; where there is no queue it is executed at once. */
export function submitted(
  plan: Plan,
  kinds: Kinds,
  task: Task,
  kind: Invalidation,
  attachment: number,
): readonly Call[] {
  if (kinds.invalidations.inputs.length === 0) return forgotten(plan, kinds, kind, attachment);
  return [
    call(kinds.invalidations, 0, {
      type: 'descriptors.submit',
      ticket: ticketOf(task, kind),
      descriptors: descriptorsOf(kind),
      drain: kind === 'drain',
    }),
  ];
}

export const isExecuted = (_: Plan, { invalidations }: Kinds, task: Task): readonly Read[] =>
  invalidations.inputs.length === 0
    ? []
    : [
        where(invalidations, 0, ({ context }) =>
          context.submissions.every(
            ({ ticket, done }) => done || Math.floor(ticket / INVALIDATIONS.length) !== task.number,
          ),
        ),
      ];

function translationParts(plan: Plan, { translation, filler, entry, page, use }: Kinds) {
  const placeOf = (index: number) => ({
    attachment: Math.floor(index / plan.pagesMax),
    at: index % plan.pagesMax,
  });
  const domainAt = (attachment: number): number =>
    plan.scenario.attachments[attachment]?.domain ?? 0;
  return [
    object(translation),
    actor(filler, {
      takes: () => [offer({ type: 'step' })],
      asks: {
        mayFill: (_, index) => {
          const { attachment, at } = placeOf(index);
          const space = plan.spaceOf(domainAt(attachment));
          return [
            where(translation, index, ({ value }) => value === 'empty'),
            where(use, attachment, ({ context }) => context.isAllowed),
            where(entry, attachment, (of) => of.hasTag('translates')),
            where(page, plan.pageNumber(space, at), ({ value }) => value === 'resident'),
          ];
        },
      },
      effects: { fill: (_, index) => [call(translation, index, { type: 'translation.fill' })] },
      mayRest: () => true,
    }),
  ];
}
