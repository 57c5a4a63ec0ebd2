/**
 * Operations of a world of a unit: the driver's lists, each an actor, and what their steps do to everybody else.
 */
import { invariant } from '../../../core/invariant.ts';
import {
  anyOf,
  type Call,
  call,
  offer,
  offerFrom,
  type Read,
  type Take,
  unheard,
  where,
} from '../../../explore/wiring.ts';
import { actor, type Part } from '../../../explore/world.ts';
import type { SubmitEffect } from '../../../machines/operation-steps.ts';
import {
  NOT_BEGUN,
  type OperationTarget,
  type Submitted,
} from '../../../machines/operation-terms.ts';
import { isFlushed } from '../../../machines/work-queue.ts';
import { tagged } from './cache-tags.ts';
import { linkIsEmpty } from './device-path.ts';
import { idCounted } from './dma.ts';
import { hangingPasids, isReported } from './function-domain.ts';
import { groupsAreFinished } from './handle-groups.ts';
import { isExecuted, submitted } from './hardware.ts';
import type { Kinds } from './kinds.ts';
import { isUnlisted } from './listed.ts';
import type { Handle, Plan, Task, TaskWork } from './plan-terms.ts';
import type { ListKind } from './task-kinds.ts';
import { walksList } from './tasks.ts';

/** Done when the device has answered, and a completion pushes before it what the device sent earlier. */
const ANSWERED: readonly SubmitEffect[] = ['submitDeviceTlbInvalidation', 'submitDrain'];

type ListWork = Extract<TaskWork, { readonly steps: readonly string[] }>;
const STEP = { type: 'step' } as const;

/** When an actor of a task may begin; later, all that holds it is its own machine. */
export function begins(plan: Plan, kinds: Kinds, task: Task): Take<typeof STEP> {
  const { work, after, awaitsPasidOf } = task;
  if (awaitsPasidOf !== undefined) {
    return offerFrom(kinds.mm, awaitsPasidOf, ({ context, value }) =>
      value !== 'alive' && context.pasid === undefined ? STEP : undefined,
    );
  }
  if (work.kind === 'release-list') {
    return offerFrom(kinds.notifier, work.process, (of) =>
      of.hasTag('release-running') ? STEP : undefined,
    );
  }
  if (work.kind === 'called-list') {
    const caller = plan.tasks.find(({ name }) => name === work.caller);
    invariant(caller !== undefined, `nobody calls ${task.name}`);
    return offerFrom(kinds.taskKind(caller), 0, ({ value }) =>
      ['attachingShared', 'attachingNew', 'detaching'].includes(String(value)) ? STEP : undefined,
    );
  }
  if (after === undefined) return offer(STEP);
  return offerFrom(kinds.taskKind(after), 0, ({ status }) =>
    status === 'done' ? STEP : undefined,
  );
}

export const operationParts = (plan: Plan, kinds: Kinds): readonly Part[] =>
  plan.tasks.flatMap((task) => {
    const kind = kinds.tasks.lists.get(task.number);
    return kind === undefined || !('steps' in task.work)
      ? []
      : [operationPart(plan, kinds, task, task.work, kind)];
  });

function operationPart(plan: Plan, kinds: Kinds, task: Task, work: ListWork, kind: ListKind): Part {
  return actor(kind, {
    takes: () => [begins(plan, kinds, task)],
    asks: asksOf(plan, kinds, task, work),
    effects: { ...attaching(plan, kinds, work), ...draining(plan, kinds, task, work) },
    // A release may never be called for.
    ...(work.kind === 'release-list' || work.kind === 'called-list'
      ? { mayRest: (of) => of.status === 'done' || of.hasTag(NOT_BEGUN) }
      : {}),
  });
}

