/**
 * Kinds: every slot kind that a world of a unit may have; a scenario that does not cross one has none of its slots.
 */

import type { Driver } from '../../../actors/driver.ts';
import { invariant } from '../../../core/invariant.ts';
import { channels } from '../../../explore/channel.ts';
import { alike, type SlotKind, slotKind } from '../../../explore/slot-kind.ts';
import { attachHandleHolds, attachHandleMachine } from '../../../machines/attach-handle.ts';
import { cacheTagHolds, cacheTagMachine } from '../../../machines/cache-tag.ts';
import { deviceHolds, deviceMachine } from '../../../machines/device.ts';
import { deviceGroupHolds, deviceGroupMachine } from '../../../machines/device-group.ts';
import { domainHolds, domainMachine } from '../../../machines/domain.ts';
import {
  drainCompletionHolds,
  drainCompletionMachine,
} from '../../../machines/drain-completion.ts';
import { faultQueueHolds, faultQueueMachine } from '../../../machines/fault-queue.ts';
import { faultReportingHolds, faultReportingMachine } from '../../../machines/fault-reporting.ts';
import { faultWorkerHolds, faultWorkerMachine } from '../../../machines/fault-worker.ts';
import {
  invalidationQueueHolds,
  invalidationQueueMachine,
} from '../../../machines/invalidation-queue.ts';
import { lockHolds, lockMachine } from '../../../machines/lock.ts';
import { mmHolds, mmMachine } from '../../../machines/mm.ts';
import { mmNotifierHolds, mmNotifierMachine } from '../../../machines/mm-notifier.ts';
import {
  asksFor,
  hasEffect,
  type OperationStep,
  stepShape,
} from '../../../machines/operation-steps.ts';
import {
  pageRequestGroupHolds,
  pageRequestGroupMachine,
} from '../../../machines/page-request-group.ts';
import {
  pageRequestQueueHolds,
  pageRequestQueueMachine,
  requestHolds,
} from '../../../machines/page-request-queue.ts';
import {
  pageRequestThreadHolds,
  pageRequestThreadMachine,
} from '../../../machines/page-request-thread.ts';
import {
  pasidAttachmentHolds,
  pasidAttachmentMachine,
} from '../../../machines/pasid-attachment.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import { oneOf, record, scalar } from '../../../machines/wiring-types.ts';
import { workQueueHolds, workQueueMachine } from '../../../machines/work-queue.ts';
import { allTags } from './cache-tag-list.ts';
import { deviceGroupInput } from './device-input.ts';
import { bondHolds, bondMachine, domainListMachine } from './nouns/bond.ts';
import { devPasidMachine } from './nouns/dev-pasid.ts';
import { dmaPathHolds, dmaPathMachine, dmaReaderMachine } from './nouns/dma-path.ts';
import { domainIdsHolds, domainIdsMachine } from './nouns/domain-ids.ts';
import { entryFetcherMachine, entryFetchHolds, entryFetchMachine } from './nouns/entry-fetch.ts';
import { exitMmapMachine } from './nouns/exit-mmap.ts';
import { gracePeriodMachine } from './nouns/grace-period.ts';
import { groupMemoryHolds, groupMemoryMachine } from './nouns/group-memory.ts';
import { handleClaimHolds, handleClaimMachine } from './nouns/handle-claim.ts';
import { interruptMachine } from './nouns/interrupt.ts';
import { invalidationHardwareMachine } from './nouns/invalidation-hardware.ts';
import { pageMachine } from './nouns/page.ts';
import { pasidHolderHolds, pasidHolderMachine } from './nouns/pasid-holder.ts';
import { pasidUseHolds, pasidUseMachine } from './nouns/pasid-use.ts';
import { passNoteMachine } from './nouns/pass-note.ts';
import { portMachine } from './nouns/port.ts';
import { translationFillerMachine, translationMachine } from './nouns/translation.ts';
import { groupWatchHolds, groupWatchMachine } from './observers/group-watch.ts';
import { judgeMachine } from './observers/judge.ts';

import type { Plan, Task } from './plan-terms.ts';
import { taskKindsOf } from './task-kinds.ts';

/** Descriptors that wait in a modelled invalidation queue at once. */
const INVALIDATION_ENTRIES = 64;

export type Kinds = ReturnType<typeof kindsOf>;

