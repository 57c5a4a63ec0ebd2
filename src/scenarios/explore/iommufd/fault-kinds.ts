/**
 * Fault kinds: the slots of a world in which a VMM reads and answers faults while PASIDs are detached and replaced.
 */
import type { Driver, OperationName } from '../../../actors/driver.ts';
import { MOCK_7_3, MOCK_REQUESTS } from '../../../actors/mock-driver.ts';
import { iovaPfn, pasid, prgIndex, requesterId } from '../../../core/ids.ts';
import { channels } from '../../../explore/channel.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { type Call, call } from '../../../explore/wiring.ts';
import { attachHandleHolds, attachHandleMachine } from '../../../machines/attach-handle.ts';
import { deliverListHolds, deliverListMachine } from '../../../machines/deliver-list.ts';
import {
  faultFileReaderHolds,
  faultFileReaderMachine,
} from '../../../machines/fault-file-reader.ts';
import { faultQueueHolds, faultQueueMachine } from '../../../machines/fault-queue.ts';
import { faultReportingHolds, faultReportingMachine } from '../../../machines/fault-reporting.ts';
import { iommufdObjectHolds, iommufdObjectMachine } from '../../../machines/iommufd-object.ts';
import type { IommufdRules } from '../../../machines/iommufd-rules.ts';
import { lockHolds, lockMachine } from '../../../machines/lock.ts';
import { operationHolds, operationMachine } from '../../../machines/operation.ts';
import type { OperationStep } from '../../../machines/operation-steps.ts';
import {
  pageRequestGroupHolds,
  pageRequestGroupMachine,
} from '../../../machines/page-request-group.ts';
import {
  pageRequestQueueHolds,
  pageRequestQueueMachine,
  type RequestRecord,
} from '../../../machines/page-request-queue.ts';
import {
  pageRequestThreadHolds,
  pageRequestThreadMachine,
} from '../../../machines/page-request-thread.ts';
import {
  pasidAttachmentHolds,
  pasidAttachmentMachine,
} from '../../../machines/pasid-attachment.ts';
import { responseTableHolds, responseTableMachine } from '../../../machines/response-table.ts';
import { oneOf } from '../../../machines/wiring-types.ts';
import {
  faultWriterHolds,
  faultWriterMachine,
  gateHolds,
  gateMachine,
  operationTakerMachine,
  queueCloserMachine,
  userMemoryHolds,
  userMemoryMachine,
} from './fault-threads.ts';

/** Requests, each a group of its own, for a PASID of its own. */
export const REQUESTS = [0, 1] as const;
export const RID = requesterId(0);
/** The device's only fault parameter. */
const PARAM = 0;

type Attachment = {
  readonly name: string;
  readonly list: 'attach-pasid' | 'detach-pasid' | 'replace-pasid';
  readonly slot: number;
  /** Allocated by it. */
  readonly handle?: number;
  /** Freed by it. */
  readonly oldHandle?: number;
  /** The operation it waits for. */
  readonly after?: number;
};

/** What happens to the two attachments, in order where they are of one. */
export const OPERATIONS: readonly Attachment[] = [
  { name: 'detach', list: 'detach-pasid', slot: 0, oldHandle: 0 },
  { name: 'replace', list: 'replace-pasid', slot: 1, handle: 2, oldHandle: 1 },
  { name: 'detach-replaced', list: 'detach-pasid', slot: 1, oldHandle: 2, after: 1 },
  { name: 'attach', list: 'attach-pasid', slot: 0, handle: 3, after: 0 },
  { name: 'detach-attached', list: 'detach-pasid', slot: 0, oldHandle: 3, after: 3 },
];
/** The reporting thread's gate. */
export const THREAD_GATE = OPERATIONS.length;
/** Two before the first operation, one of the replace, one of the attach. */
const HANDLES = [0, 1, 2, 3] as const;

/** Whose lists are run, and which of the two attachments is the function itself; none unless told. */
export type FaultPlan = { readonly driver: Driver; readonly functionAt?: number };
export const OF_MOCK: FaultPlan = { driver: MOCK_7_3 };

/**
 * Of a driver's list the steps that the mock driver's has too: rings, caches and a domain's list of attachments are not
 * in this world, and the semaphore keeps reports out of all that would have to be drained.
 */