function asksOf(plan: Plan, kinds: Kinds, task: Task, { attachment, going }: ListWork) {
  const { entry, reporting, ring, work, completion, passNote, thread, domainLock } = kinds;
  const place = plan.places[attachment];
  invariant(place !== undefined, `there is no attachment ${attachment}`);
  const releases = plan.tasks.filter(
    (each) =>
      each !== task &&
      (each.work.kind === 'release-list' || walksList(plan, each)) &&
      'attachment' in each.work &&
      each.work.attachment === attachment,
  );
  const isIdle = (of: Task): Read =>
    where(kinds.taskKind(of), 0, (list) => list.status === 'done' || list.hasTag(NOT_BEGUN));
  return {
    // What its driver still lists is present to it, though the table may be gone.
    entryIsPresent: () => [where(entry, attachment, (of) => of.hasTag('listed'))],
    entryOwesDrain: () => [where(entry, attachment, (of) => of.hasTag('owes-drain'))],
    reportingIsOff: () => [where(reporting, place.device, ({ value }) => value === 'off')],
    ringHasMine: () => [
      where(ring, 0, ({ context }) =>
        context.entries.some(({ rid, pasid }) => rid === place.rid && pasid === place.pasid),
      ),
    ],
    passIsComplete: () => [where(passNote, task.number, ({ value }) => value === 'none')],
    completionIsDone: () => [where(completion, 0, ({ value }) => value === 'done')],
    workQueueIsFlushed: () => [where(work, 0, ({ context }) => isFlushed(context, task.number))],
    groupsAreFinished: () => groupsAreFinished(plan, kinds, going),
    invalidationIsDone: ({ submitted }: Submitted) => [
      ...isExecuted(plan, kinds, task),
      ...(ANSWERED.includes(submitted) ? linkIsEmpty(plan, kinds, place.device) : []),
    ],
    overflowIsSet: () => [where(ring, 0, (of) => of.matches({ overflow: 'set' }))],
    releaseIsIdle: () => releases.map(isIdle),
    reportingIsSettled: () => true, // the fault queue has no thread of its own here
    attachmentIsUnlisted: () => isUnlisted(plan, kinds, task),
    threadIsIdle: () => [where(thread, 0, (of) => !of.hasTag('in-pass'))],
    domainLockIsFree: () =>
      lockOf(task).map((of) => where(domainLock, of, ({ value }) => value === 'free')),
    pasidsAreAttached: () =>
      anyOf(
        hangingPasids(plan, place.device).map((at) =>
          where(kinds.slot, at, ({ value }) => value !== 'empty'),
        ),
      ),
  };
}

/** The lock of the domain that a list takes away, by the number of the domain. */
const lockOf = ({ work }: Task): readonly number[] =>
  'going' in work && work.going !== undefined ? [work.going.domain] : [];

