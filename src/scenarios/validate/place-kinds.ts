/**
 * Place kinds: the slots of a world with one place, a device under one PASID or by itself, and one request.
 *
 * A world's *domains* are what may hang at the place, the driver's lists its *operations*; which of them a world has
 * is its shape. Every machine is that of src/machines; what the trace can't know is in nouns of its own.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import { requesterId } from '../../core/ids.ts';
import { alike, slotKind } from '../../explore/slot-kind.ts';
import { faultQueueHolds, faultQueueMachine } from '../../machines/fault-queue.ts';
import { faultReportingHolds, faultReportingMachine } from '../../machines/fault-reporting.ts';
import { faultWorkerHolds, faultWorkerMachine } from '../../machines/fault-worker.ts';
import { lockHolds, lockMachine } from '../../machines/lock.ts';
import { mmHolds, mmMachine } from '../../machines/mm.ts';
import { operationHolds, operationMachine } from '../../machines/operation.ts';
import {
  pageRequestGroupHolds,
  pageRequestGroupMachine,
} from '../../machines/page-request-group.ts';
import {
  pageRequestQueueHolds,
  pageRequestQueueMachine,
} from '../../machines/page-request-queue.ts';
import {
  pageRequestThreadHolds,
  pageRequestThreadMachine,
} from '../../machines/page-request-thread.ts';
import { pasidAttachmentHolds, pasidAttachmentMachine } from '../../machines/pasid-attachment.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../machines/pasid-entry.ts';
import { workQueueHolds, workQueueMachine } from '../../machines/work-queue.ts';
import { exitMmapMachine } from '../explore/unit/nouns/exit-mmap.ts';
import { groupMemoryHolds, groupMemoryMachine } from '../explore/unit/nouns/group-memory.ts';
import { interruptMachine } from '../explore/unit/nouns/interrupt.ts';
import { gateHolds, gateMachine } from './nouns/gate.ts';
import { handlerMachine } from './nouns/handler.ts';
import { heldGroupHolds, heldGroupMachine } from './nouns/held-group.ts';
import { otherAttachmentsMachine } from './nouns/other-attachments.ts';
import { processMachine } from './nouns/process.ts';
import { unknownMachine } from './nouns/unknown.ts';

/** Whatever requester it is: a world has one. */
export const RID = requesterId(0x28);

/** What may hang at a place, by what it does with faults. */
export type PlaceDomain = {
  readonly name: string;
  readonly kind: 'sva' | 'paging';
  /** A fault finds a handler there; attaching it needs fault reporting, as far as the device can. */
  readonly hasHandler: boolean;
  /** It is like another one, and only there to replace that. */
  readonly isSpare: boolean;
};

/** One of the driver's lists, about the domains it takes away and brings. */
export type PlaceOperation = {
  readonly name: string;
  readonly list: OperationName;
  /** Places in the list of domains. */
  readonly coming: number | undefined;
  readonly going: number | undefined;
};

export type PlaceShape = {
  readonly name: 'sva' | 'sva-without-pri' | 'paging' | 'function';
  readonly kind: 'sva' | 'paging' | 'function';
  readonly hasPri: boolean;
  /** A domain puts its device on the fault queue whether it handles faults or not. */
  readonly allReport: boolean;
  readonly domains: readonly PlaceDomain[];
  readonly operations: readonly PlaceOperation[];
};

/** What nobody recorded, by the question it answers. */
export const UNKNOWN = { resolves: 0, overflow: 1, refuses: 2, count: 3 } as const;

/** Gates of a place: whatever holds the group's mutex, and the release of the address space. */
export const GATE = { mutex: 0, release: 1, count: 2 } as const;

export const gateOf = ({ list }: Pick<PlaceOperation, 'list'>): number =>
  list === 'mm-release' ? GATE.release : GATE.mutex;

export type PlaceKinds = ReturnType<typeof placeKindsOf>;

export function placeKindsOf(driver: Driver, { operations, hasPri }: PlaceShape) {
  const { rules, lifetime } = driver;
  const { checks, reject } = driver.traits;
  return {
    ring: slotKind('page-request-queue', pageRequestQueueMachine, pageRequestQueueHolds, [
      { unit: 0, capacity: 1, answersDroppedLast: false },
    ]),
    interrupt: alike('interrupt', interruptMachine, {}, 1),
    thread: slotKind('page-request-thread', pageRequestThreadMachine, pageRequestThreadHolds, [
      { unit: 0, rules, checks, reject, userPasidTable: false },
    ]),
    faultQueue: slotKind('fault-queue', faultQueueMachine, faultQueueHolds, [
      { device: 0, queue: 0, responds: true, rules },
    ]),
    group: alike('page-request-group', pageRequestGroupMachine, pageRequestGroupHolds, 1),
    memory: slotKind('group-memory', groupMemoryMachine, groupMemoryHolds, [{ slots: 1 }]),
    work: alike('work-queue', workQueueMachine, workQueueHolds, 1),
    worker: slotKind('fault-worker', faultWorkerMachine, faultWorkerHolds, [{ rules }]),
    held: alike('held-group', heldGroupMachine, heldGroupHolds, 1),
    handler: alike('handler', handlerMachine, {}, 1),
    unknown: alike('unknown', unknownMachine, {}, UNKNOWN.count),

    slot: slotKind('pasid-attachment', pasidAttachmentMachine, pasidAttachmentHolds, [{ slot: 0 }]),
    entry: slotKind('pasid-entry', pasidEntryMachine, pasidEntryHolds, [{ entry: 0 }]),
    reporting: slotKind('fault-reporting', faultReportingMachine, faultReportingHolds, [
      { device: 0, pri: hasPri, rules: lifetime },
    ]),
    others: alike('other-attachments', otherAttachmentsMachine, {}, 1),

    mm: slotKind('mm', mmMachine, mmHolds, [{ mm: 0, rules: lifetime }]),
    process: alike('process', processMachine, {}, 1),
    exit: alike('exit-mmap', exitMmapMachine, {}, 1),

    domainLock: alike('domain-lock', lockMachine, lockHolds, 1),
    gate: alike('gate', gateMachine, gateHolds, GATE.count),
    /** One kind a list, in the order of the shape. */
    lists: operations.map(({ name, list }, operation) =>
      slotKind(
        name,
        operationMachine(name, driver.operations[list], driver.ownSteps),
        operationHolds,
        [{ operation, device: 0, attachment: 0 }],
      ),
    ),
  };
}
