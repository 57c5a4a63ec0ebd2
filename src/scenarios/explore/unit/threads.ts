/**
 * Threads of a world of a unit: what software does besides running the driver's lists, binds and unbinds among it.
 */
import { DOMAIN_TYPES } from '../../../core/domain-type.ts';
import { type Call, call, offerFrom, type Read, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import { walked } from './cache-tags.ts';
import { deviceIsQuiet } from './device-path.ts';
import type { Kinds } from './kinds.ts';
import { begins } from './operations.ts';
import type { Act, Handle, Plan, Task } from './plan-terms.ts';
import type { ActKind, BindKind, UnbindKind } from './task-kinds.ts';

export const threadParts = (plan: Plan, kinds: Kinds): readonly Part[] => [
  ...plan.tasks.flatMap((task) => {
    const { acts, binds, unbinds } = kinds.tasks;
    const act = acts.get(task.number);
    const bind = binds.get(task.number);
    const unbind = unbinds.get(task.number);
    const { work } = task;
    if (act !== undefined && work.kind === 'act')
      return [actPart(plan, kinds, task, work.does, act)];
    if (bind !== undefined && work.kind === 'sva-bind')
      return [bindPart(plan, kinds, task, work, bind)];
    if (unbind !== undefined && work.kind === 'sva-unbind')
      return [unbindPart(plan, kinds, task, work, unbind)];
    return [];
  }),
  object(kinds.svaLock),
  object(kinds.domainLock),
  object(kinds.bond, {
    effects: {
      claim: ({ unbind, handle }) => [
        call(kinds.claim, unbind, { type: 'handle.claimed', handle }),
      ],
    },
  }),
  object(kinds.claim, {
    effects: {
      free: ({ handle }) =>
        handle === undefined ? [] : [call(kinds.handle, handle, { type: 'handle.free' })],
    },
  }),
  object(kinds.domainList),
];

function actPart(plan: Plan, kinds: Kinds, task: Task, does: Act, kind: ActKind): Part {
  return actor(kind, {
    takes: () => [begins(plan, kinds, task)],
    asks: { mayAct: () => mayAct(plan, kinds, does) },
    effects: { perform: () => performed(plan, kinds, does) },
    says: () => ACT_WORDS[does.kind],
  });
}

/** How a trace tells an act. */
const ACT_WORDS: Readonly<Record<Act['kind'], string>> = {
  'stop-use': 'tells the device to stop',
  'start-use': 'tells the device to start',
  'await-quiet': 'sees the device quiet',
  'put-users': 'exits',
  'await-exit': 'sees the exit done',
  unmap: 'unmaps a page',
  'free-page': 'frees the page',
  'free-domain': 'frees the domain',
  'unmap-domain': 'unmaps the page of the domain',
  'flush-domain': 'has the caches on the list of the domain forget it',
  'free-domain-page': 'frees the page of the domain',
};

function mayAct(plan: Plan, kinds: Kinds, does: Act): readonly Read[] {
  switch (does.kind) {
    case 'await-quiet':
      return deviceIsQuiet(plan, kinds, does.attachment);
    case 'await-exit':
      return [
        where(kinds.mm, does.process, ({ value }) => value !== 'exiting' && value !== 'silent'),
      ];
    default:
      return [];
  }
}

function performed(plan: Plan, kinds: Kinds, does: Act): readonly Call[] {
  const { use, mm, page, domain, dma } = kinds;
  switch (does.kind) {
    case 'stop-use':
      return [call(use, does.attachment, { type: 'use.stopped' })];
    case 'start-use':
      return [call(use, does.attachment, { type: 'use.started' })];
    case 'put-users':
      return [call(mm, does.process, { type: 'users.put' })];
    case 'unmap':
      return [call(mm, does.process, { type: 'range.unmap', pfn: does.page, pages: 1 })];
    case 'free-page':
      return [call(page, plan.pageNumber(does.process, does.page), { type: 'page.freed' })];
    case 'free-domain':
      return [call(domain, does.domain, { type: 'domain.free' })];
    case 'unmap-domain':
      return dma.inputs.flatMap((_, at) =>
        sharing(plan, does.domain).map((of) =>
          call(dma, at, { type: 'page.unmapped', domain: of }),
        ),
      );
    case 'flush-domain':
      return walked(plan, kinds, does.domain);
    case 'free-domain-page': // from when it is done, whatever leads to the page is wrong
    case 'await-quiet':
    case 'await-exit':
      return [];
  }
}

/** Domains that lead to the page of this one. */
const sharing = (plan: Plan, domain: number): readonly number[] =>
  plan.scenario.domains.flatMap((_, of) => (plan.spaceOf(of) === plan.spaceOf(domain) ? [of] : []));

type OfBond = { readonly attachment: number; readonly process: number };

function bindPart(
  plan: Plan,
  kinds: Kinds,
  task: Task,
  { attachment, process }: OfBond,
  kind: BindKind,
): Part {
  const { svaLock, bond, domain, domainList, mm, notifier, handle } = kinds;
  const of = plan.domainOf(process);
  const attach = calledBy(plan, task);
  const memory = 'coming' in attach.work ? handleOf(plan, attach.work.coming) : 0;
  return actor(kind, {
    takes: () => [
      // A domain whose memory is still on its way back can't be allocated again: it is one slot.
      offerFrom(domain, of, ({ value }) => (value === 'retiring' ? undefined : begun)),
      offerFrom(domainList, process, ({ value }) =>
        value === 'one'
          ? { type: 'domain.found' as const, position: 0, domain: of }
          : { type: 'domain.missing' as const, position: 0 },
      ),
      offerFrom(domain, of, ({ value }) =>
        value === 'idle' ? { type: 'domain.allocated' as const, domain: of } : undefined,
      ),
      offerFrom(kinds.taskKind(attach), 0, ({ status }) =>
        status === 'done' ? { type: 'attach.succeeded' as const } : undefined,
      ),
    ],
    asks: {
      svaLockIsFree: () => [
        where(svaLock, 0, ({ value }) => value === 'free'),
        ...(task.after === undefined
          ? []
          : [where(kinds.taskKind(task.after), 0, ({ status }) => status === 'done')]),
      ],
      deviceHasNoGroup: () => false,
      tablesAreIncompatible: () => false,
      pasidIsTooLarge: () => false,
      mmHasPasid: () => [where(mm, process, ({ context }) => context.pasid !== undefined)],
      pasidsAreExhausted: () => false,
      bondExists: () => [where(bond, attachment, ({ context }) => context.users > 0)],
      bondIsOfAnotherMm: () => false,
      // The lookup asks for a handle of its own type, and finds one of a user's domain there.
      slotHoldsAnotherType: () => [
        where(
          kinds.slot,
          attachment,
          ({ value, context }) =>
            value === 'attached' && typeAt(plan, context.handle) !== DOMAIN_TYPES.sva,
        ),
      ],
      driverHasNoSva: () => false,
      mmHasDomains: () => [where(domainList, process, ({ value }) => value === 'one')],
    },
    effects: {
      lockSva: () => [call(svaLock, 0, { type: 'lock.take' })],
      unlockSva: () => [call(svaLock, 0, { type: 'lock.drop' })],
      allocatePasid: () => [call(mm, process, { type: 'pasid.assigned', pasid: process + 1 })],
      getBond: () => [call(bond, attachment, { type: 'bond.get' })],
      allocateHandle: () => [call(handle, memory, { type: 'handle.allocate' })],
      attach: unheard, // the list looks at the bind for it
      getDomain: () => [call(domain, of, { type: 'user.attached' })],
      allocateDomain: () => [
        call(domain, of, { type: 'domain.allocate' }),
        call(notifier, process, { type: 'notifier.register' }),
      ],
      takeStructure: () => [call(mm, process, { type: 'structure.get' })],
      freeDomain: unheard,
      linkDomain: () => [call(domainList, process, { type: 'domain.linked' })],
      linkMm: unheard,
      publishBond: () => [call(bond, attachment, { type: 'bond.publish', handle: memory })],
      setBondDevice: unheard,
      freeHandle: unheard,
      return: unheard,
    },
  });
}

/** The type of the domain that a slot's handle names. */
function typeAt(plan: Plan, handle: number | undefined): number | undefined {
  const hung = handle === undefined ? undefined : plan.handles[handle];
  switch (hung === undefined ? undefined : plan.scenario.domains[hung.domain]?.kind) {
    case 'sva':
      return DOMAIN_TYPES.sva;
    case 'nested':
      return DOMAIN_TYPES.nested;
    case 'paging':
      return DOMAIN_TYPES.unmanaged;
    case undefined:
      return undefined;
  }
}

const begun = { type: 'step' } as const;

const handleOf = (plan: Plan, handle: Handle | undefined): number =>
  handle === undefined ? 0 : plan.handleNumber(handle);

const calledBy = ({ tasks }: Plan, { name }: Task): Task => {
  const found = tasks.find(({ work }) => work.kind === 'called-list' && work.caller === name);
  if (found === undefined) throw new RangeError(`${name} calls no list`);
  return found;
};

function unbindPart(
  plan: Plan,
  kinds: Kinds,
  task: Task,
  { attachment, process }: OfBond,
  kind: UnbindKind,
): Part {
  const { svaLock, bond, domain, domainList, claim } = kinds;
  const of = plan.domainOf(process);
  return actor(kind, {
    takes: () => [
      begins(plan, kinds, task),
      offerFrom(kinds.taskKind(calledBy(plan, task)), 0, ({ status }) =>
        status === 'done' ? { type: 'detach.finished' as const } : undefined,
      ),
    ],
    asks: {
      svaLockIsFree: () => [where(svaLock, 0, ({ value }) => value === 'free')],
      bondHasOtherUsers: () => [where(bond, attachment, ({ context }) => context.users > 1)],
      domainHasOtherUsers: () => [where(domain, of, ({ context }) => context.users > 1)],
      mmHasOtherDomains: () => false,
      otherMmsHaveDomains: () => false,
    },
    effects: {
      lockSva: () => [call(svaLock, 0, { type: 'lock.take' })],
      unlockSva: () => [call(svaLock, 0, { type: 'lock.drop' })],
      putBond: () => [call(bond, attachment, { type: 'bond.put' })],
      // The list looks at the unbind for its beginning.
      detach: () => [call(bond, attachment, { type: 'handle.claim', unbind: task.number })],
      putDomain: () => [call(domain, of, { type: 'user.detached' })],
      unlinkDomain: () => [call(domainList, process, { type: 'domain.unlinked' })],
      unlinkMm: unheard,
      clearSvaPresent: unheard,
      dropStructure: unheard, // the domain drops it when it retires
      freeHandle: () => [call(claim, task.number, { type: 'handle.freed' })],
    },
  });
}