/** Steps about handle, slot, domain, entry and reporting. */
function attaching(plan: Plan, kinds: Kinds, work: ListWork) {
  const { slot, entry, handle, domain, domainLock, reporting, holder, devPasid } = kinds;
  const { attachment, coming, going } = work;
  const device = plan.places[attachment]?.device ?? 0;
  const zero = () => [call(entry, attachment, { type: 'entry.zero' })];
  const of = (which: Handle | undefined, say: (which: Handle) => readonly Call[]) => () =>
    which === undefined ? [] : say(which);
  const report = (which: Handle | undefined, type: 'reporting.enable' | 'reporting.disable') =>
    of(which, (one) => (isReported(plan, one) ? [call(reporting, device, { type })] : []));
  const table = (type: 'table.built' | 'table.freed') =>
    hangingPasids(plan, device).map((at) => call(entry, at, { type }));
  const putDomain = of(going, (old) => [
    call(domain, old.domain, { type: 'user.detached' }),
    ...idCounted(plan, kinds, old.domain, 'id.put'),
  ]);
  const listed = (
    which: Handle | undefined,
    inList: 'add' | 'remove',
    onTags: 'assign' | 'unassign',
  ) =>
    of(which, (one) => [
      ...tagged(plan, kinds, one, `cache-tag.${onTags}`),
      ...(devPasid.inputs.length === 0
        ? []
        : [call(devPasid, plan.listPlace(one), { type: `dev-pasid.${inList}` })]),
    ]);
  const allocated = (one: Handle): readonly Call[] => {
    const process = plan.spaceOf(one.domain);
    return process < holder.inputs.length
      ? [call(holder, process, { type: 'pasid.allocated', process })]
      : [];
  };
  return {
    allocateHandle: of(coming, (one) => [
      call(handle, plan.handleNumber(one), { type: 'handle.allocate' }),
      ...allocated(one),
    ]),
    reserveSlot: () => [call(slot, attachment, { type: 'slot.reserve' })],
    publishHandle: of(coming, (one) => [
      call(slot, attachment, { type: 'handle.publish', handle: plan.handleNumber(one) }),
    ]),
    replaceHandle: of(coming, (one) => [
      call(slot, attachment, { type: 'handle.replace', handle: plan.handleNumber(one) }),
    ]),
    eraseSlot: () => [call(slot, attachment, { type: 'slot.erase' })],
    freeHandle: of(going, (old) => [call(handle, plan.handleNumber(old), { type: 'handle.free' })]),
    getDomain: of(coming, (one) => [
      call(domain, one.domain, { type: 'user.attached' }),
      ...idCounted(plan, kinds, one.domain, 'id.get'),
    ]),
    putDomain,
    putOldDomain: putDomain,
    // Where there are no lists, an entry that would be on none is absent, and a release passes it by.
    trackPasid: listed(coming, 'add', 'assign'),
    untrackPasid: listed(going, 'remove', 'unassign'),
    untrackOldPasid: listed(going, 'remove', 'unassign'),
    clearPresent: () => [call(entry, attachment, { type: 'present.clear' })],
    finishZeroing: zero,
    zeroEntry: zero,
    markFaultDisabled: () => [call(entry, attachment, { type: 'fault-disable.mark' })],
    markFaultDisabledIfPresent: () => [
      call(entry, attachment, { type: 'fault-disable.mark-if-present' }),
    ],
    programEntry: of(coming, (one) => [
      call(entry, attachment, { type: 'entry.program', domain: one.domain }),
    ]),
    rewriteEntry: of(coming, (one) => [
      call(entry, attachment, { type: 'entry.rewrite', domain: one.domain }),
    ]),
    lockDomain: of(going, (old) => [call(domainLock, old.domain, { type: 'lock.take' })]),
    unlockDomain: of(going, (old) => [call(domainLock, old.domain, { type: 'lock.drop' })]),
    buildPasidTable: () => table('table.built'),
    freePasidTable: () => table('table.freed'),
    enableReporting: report(coming, 'reporting.enable'),
    dropReporting: report(going, 'reporting.disable'),
    dropOldReporting: report(going, 'reporting.disable'),
    answerInvalid: unheard, // its groups are those of a fault file, which no handler here has
  };
}

/** Steps about what is under way: ring, work queue, hardware, partial requests. */
function draining(plan: Plan, kinds: Kinds, task: Task, { attachment }: ListWork) {
  const { faultQueue, work, completion, passNote } = kinds;
  const place = plan.places[attachment];
  invariant(place !== undefined, `there is no attachment ${attachment}`);
  const submit = (kind: Parameters<typeof submitted>[3]) => (_: OperationTarget) =>
    submitted(plan, kinds, task, kind, attachment);
  return {
    rearmCompletion: () => [call(completion, 0, { type: 'completion.rearm' })],
    consumeCompletion: () => [call(completion, 0, { type: 'completion.consume' })],
    notePass: () => [call(passNote, task.number, { type: 'pass.noted' })],
    noteWorkQueue: () => [call(work, 0, { type: 'flush.begin', operation: task.number })],
    discardPartials: () => [
      call(faultQueue, place.device, { type: 'partials.discard-pasid', pasid: place.pasid }),
    ],
    submitContextInvalidation: submit('context'),
    submitPasidCacheInvalidation: submit('pasid-cache'),
    submitIotlbInvalidation: submit('iotlb'),
    submitDeviceTlbInvalidation: submit('device-tlb'),
    submitDrain: submit('drain'),
  };
}
