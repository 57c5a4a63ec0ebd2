/** Machines of tags, caches, completions and default domains: inputs, and a sample of each event. */
import { cacheTagHolds, cacheTagMachine } from '../../../../src/machines/cache-tag.ts';
import { commandQueueHolds, commandQueueMachine } from '../../../../src/machines/command-queue.ts';
import { contextEntryHolds, contextEntryMachine } from '../../../../src/machines/context-entry.ts';
import {
  defaultDomainHolds,
  defaultDomainMachine,
} from '../../../../src/machines/default-domain.ts';
import { deviceTlbHolds, deviceTlbMachine } from '../../../../src/machines/device-tlb.ts';
import { dmaMappingHolds, dmaMappingMachine } from '../../../../src/machines/dma-mapping.ts';
import { groupAttachHolds, groupAttachMachine } from '../../../../src/machines/group-attach.ts';
import {
  guestInvalidationHolds,
  guestInvalidationMachine,
} from '../../../../src/machines/guest-invalidation.ts';
import { lockHolds, lockMachine } from '../../../../src/machines/lock.ts';
import {
  pasidCapabilityHolds,
  pasidCapabilityMachine,
} from '../../../../src/machines/pasid-capability.ts';
import {
  synchronousInvalidationHolds,
  synchronousInvalidationMachine,
} from '../../../../src/machines/synchronous-invalidation.ts';
import { tagAllocatorHolds, tagAllocatorMachine } from '../../../../src/machines/tag-allocator.ts';
import { taggedStateHolds, taggedStateMachine } from '../../../../src/machines/tagged-state.ts';
import {
  vmidInvalidationHolds,
  vmidInvalidationMachine,
} from '../../../../src/machines/vmid-invalidation.ts';
import { plain, type Subject } from './subjects.ts';

const BOTH = [true, false];

export const TAG_SUBJECTS: readonly Subject[] = [
  {
    machine: tagAllocatorMachine,
    inputs: BOTH.map((countsReserved) => ({
      allocator: 0,
      first: 2,
      last: 3,
      reserved: [{ holder: 1, tag: 1 }],
      countsReserved,
    })),
    events: [1, 2, 3, 4].flatMap((holder) => [
      { type: 'tag.get', holder },
      { type: 'tag.put', holder },
    ]),
    holds: tagAllocatorHolds,
    kind: 'object',
  },
  {
    machine: taggedStateMachine,
    inputs: [undefined],
    events: [
      ...plain('tag.granted', 'tag.released', 'tag.flushed'),
      ...plain('entry.programmed', 'entry.cleared', 'translation.cached'),
    ],
    holds: taggedStateHolds,
    kind: 'object',
  },
  {
    machine: contextEntryMachine,
    inputs: [undefined],
    events: plain('entry.program', 'present.clear', 'entry.zero', 'rest.fetched'),
    holds: contextEntryHolds,
    kind: 'object',
  },
  {
    machine: dmaMappingMachine,
    inputs: [undefined],
    events: ['direct', 'translating'].flatMap((how) => [
      { type: 'buffer.map', through: how },
      { type: 'buffer.unmap', through: how },
      { type: 'domain.changed', to: how },
    ]),
    holds: dmaMappingHolds,
    kind: 'object',
  },
  {
    machine: defaultDomainMachine,
    inputs: [{ group: 0 }],
    events: ['identity', 'paging'].map((kind) => ({ type: 'domain.set', kind })),
    holds: defaultDomainHolds,
    kind: 'object',
  },
  {
    machine: commandQueueMachine,
    inputs: [{ entriesMax: 2 }],
    events: [
      ...['invalidation.queue', 'sequence.take', 'store.queue', 'last-store.await'].map((type) => ({
        type,
        submitter: 0,
      })),
      ...plain('command.execute'),
    ],
    holds: commandQueueHolds,
    kind: 'object',
  },
  {
    machine: lockMachine,
    inputs: [undefined],
    events: plain('lock.take', 'lock.drop'),
    holds: lockHolds,
    kind: 'object',
  },
  {
    machine: synchronousInvalidationMachine,
    inputs: BOTH.flatMap((testsUnderLock) =>
      BOTH.flatMap((numbersUnderLock) =>
        BOTH.map((waitsUnlocked) => ({
          submitter: 0,
          rules: { testsUnderLock, numbersUnderLock, waitsUnlocked },
        })),
      ),
    ),
    events: plain('step'),
    holds: synchronousInvalidationHolds,
    kind: 'active',
  },
  {
    machine: deviceTlbMachine,
    inputs: [undefined],
    events: [
      ...plain('ats.enable', 'ats.disable', 'reset.begin', 'reset.end'),
      ...plain('translation.cached', 'invalidation.request', 'invalidation.complete'),
    ],
    holds: deviceTlbHolds,
    kind: 'object',
  },
  {
    machine: cacheTagMachine,
    inputs: [undefined],
    events: plain('cache-tag.assign', 'cache-tag.unassign', 'cache-tag.flush'),
    holds: cacheTagHolds,
    kind: 'object',
  },
  {
    machine: groupAttachMachine,
    inputs: [
      { pasid: 5, keepsOnFailure: false },
      { pasid: 5, keepsOnFailure: true },
      { pasid: 0, keepsOnFailure: false },
      { pasid: 9, keepsOnFailure: false },
      { pasid: undefined, keepsOnFailure: false },
    ].map((asked) => ({ call: 0, pasidsMax: [8, 0, 8], mayFail: [2], ...asked })),
    events: plain('step', 'member.failed'),
    holds: groupAttachHolds,
    kind: 'active',
  },
  {
    machine: vmidInvalidationMachine,
    inputs: [
      {
        targets: [
          { unit: 0, holder: 0, by: 'kernel' },
          { unit: 1, holder: 1, by: 'viommu' },
        ],
      },
    ],
    events: [0, 1].flatMap((of) => [
      { type: 'vmid.found', unit: of, holder: of, vmid: 1 },
      { type: 'vmid.missing', unit: of, holder: of },
    ]),
    holds: vmidInvalidationHolds,
    kind: 'active',
  },
  {
    machine: guestInvalidationMachine,
    inputs: BOTH.flatMap((tellsConverted) =>
      [undefined, 3].map((bad) => ({ entries: 4, bad, batchMax: 2, tellsConverted })),
    ),
    events: plain('step'),
    holds: guestInvalidationHolds,
    kind: 'active',
  },
  {
    machine: pasidCapabilityMachine,
    inputs: BOTH.flatMap((isIsolated) => BOTH.map((checksPath) => ({ isIsolated, checksPath }))),
    events: plain('pasid.enable', 'pasid.disable'),
    holds: pasidCapabilityHolds,
    kind: 'object',
  },
];
