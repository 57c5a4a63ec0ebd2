/**
 * Lifetime slots: the kinds of a lifetime world, by what they stand for.
 *
 * What belongs to a device and a process lies at `device * processes + process`; a bind or an unbind has the number of
 * its place in the plan.
 */
import type { Driver } from '../../../actors/driver.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { attachHandleHolds, attachHandleMachine } from '../../../machines/attach-handle.ts';
import { domainHolds, domainMachine } from '../../../machines/domain.ts';
import { faultWorkerHolds, faultWorkerMachine } from '../../../machines/fault-worker.ts';
import {
  invalidationQueueHolds,
  invalidationQueueMachine,
} from '../../../machines/invalidation-queue.ts';
import { lockHolds, lockMachine } from '../../../machines/lock.ts';
import { mmHolds, mmMachine } from '../../../machines/mm.ts';
import { mmNotifierHolds, mmNotifierMachine } from '../../../machines/mm-notifier.ts';
import { operationHolds, operationMachine } from '../../../machines/operation.ts';
import {
  pageRequestGroupHolds,
  pageRequestGroupMachine,
} from '../../../machines/page-request-group.ts';
import {
  pasidAttachmentHolds,
  pasidAttachmentMachine,
} from '../../../machines/pasid-attachment.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import { BIND_STEPS, svaBindHolds, svaBindMachine } from '../../../machines/sva-bind.ts';
import { svaUnbindHolds, svaUnbindMachine, UNBIND_STEPS } from '../../../machines/sva-unbind.ts';
import { workQueueHolds, workQueueMachine } from '../../../machines/work-queue.ts';
import { flags } from '../flag.ts';
import { COUNTED_STATES } from '../unit/handle-groups.ts';
import { translationMachine } from '../unit/nouns/translation.ts';
import { exitMmapMachine, gracePeriodMachine, processExitMachine } from './exit.ts';
import { CACHES, hardwareMachine, walkerMachine } from './hardware.ts';
import { kernelTableSlots } from './kernel-table-slots.ts';
import {
  bondHolds,
  bondMachine,
  fileHolds,
  fileMachine,
  memoryMachine,
  pasidNumberMachine,
  runMachine,
} from './notes.ts';
import type { LifetimePlan } from './plan.ts';
import { unmapSlots } from './unmap-slots.ts';

const QUEUE_ENTRIES = 16;

export type LifetimeSlots = ReturnType<typeof lifetimeSlots>;

