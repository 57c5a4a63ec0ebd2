/**
 * Machine list: every machine of the model, in the order a page request meets them, then attach and process, caches and
 * tags, and iommufd.
 */
import type { AnyStateMachine } from 'xstate';

import { attachHandleMachine } from '../machines/attach-handle.ts';
import { cacheTagMachine } from '../machines/cache-tag.ts';
import { commandQueueMachine } from '../machines/command-queue.ts';
import { contextEntryMachine } from '../machines/context-entry.ts';
import { defaultDomainMachine } from '../machines/default-domain.ts';
import { deliverListMachine } from '../machines/deliver-list.ts';
import { deviceMachine } from '../machines/device.ts';
import { deviceGroupMachine } from '../machines/device-group.ts';
import { deviceTlbMachine } from '../machines/device-tlb.ts';
import { dmaMappingMachine } from '../machines/dma-mapping.ts';
import { domainMachine } from '../machines/domain.ts';
import { drainCompletionMachine } from '../machines/drain-completion.ts';
import { eventQueueMachine } from '../machines/event-queue.ts';
import { faultFileReaderMachine } from '../machines/fault-file-reader.ts';
import { faultQueueMachine } from '../machines/fault-queue.ts';
import { faultReportingMachine } from '../machines/fault-reporting.ts';
import { faultWorkerMachine } from '../machines/fault-worker.ts';
import { groupAttachMachine } from '../machines/group-attach.ts';
import { guestInvalidationMachine } from '../machines/guest-invalidation.ts';
import { invalidationQueueMachine } from '../machines/invalidation-queue.ts';
import { iommufdObjectMachine } from '../machines/iommufd-object.ts';
import { lockMachine } from '../machines/lock.ts';
import { mmMachine } from '../machines/mm.ts';
import { mmNotifierMachine } from '../machines/mm-notifier.ts';
import { pageRequestGroupMachine } from '../machines/page-request-group.ts';
import { pageRequestQueueMachine } from '../machines/page-request-queue.ts';
import { pageRequestThreadMachine } from '../machines/page-request-thread.ts';
import { pasidAttachmentMachine } from '../machines/pasid-attachment.ts';
import { pasidCapabilityMachine } from '../machines/pasid-capability.ts';
import { pasidEntryMachine } from '../machines/pasid-entry.ts';
import { responseTableMachine } from '../machines/response-table.ts';
import { svaBindMachine } from '../machines/sva-bind.ts';
import { svaUnbindMachine } from '../machines/sva-unbind.ts';
import { synchronousInvalidationMachine } from '../machines/synchronous-invalidation.ts';
import { tagAllocatorMachine } from '../machines/tag-allocator.ts';
import { taggedStateMachine } from '../machines/tagged-state.ts';
import { vmidInvalidationMachine } from '../machines/vmid-invalidation.ts';
import { workQueueMachine } from '../machines/work-queue.ts';

export const MACHINES: readonly AnyStateMachine[] = [
  deviceMachine,
  deviceGroupMachine,
  pageRequestQueueMachine,
  pageRequestThreadMachine,
  faultQueueMachine,
  pageRequestGroupMachine,
  workQueueMachine,
  faultWorkerMachine,
  faultReportingMachine,
  drainCompletionMachine,
  invalidationQueueMachine,
  pasidEntryMachine,
  pasidAttachmentMachine,
  attachHandleMachine,
  groupAttachMachine,
  pasidCapabilityMachine,
  domainMachine,
  mmMachine,
  mmNotifierMachine,
  svaBindMachine,
  svaUnbindMachine,
  tagAllocatorMachine,
  vmidInvalidationMachine,
  guestInvalidationMachine,
  taggedStateMachine,
  cacheTagMachine,
  contextEntryMachine,
  deviceTlbMachine,
  commandQueueMachine,
  synchronousInvalidationMachine,
  lockMachine,
  defaultDomainMachine,
  dmaMappingMachine,
  iommufdObjectMachine,
  deliverListMachine,
  responseTableMachine,
  faultFileReaderMachine,
  eventQueueMachine,
];
