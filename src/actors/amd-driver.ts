/**
 * AMD driver: as Linux 7.3 has it, and with its known defects repaired.
 *
 * Kernel: drivers/iommu/amd/pasid.c, iommu_sva_set_dev_pasid(), blocked_domain_set_dev_pasid(), sva_mn_release();
 *         iommu.c, attach_device(), detach_device(), update_gcr3(); ppr.c, amd_iommu_poll_ppr_log().
 *
 * The entry of a PASID is its GCR3 entry, that of a function its device table entry. A function is on the fault queue
 * from the attach of its own domain to that domain's detach, whatever its PASIDs do. Only process address spaces go on
 * PASIDs, and they are never replaced: the core allocates a handle for it and frees it when the driver has refused.
 *
 * The function's domain has the table of its PASIDs, which goes with it: switching that domain while a process is bound
 * kills the bond. The repair refuses the switch, as the core does where it knows of it; 7.3 lets it happen.
 *
 * Hardware has no drain. What the repair rests on: a device TLB invalidation completes behind every request the
 * function sent before it, so that after it they are all in the log.
 */
import type { OperationStep } from '../machines/operation-steps.ts';
import { LINUX_7_3, REPAIRED, type ReportRules } from '../machines/report-rules.ts';
import type { Driver } from './driver.ts';
import { COOKIES_WITHOUT_USE } from './part-quirks.ts';
import { AMD_TRAITS, AMD_TRAITS_7_3 } from './unit-traits.ts';
import { VTD } from './vtd-driver.ts';

const BIND = [
  'allocate-handle',
  'reserve-slot',
  'get-domain',
  'program-entry',
  'invalidate-iotlb',
  'invalidate-device-tlb',
  'track-pasid',
  'publish-handle',
] as const satisfies readonly OperationStep[];

const REFUSED = ['allocate-handle', 'free-handle'] as const satisfies readonly OperationStep[];

/** The log, then the thread that took an entry out of it before handling it, then what it queued. */
const DRAIN = [
  'drain-ring',
  'synchronize-thread',
  'flush-workqueue',
  'discard-partials',
] as const satisfies readonly OperationStep[];

const EMPTY_CACHES = [
  'invalidate-iotlb',
  'invalidate-device-tlb',
  'zero-entry',
] as const satisfies readonly OperationStep[];

const FORGET_PASID = [
  'erase-slot',
  'answer-invalid',
  'put-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];

/** One hold of the domain's lock, as is a release: neither sees the other's entries half torn down. */
const UNLIST = [
  ...EMPTY_CACHES,
  'untrack-pasid',
  'unlock-domain',
] as const satisfies readonly OperationStep[];

/** Also of an entry that an exit has cleared: it is the invalidation that brings the requests in. */
const UNBIND = [
  'lock-domain',
  'block-entry-owing-flush',
  ...UNLIST,
  ...DRAIN,
  ...FORGET_PASID,
] as const satisfies readonly OperationStep[];
/** What an exit has cleared is off the list too: an unbind that comes later finds nothing, and does nothing. */
const UNBIND_7_3 = [
  'lock-domain',
  'block-entry',
  ...EMPTY_CACHES,
  'untrack-pasid-if-present',
  'unlock-domain',
  ...FORGET_PASID,
] as const satisfies readonly OperationStep[];

const ATTACH_RID = [
  'allocate-handle',
  'reserve-slot',
  'get-domain',
  'build-pasid-table',
  'enable-reporting',
  'await-reporting',
  'program-entry',
  'invalidate-context',
  'invalidate-device-tlb',
  'publish-handle',
] as const satisfies readonly OperationStep[];

const LEAVE_RID = [
  'erase-slot',
  'answer-invalid',
  'put-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];
const BLOCK_RID = [
  'block-entry-owing-flush',
  'invalidate-context',
  ...EMPTY_CACHES,
  ...DRAIN,
  'free-pasid-table',
] as const satisfies readonly OperationStep[];
/** Off the fault queue first; the log itself is not waited for. */
const BLOCK_RID_7_3 = [
  'block-entry',
  'invalidate-context',
  'invalidate-iotlb',
  'zero-entry',
  'free-pasid-table',
] as const satisfies readonly OperationStep[];

const ENTER_RID = [
  'build-pasid-table',
  'enable-reporting',
  'await-reporting',
  'program-entry',
  'replace-handle',
  'answer-invalid',
  'put-old-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];

const OPERATIONS: Driver['operations'] = {
  'bind-sva': BIND,
  'unbind-sva': UNBIND,
  'attach-pasid': BIND,
  'detach-pasid': UNBIND,
  'replace-pasid': REFUSED,
  'attach-rid': ATTACH_RID,
  'detach-rid': [
    'refuse-under-pasids',
    ...BLOCK_RID,
    'drop-reporting',
    'await-reporting',
    ...LEAVE_RID,
  ],
  'replace-rid': [
    'refuse-under-pasids',
    'allocate-handle',
    'get-domain',
    ...BLOCK_RID,
    'drop-old-reporting',
    ...ENTER_RID,
  ],
  // Left on the list, where its unbind finds it: that owes the flush and the drain.
  'mm-release': ['lock-domain', 'block-entry', ...EMPTY_CACHES, 'unlock-domain'],
  'mm-invalidate': ['invalidate-iotlb', 'invalidate-device-tlb'],
};

/** Head written before an entry is handled. */
const PER_ENTRY: Partial<ReportRules> = { headMovesPerPass: false };

export const AMD: Driver = {
  ...VTD,
  name: 'amd',
  operations: OPERATIONS,
  rules: { ...REPAIRED, ...PER_ENTRY },
  traits: AMD_TRAITS,
};

/** Nothing of a PASID is drained or flushed; after an overflow the partials stay; a function forgets its PASIDs. */
export const AMD_7_3: Driver = {
  ...AMD,
  name: 'amd@7.3',
  operations: {
    ...OPERATIONS,
    'unbind-sva': UNBIND_7_3,
    'detach-pasid': UNBIND_7_3,
    'mm-release': [
      'lock-domain',
      'block-entry',
      ...EMPTY_CACHES,
      'untrack-pasid-if-present',
      'unlock-domain',
    ],
    'detach-rid': [
      'flush-workqueue',
      'drop-reporting',
      'await-reporting',
      ...BLOCK_RID_7_3,
      ...LEAVE_RID,
    ],
    'replace-rid': [
      'allocate-handle',
      'get-domain',
      'flush-workqueue',
      'drop-old-reporting',
      ...BLOCK_RID_7_3,
      ...ENTER_RID,
    ],
  },
  rules: { ...LINUX_7_3, ...PER_ENTRY, discardOnOverflow: false },
  traits: AMD_TRAITS_7_3,
  defects: [COOKIES_WITHOUT_USE.id],
};
