/**
 * Fault parts: one page-request group of process 0, queued before the first step, and the worker that handles it.
 *
 * S22: the address space it is handled in has users.
 */
import { iovaPfn, pasid, prgIndex, requesterId } from '../../../core/ids.ts';
import { type Call, call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type Part, type Property } from '../../../explore/world.ts';
import type { RequestRecord } from '../../../machines/page-request-queue.ts';
import type { LifetimeSlots } from './slots.ts';

const GROUP = 0;
const PARAM = 0;
const MM = 0;

const REQUEST: RequestRecord = {
  rid: requesterId(0),
  pasid: pasid(1),
  prgi: prgIndex(0),
  iovaPfn: iovaPfn(0),
  access: { read: true, write: false, exec: false, privileged: false },
  last: true,
  owner: 0,
  prgEpoch: 0,
};

export function faultParts({ faults, mm, handle }: LifetimeSlots): readonly Part[] {
  if (faults === undefined) return [];
  const { group, work, worker } = faults;
  const users = (type: 'users.get' | 'users.put') => (of: { readonly mm: number }) => [
    call(mm, of.mm, { type }),
  ];
  const onGroup = (type: 'work.started' | 'group.touched' | 'group.freed') => () => [
    call(group, GROUP, { type }),
  ];
  return [
    actor(worker, {
      takes: () => [
        offer({ type: 'step' }),
        offerFrom(work, 0, ({ context }) =>
          context.queued.includes(GROUP) ? { type: 'work.take' as const, group: GROUP } : undefined,
        ),
        offer({
          type: 'group.read' as const,
          group: GROUP,
          param: PARAM,
          handle: 0,
          requests: [REQUEST],
        }),
        offer({ type: 'handle.read' as const, handle: 0, mm: MM }),
      ],
      asks: {
        mmHasUsers: (of) => [where(mm, of.mm, (snapshot) => snapshot.hasTag('has-users'))],
        resolves: () => true,
        isLastUser: (of) => [where(mm, of.mm, ({ context }) => context.users === 1)],
        addressSpaceHasEnded: (of) => [
          where(mm, of.mm, ({ value }) => value === 'empty' || value === 'dropped'),
        ],
        groupIsPending: () => [where(group, GROUP, (of) => of.hasTag('owes-response'))],
      },
      effects: {
        takeWork: () => [call(work, 0, { type: 'work.taken', group: GROUP })],
        startWork: onGroup('work.started'),
        dereferenceHandle: (of) => [call(handle, of.handle, { type: 'handle.dereference' })],
        touchGroup: onGroup('group.touched'),
        getUsers: users('users.get'),
        resolve: unheard,
        putUsers: users('users.put'),
        respond: (of) => [call(group, GROUP, { type: 'group.answered', code: of.code })],
        unlink: unheard,
        putReference: unheard,
        freeGroup: onGroup('group.freed'),
        finishWork: () => [call(work, 0, { type: 'work.finished', group: GROUP })],
      },
      mayRest: ({ value }) => value === 'idle',
    }),
    object(group, { effects: { respond: unheard, ignore: unheard } }),
    object(work),
  ];
}

export const faultProperties = ({ faults, mm }: LifetimeSlots): readonly Property[] =>
  faults === undefined
    ? []
    : [
        {
          id: 'S22',
          sentence: 'a fault is handled in an address space that has no users',
          never: [
            where(faults.worker, 0, ({ value }) => value === 'resolving'),
            where(mm, MM, (of) => !of.hasTag('has-users')),
          ],
        },
      ];

/** A group that was reported and queued. */
export const faultsBefore = ({ faults }: LifetimeSlots): readonly Call[] =>
  faults === undefined
    ? []
    : [
        call(faults.group, GROUP, {
          type: 'group.filled',
          param: PARAM,
          requests: [REQUEST],
          onStack: false,
        }),
        call(faults.group, GROUP, { type: 'handle.assigned', handle: 0 }),
        call(faults.group, GROUP, { type: 'group.queued' }),
        call(faults.work, 0, { type: 'work.queued', group: GROUP }),
      ];