function stepsOf({ driver, functionAt }: FaultPlan, { list, slot }: Attachment) {
  const name = slot === functionAt ? ON_FUNCTION[list] : list;
  const known: readonly OperationStep[] = MOCK_7_3.operations[name];
  return driver.operations[name].filter((step) => known.includes(step));
}

const ON_FUNCTION = {
  'attach-pasid': 'attach-rid',
  'detach-pasid': 'detach-rid',
  'replace-pasid': 'replace-rid',
} as const satisfies { readonly [Name in Attachment['list']]: OperationName };

export const requestOf = ({ functionAt }: FaultPlan, of: number): RequestRecord => ({
  rid: RID,
  pasid: of === functionAt ? undefined : pasid(of + 1),
  prgi: prgIndex(of),
  iovaPfn: iovaPfn(0),
  access: { read: true, write: false, exec: false, privileged: false },
  last: true,
  owner: 0,
  prgEpoch: 0,
});

export type FaultKinds = ReturnType<typeof faultKinds>;

export function faultKinds(rules: IommufdRules, plan: FaultPlan) {
  const { driver } = plan;
  return {
    ring: slotKind('ring', pageRequestQueueMachine, pageRequestQueueHolds, [
      { unit: 0, capacity: REQUESTS.length, answersDroppedLast: false },
    ]),
    interrupt: channels('interrupt', 1, { type: oneOf(['interrupt']) }),
    thread: slotKind('thread', pageRequestThreadMachine, pageRequestThreadHolds, [
      {
        unit: 0,
        rules: driver.rules,
        ...MOCK_REQUESTS,
        userPasidTable: false,
      },
    ]),
    queue: slotKind('fault-queue', faultQueueMachine, faultQueueHolds, [
      { device: 0, queue: 0, responds: true, rules: driver.rules },
    ]),
    reporting: slotKind('reporting', faultReportingMachine, faultReportingHolds, [
      { device: 0, pri: true },
    ]),
    group: alike('group', pageRequestGroupMachine, pageRequestGroupHolds, REQUESTS.length),
    slot: slotKind(
      'slot',
      pasidAttachmentMachine,
      pasidAttachmentHolds,
      REQUESTS.map((slot) => ({ slot })),
    ),
    handle: alike('handle', attachHandleMachine, attachHandleHolds, HANDLES.length),
    deliverList: alike('deliver-list', deliverListMachine, deliverListHolds, 1),
    responses: slotKind('responses', responseTableMachine, responseTableHolds, [
      { cookies: rules.cookies },
    ]),
    mutex: alike('mutex', lockMachine, lockHolds, 1),
    /** Held by a report for reading, by an operation for writing; one report at a time. */
    semaphore: alike('semaphore', lockMachine, lockHolds, 1),
    /** One an operation, and the reporting thread's. */
    gate: slotKind('gate', gateMachine, gateHolds, [
      ...OPERATIONS.map(() => ({ open: false })),
      { open: true },
    ]),
    memory: alike('user-memory', userMemoryMachine, userMemoryHolds, 1),
    reader: slotKind('reader', faultFileReaderMachine, faultFileReaderHolds, [
      { onCopyFault: rules.onCopyFault },
    ]),
    writer: alike('writer', faultWriterMachine, faultWriterHolds, 1),
    closer: alike('closer', queueCloserMachine, {}, 1),
    object: alike('object', iommufdObjectMachine, iommufdObjectHolds, 1),
    taker: alike('taker', operationTakerMachine, {}, OPERATIONS.length),
    operations: OPERATIONS.map((of, operation) =>
      slotKind(of.name, operationMachine(of.name, stepsOf(plan, of)), operationHolds, [
        { operation, device: 0, attachment: of.slot },
      ]),
    ),
  };
}

/** Answers and frees a group, as whoever owns it does. */
export const answered = (
  { group, queue }: FaultKinds,
  of: number,
  code: 'success' | 'invalid',
): readonly Call[] => [
  call(group, of, { type: 'group.answered', code }),
  call(group, of, { type: 'group.freed' }),
  call(queue, 0, { type: 'reference.put', param: PARAM }),
];

/** The mutex changes hands: every gate is told. */
export const mutexTold = (
  { mutex, gate }: FaultKinds,
  how: 'taken' | 'dropped',
): readonly Call[] => [
  call(mutex, 0, { type: how === 'taken' ? 'lock.take' : 'lock.drop' }),
  ...gate.inputs.map((_, of) => call(gate, of, { type: `mutex.${how}` })),
];
