/**
 * Worker path of a world of a unit: what fault workers take, ask and do to groups, address spaces and pages.
 */
import { call, offer, offerFrom, type Take, where } from '../../../explore/wiring.ts';
import { actor, type Part } from '../../../explore/world.ts';
import type { FaultWorkerEvent } from '../../../machines/fault-worker-terms.ts';
import type { Kinds } from './kinds.ts';
import { deviceOf, freed, resolved } from './page-requests.ts';
import type { Plan } from './plan-terms.ts';

export function workerPart(plan: Plan, kinds: Kinds): Part {
  const { worker, work, group, handle, faultQueue, mm, page } = kinds;
  const processes = plan.scenario.processes.length;
  const slots = group.inputs.map((_, of) => of);

  const takes: readonly Take<FaultWorkerEvent>[] = [
    offer({ type: 'step' as const }),
    ...slots.map((of) =>
      offerFrom(work, 0, ({ context }) =>
        context.queued.includes(of) ? { type: 'work.take' as const, group: of } : undefined,
      ),
    ),
    ...slots.map((of) =>
      offerFrom(group, of, ({ context: { param, handle: to, requests } }) =>
        param === undefined || to === undefined
          ? undefined
          : { type: 'group.read' as const, group: of, param, handle: to, requests },
      ),
    ),
    ...plan.handles.map(({ domain }, of) =>
      offer({
        type: 'handle.read' as const,
        handle: of,
        mm: plan.spaceOf(domain),
        ...(plan.scenario.domains[domain]?.kind === 'sva' ? {} : { takesNoPasid: true }),
      }),
    ),
  ];

  return actor(worker, {
    takes: () => takes,
    asks: {
      // An address space that belongs to no process has no users to be raised, and lasts.
      mmHasUsers: (of) =>
        of.mm >= processes || [where(mm, of.mm, (space) => space.hasTag('has-users'))],
      isLastUser: (of) =>
        of.mm < processes && [where(mm, of.mm, ({ context }) => context.users === 1)],
      addressSpaceHasEnded: (of) =>
        of.mm >= processes || [
          where(mm, of.mm, ({ value }) => value !== 'exiting' && value !== 'silent'),
        ],
      resolves: (of) =>
        plan.isMapped(of.mm, of.request.iovaPfn) && [
          where(page, plan.pageNumber(of.mm, of.request.iovaPfn), (one) => one.hasTag('mapped')),
        ],
      groupIsPending: (of) => [
        where(faultQueue, deviceOf(plan, of.rid), ({ context }) =>
          context.pending.includes(of.group),
        ),
      ],
    },
    effects: {
      takeWork: ({ group: of }) => [call(work, 0, { type: 'work.taken', group: of })],
      startWork: ({ group: of }) => [call(group, of, { type: 'work.started' })],
      touchGroup: ({ group: of }) => [call(group, of, { type: 'group.touched' })],
      dereferenceHandle: ({ handle: of }) => [call(handle, of, { type: 'handle.dereference' })],
      getUsers: (of) => (of.mm < processes ? [call(mm, of.mm, { type: 'users.get' })] : []),
      putUsers: (of) => (of.mm < processes ? [call(mm, of.mm, { type: 'users.put' })] : []),
      resolve: (of) => resolved(plan, kinds, of.mm, of.request),
      respond: ({ group: of, code }) => [call(group, of, { type: 'group.answered', code })],
      unlink: (of) => [
        call(faultQueue, deviceOf(plan, of.rid), {
          type: 'group.unlink',
          param: of.param,
          group: of.group,
        }),
      ],
      putReference: (of) => [
        call(faultQueue, deviceOf(plan, of.rid), { type: 'reference.put', param: of.param }),
      ],
      freeGroup: ({ group: of }) => freed(kinds, of),
      finishWork: ({ group: of }) => [call(work, 0, { type: 'work.finished', group: of })],
    },
    mayRest: ({ value }) => value === 'idle',
  });
}