export function lifetimeSlots(driver: Driver, plan: LifetimePlan) {
  const { devices, processes, binds, unbinds } = plan;
  const count = processes.length;
  const rules = driver.lifetime;
  const pairs = devices * count;
  const attachSteps = driver.operations['bind-sva'].filter((step) => !BIND_STEPS.includes(step));
  const detachSteps = driver.operations['unbind-sva'].filter(
    (step) => !UNBIND_STEPS.includes(step),
  );
  const releaseSteps = driver.operations['mm-release'];
  const pairOf = ({ device, process }: { readonly device: number; readonly process: number }) =>
    device * count + process;
  const operations = (first: number, of: readonly { device: number; process: number }[]) =>
    of.map((each, index) => ({
      operation: first + index,
      device: each.device,
      attachment: pairOf(each),
    }));
  const memory = (property: string, sentence: string, instances: number) =>
    Array.from({ length: instances }, () => ({ property, sentence }));

  return {
    plan,
    rules,
    countedStates: COUNTED_STATES[driver.groupsCounted],
    pairOf,
    mm: slotKind(
      'mm',
      mmMachine,
      mmHolds,
      processes.map((_, mm) => ({ mm, rules })),
    ),
    notifier: slotKind(
      'notifier',
      mmNotifierMachine,
      mmNotifierHolds,
      processes.map((_, mm) => ({ mm, domain: mm })),
    ),
    domain: slotKind(
      'domain',
      domainMachine,
      domainHolds,
      processes.map((_, domain) => ({ domain, kind: 'sva' as const, handlesFaults: true })),
    ),
    process: alike('process', processExitMachine, {}, count),
    exitMmap: alike('exit-mmap', exitMmapMachine, {}, count),
    grace: alike('grace-period', gracePeriodMachine, {}, count),
    release: slotKind(
      'release',
      operationMachine('release', releaseSteps, driver.ownSteps),
      operationHolds,
      processes.map(({ boundTo = 0 }, process) => ({
        operation: process,
        device: boundTo,
        attachment: pairOf({ device: boundTo, process }),
      })),
    ),
    releaseRun: alike('release-run', runMachine, {}, count),
    file: slotKind(
      'file',
      fileMachine,
      fileHolds,
      processes.map(({ mapsFile }) => ({ users: mapsFile === true ? 2 : 1 })),
    ),
    mmData: slotKind(
      'mm-data',
      memoryMachine,
      {},
      memory('S8', "nobody reads an address space's SVA data after it was freed", count),
    ),
    pages: slotKind(
      'pages',
      memoryMachine,
      {},
      memory('S9', 'no translation leads to a page that was given back', count),
    ),
    tables: slotKind(
      'tables',
      memoryMachine,
      {},
      memory('S14', 'hardware walks no page table that was freed', count),
    ),
    /** By the places of CACHES. */
    cache: alike('cache', translationMachine, {}, CACHES.length),
    ...unmapSlots(driver, plan, count + binds.length + unbinds.length),
    walker: alike('walker', walkerMachine, {}, plan.walks === true ? 1 : 0),
    queue: slotKind('invalidations', invalidationQueueMachine, invalidationQueueHolds, [
      { entriesMax: QUEUE_ENTRIES },
    ]),
    hardware: alike('hardware', hardwareMachine, {}, 1),
    svaPresent: flags('sva-present'),
    kernelTables:
      plan.freesKernelTable === true ? kernelTableSlots(rules.flushesKernelTables) : undefined,
    faults:
      plan.faults === true
        ? {
            group: alike('group', pageRequestGroupMachine, pageRequestGroupHolds, 1),
            work: alike('work', workQueueMachine, workQueueHolds, 1),
            worker: slotKind('worker', faultWorkerMachine, faultWorkerHolds, [
              { rules: driver.rules },
            ]),
          }
        : undefined,
    entry: slotKind(
      'entry',
      pasidEntryMachine,
      pasidEntryHolds,
      Array.from({ length: devices }, (_, entry) => ({ entry })),
    ),
    slot: slotKind(
      'slot',
      pasidAttachmentMachine,
      pasidAttachmentHolds,
      Array.from({ length: devices }, (_, slot) => ({ slot })),
    ),
    handle: alike('handle', attachHandleMachine, attachHandleHolds, pairs),
    bond: alike('bond', bondMachine, bondHolds, pairs),
    pasid: alike('pasid', pasidNumberMachine, {}, 1),
    lock: alike('sva-lock', lockMachine, lockHolds, 1),
    bind: slotKind(
      'bind',
      svaBindMachine,
      svaBindHolds,
      binds.map(({ process, device }, bind) => ({ bind, device, mm: process, rules })),
    ),
    attach: slotKind(
      'attach',
      operationMachine('attach', attachSteps, driver.ownSteps),
      operationHolds,
      operations(count, binds),
    ),
    attachRun: alike('attach-run', runMachine, {}, binds.length),
    unbind: slotKind(
      'unbind',
      svaUnbindMachine,
      svaUnbindHolds,
      unbinds.map(({ process, device }, unbind) => ({
        unbind,
        device,
        mm: process,
        domain: process,
        rules,
      })),
    ),
    detach: slotKind(
      'detach',
      operationMachine('detach', detachSteps, driver.ownSteps),
      operationHolds,
      operations(count + binds.length, unbinds),
    ),
    detachRun: alike('detach-run', runMachine, {}, unbinds.length),
  };
}