const isOfLock = ({ ownSteps }: Driver, step: OperationStep): boolean =>
  hasEffect(step, ownSteps, 'lockDomain', 'unlockDomain') ||
  asksFor(stepShape(step, ownSteps), 'domainLockIsFree');
const isByCompletion = ({ ownSteps }: Driver, step: OperationStep): boolean => {
  const shape = stepShape(step, ownSteps);
  return 'shared' in shape && shape.shared;
};

export function kindsOf(plan: Plan) {
  const { scenario, driver, groups, places, tasks } = plan;
  const { devices, domains, processes } = scenario;
  const { rules, traits } = driver;
  const capacity = scenario.ringCapacity ?? Math.max(1, plan.requestsMax);
  const submits = scenario.hasInvalidationQueue === true;
  const keeps = scenario.hasTranslations === true;
  const reads = scenario.hasDma === true ? places.length : 0;
  const fetches = scenario.fetchesEntries === true ? places.length : 0;
  const listed = tasks.flatMap(({ work }) => ('steps' in work ? work.steps : []));
  const shares = listed.some((step) => isByCompletion(driver, step));
  const locks = listed.some((step) => isOfLock(driver, step));
  const bonds = tasks.filter(({ work }) => work.kind === 'sva-bind').length;
  const mms = plan.retires ? processes.length : 0;
  const handedOn = processes.filter(({ succeeds }) => succeeds !== undefined).length;

  const taskKinds = taskKindsOf(plan);

  return {
    /** One kind a device, so that a goal can do without one. */
    deviceGroups: devices.map((_, device) =>
      slotKind(
        devices.length === 1 ? 'device' : `device-${device}`,
        deviceGroupMachine,
        deviceGroupHolds,
        groups.filter((group) => group.device === device).map((of) => deviceGroupInput(plan, of)),
      ),
    ),
    pri: slotKind(
      'pri',
      deviceMachine,
      deviceHolds,
      devices.flatMap(({ credits }, device) =>
        credits === undefined ? [] : [{ device, capacity: credits }],
      ),
    ),
    responses: channels(
      'response',
      2,
      record({ type: oneOf(['response']), code: scalar, prgEpoch: scalar, owner: scalar }),
      groups.length,
    ),
    link: channels(
      'link',
      Math.max(1, plan.requestsMax),
      record({ type: oneOf(['request']), request: record(requestHolds) }),
      scenario.hasLink === true ? devices.length : 0,
    ),
    port: alike('port', portMachine, {}, scenario.hasLink === true ? devices.length : 0),
    use: alike('pasid-use', pasidUseMachine, pasidUseHolds, places.length),

    ring: slotKind('page-request-queue', pageRequestQueueMachine, pageRequestQueueHolds, [
      {
        unit: 0,
        capacity,
        answersDroppedLast: scenario.answersDroppedLast === true,
        recordsWhileOverflowed: traits.recordsWhileOverflowed,
      },
    ]),
    interrupt: alike('interrupt', interruptMachine, {}, 1),
    thread: slotKind('page-request-thread', pageRequestThreadMachine, pageRequestThreadHolds, [
      // No domain here is nested: whether the function's may handle a PASID's faults is never asked.
      { unit: 0, rules, checks: traits.checks, reject: traits.reject, userPasidTable: false },
    ]),
    faultQueue: slotKind(
      'fault-queue',
      faultQueueMachine,
      faultQueueHolds,
      devices.map((_, device) => ({ device, queue: 0, responds: true, rules })),
    ),
    group: alike(
      'page-request-group',
      pageRequestGroupMachine,
      pageRequestGroupHolds,
      scenario.groupSlots ?? groups.length,
    ),
    memory: slotKind('group-memory', groupMemoryMachine, groupMemoryHolds, [
      { slots: scenario.groupSlots ?? groups.length },
    ]),
    work: alike('work-queue', workQueueMachine, workQueueHolds, 1),
    worker: slotKind(
      'fault-worker',
      faultWorkerMachine,
      faultWorkerHolds,
      Array.from({ length: scenario.workers ?? 1 }, () => ({ rules })),
    ),

    slot: slotKind(
      'pasid-attachment',
      pasidAttachmentMachine,
      pasidAttachmentHolds,
      places.map((_, slot) => ({ slot })),
    ),
    entry: slotKind(
      'pasid-entry',
      pasidEntryMachine,
      pasidEntryHolds,
      places.map((_, entry) => ({ entry })),
    ),
    reporting: slotKind(
      'fault-reporting',
      faultReportingMachine,
      faultReportingHolds,
      devices.map((_, device) => ({ device, pri: true, rules: driver.lifetime })),
    ),
    handle: alike('attach-handle', attachHandleMachine, attachHandleHolds, plan.handles.length),
    domain: slotKind(
      'domain',
      domainMachine,
      domainHolds,
      domains.map((of, domain) => ({
        domain,
        kind: of.kind,
        handlesFaults: plan.handlesFaults(domain),
      })),
    ),
    domainLock: alike('domain-lock', lockMachine, lockHolds, locks ? domains.length : 0),
    completion: alike(
      'drain-completion',
      drainCompletionMachine,
      drainCompletionHolds,
      shares ? 1 : 0,
    ),
    passNote: alike('pass-note', passNoteMachine, {}, tasks.length),
    svaLock: alike('sva-lock', lockMachine, lockHolds, bonds > 0 ? 1 : 0),
    bond: alike('bond', bondMachine, bondHolds, bonds > 0 ? places.length : 0),
    claim: alike(
      'handle-claim',
      handleClaimMachine,
      handleClaimHolds,
      bonds > 0 ? tasks.length : 0,
    ),
    domainList: alike('domain-list', domainListMachine, {}, bonds > 0 ? processes.length : 0),

    mm: slotKind(
      'mm',
      mmMachine,
      mmHolds,
      processes.map((_, mm) => ({ mm, rules: driver.lifetime })),
    ),
    notifier: slotKind(
      'mm-notifier',
      mmNotifierMachine,
      mmNotifierHolds,
      plan.retires ? processes.map((_, mm) => ({ mm, domain: plan.domainOf(mm) })) : [],
    ),
    exit: alike('exit-mmap', exitMmapMachine, {}, plan.exits.length === 0 ? 0 : processes.length),
    gracePeriod: alike('grace-period', gracePeriodMachine, {}, mms),
    page: alike('page', pageMachine, {}, plan.pageCount),
    holder: alike(
      'pasid-holder',
      pasidHolderMachine,
      pasidHolderHolds,
      handedOn > 0 ? processes.length : 0,
    ),

    invalidations: slotKind(
      'invalidation-queue',
      invalidationQueueMachine,
      invalidationQueueHolds,
      submits ? [{ entriesMax: INVALIDATION_ENTRIES }] : [],
    ),
    hardware: alike('invalidation-hardware', invalidationHardwareMachine, {}, submits ? 1 : 0),
    translation: alike(
      'translation',
      translationMachine,
      {},
      keeps ? places.length * plan.pagesMax : 0,
    ),
    filler: alike(
      'translation-filler',
      translationFillerMachine,
      {},
      keeps ? places.length * plan.pagesMax : 0,
    ),

    domainIds: alike('domain-ids', domainIdsMachine, domainIdsHolds, reads > 0 ? 1 : 0),
    cacheTag: alike('cache-tag', cacheTagMachine, cacheTagHolds, allTags(plan).length),
    dma: alike('dma-path', dmaPathMachine, dmaPathHolds, reads),
    reader: alike('dma-reader', dmaReaderMachine, {}, reads),
    fetch: alike('entry-fetch', entryFetchMachine, entryFetchHolds, fetches),
    fetcher: alike('entry-fetcher', entryFetcherMachine, {}, fetches),
    /** At `domain * attachments + attachment`. */
    devPasid: alike(
      'dev-pasid',
      devPasidMachine,
      {},
      scenario.hasAttachmentLists === true ? domains.length * places.length : 0,
    ),

    watch: slotKind(
      'group-watch',
      groupWatchMachine,
      groupWatchHolds,
      groups.map(({ pages }) => ({ pages: pages.length })),
    ),
    judge: alike('judge', judgeMachine, {}, 1),

    tasks: taskKinds,
    /** The kind of a task, whatever it does. */
    taskKind: ({ number }: Task): SlotKind => {
      const found = taskKinds.all[number];
      invariant(found !== undefined, `there is no task ${number}`);
      return found;
    },
  };
}
