/** Every machine of the control path: what it is started with, and a sample of each event it may be sent. */
import type { AnyEventObject, AnyStateMachine } from 'xstate';

import { attachHandleHolds, attachHandleMachine } from '../../../../src/machines/attach-handle.ts';
import { domainHolds, domainMachine } from '../../../../src/machines/domain.ts';
import {
  drainCompletionHolds,
  drainCompletionMachine,
} from '../../../../src/machines/drain-completion.ts';
import {
  faultReportingHolds,
  faultReportingMachine,
} from '../../../../src/machines/fault-reporting.ts';
import {
  invalidationQueueHolds,
  invalidationQueueMachine,
} from '../../../../src/machines/invalidation-queue.ts';
import { LIFETIME_7_3 } from '../../../../src/machines/lifetime-rules.ts';
import { mmHolds, mmMachine } from '../../../../src/machines/mm.ts';
import { mmNotifierHolds, mmNotifierMachine } from '../../../../src/machines/mm-notifier.ts';
import { operationHolds, operationMachine } from '../../../../src/machines/operation.ts';
import { OPERATION_STEPS, type OperationStep } from '../../../../src/machines/operation-steps.ts';
import {
  pasidAttachmentHolds,
  pasidAttachmentMachine,
} from '../../../../src/machines/pasid-attachment.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../../src/machines/pasid-entry.ts';
import { svaBindHolds, svaBindMachine } from '../../../../src/machines/sva-bind.ts';
import { svaUnbindHolds, svaUnbindMachine } from '../../../../src/machines/sva-unbind.ts';
import type { Fields } from '../../../../src/machines/wiring-types.ts';
import { TARGET } from './lists.ts';

export type Subject = {
  readonly machine: AnyStateMachine;
  readonly inputs: readonly unknown[];
  readonly events: readonly AnyEventObject[];
  readonly holds: Fields;
  readonly kind: 'object' | 'active';
};

export const plain = (...types: readonly string[]): AnyEventObject[] =>
  types.map((type) => ({ type }));

const STEP = plain('step');
const RANGE = { pfn: 1, pages: 1, bits: 3 };
const ALL_STEPS = Object.keys(OPERATION_STEPS) as OperationStep[]; // keys of that record

export const SUBJECTS: readonly Subject[] = [
  {
    machine: pasidAttachmentMachine,
    inputs: [{ slot: 1 }],
    events: [
      ...plain('slot.reserve', 'slot.release', 'domain.publish', 'slot.erase'),
      ...[1, 2].flatMap((handle) => [
        { type: 'handle.publish', handle },
        { type: 'handle.replace', handle },
      ]),
    ],
    holds: pasidAttachmentHolds,
    kind: 'object',
  },
  {
    machine: pasidEntryMachine,
    inputs: [{ entry: 1 }],
    events: [
      { type: 'entry.program', domain: 1 },
      { type: 'entry.rewrite', domain: 2 },
      ...plain(
        'present.clear',
        'entry.zero',
        'fault-disable.mark',
        'fault-disable.mark-if-present',
        'table.freed',
        'table.built',
      ),
    ],
    holds: pasidEntryHolds,
    kind: 'object',
  },
  {
    machine: attachHandleMachine,
    inputs: [undefined],
    events: plain('handle.allocate', 'handle.dereference', 'handle.free'),
    holds: attachHandleHolds,
    kind: 'object',
  },
  {
    machine: domainMachine,
    inputs: ['blocked', 'identity', 'paging', 'sva'].map((kind) => ({
      domain: 1,
      kind,
      handlesFaults: true,
    })),
    events: plain(
      'domain.allocate',
      'user.attached',
      'user.detached',
      'domain.free',
      'grace-period.ended',
    ),
    holds: domainHolds,
    kind: 'object',
  },
  {
    machine: mmMachine,
    inputs: [{ mm: 1 }, { mm: 1, rules: { ...LIFETIME_7_3, pasidEndsWith: 'users' } }],
    events: [
      ...plain('users.get', 'users.put', 'structure.get', 'structure.put'),
      ...plain('notifiers.released', 'tables.torn-down'),
      { type: 'pasid.assigned', pasid: 1 },
      ...['range.map', 'range.unmap', 'range.protect'].map((type) => ({ type, ...RANGE })),
    ],
    holds: mmHolds,
    kind: 'object',
  },
  {
    machine: mmNotifierMachine,
    inputs: [{ mm: 1, domain: 1 }],
    events: [
      ...plain('notifier.register', 'notifier.put', 'notifier.unregister', 'mm.releasing'),
      ...plain('release.finished', 'everything.invalidated', 'grace-period.ended'),
      { type: 'range.invalidated', ...RANGE },
    ],
    holds: mmNotifierHolds,
    kind: 'object',
  },
  {
    machine: invalidationQueueMachine,
    inputs: [{ entriesMax: 8 }],
    events: [
      ...[1, 2].flatMap((ticket) => [
        { type: 'descriptors.submit', ticket, descriptors: 2, drain: false },
        { type: 'wait.executed', ticket },
        { type: 'descriptor.rejected', ticket },
      ]),
      { type: 'device.timed-out', ticket: 1, present: true, tickets: [1] },
      { type: 'device.timed-out', ticket: 1, present: false, tickets: [1, 2] },
    ],
    holds: invalidationQueueHolds,
    kind: 'object',
  },
  {
    machine: drainCompletionMachine,
    inputs: [undefined],
    events: plain('completion.rearm', 'completion.complete', 'completion.consume'),
    holds: drainCompletionHolds,
    kind: 'object',
  },
  {
    machine: faultReportingMachine,
    inputs: [
      { device: 1, pri: true },
      { device: 1, pri: false },
      { device: 1, pri: true, rules: { ...LIFETIME_7_3, countsReportingUsers: false } },
    ],
    events: plain('reporting.enable', 'reporting.disable'),
    holds: faultReportingHolds,
    kind: 'object',
  },
  {
    machine: operationMachine('operation', ALL_STEPS),
    inputs: [TARGET],
    events: STEP,
    holds: operationHolds,
    kind: 'active',
  },
  {
    machine: svaBindMachine,
    inputs: [true, false].map((setsBondDeviceUnderLock) => ({
      bind: 1,
      device: 1,
      mm: 1,
      rules: { ...LIFETIME_7_3, setsBondDeviceUnderLock },
    })),
    events: [
      ...STEP,
      ...plain('allocation.failed', 'attach.succeeded'),
      ...[0, 1, 2].flatMap((position) => [
        { type: 'domain.found', position, domain: 3 },
        { type: 'domain.missing', position },
      ]),
      { type: 'domain.allocated', domain: 4 },
      { type: 'domain.refused', errno: 'ENODEV' },
      { type: 'attach.failed', errno: 'EINVAL' },
    ],
    holds: svaBindHolds,
    kind: 'active',
  },
  {
    machine: svaUnbindMachine,
    inputs: [true, false].map((readsMmDataFirst) => ({
      unbind: 1,
      device: 1,
      mm: 1,
      domain: 1,
      rules: { ...LIFETIME_7_3, readsMmDataFirst },
    })),
    events: [...STEP, ...plain('detach.finished')],
    holds: svaUnbindHolds,
    kind: 'active',
  },
];
