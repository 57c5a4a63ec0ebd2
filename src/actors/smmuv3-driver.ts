/**
 * SMMUv3 driver: as Linux 7.3 has it, and with its known defects repaired.
 *
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_attach_prepare(), arm_smmu_attach_commit(),
 *         arm_smmu_remove_dev_pasid(), arm_smmu_evtq_thread(); arm-smmu-v3-sva.c, arm_smmu_mm_release().
 *
 * The entry of a PASID is its context descriptor, that of a function its stream table entry; both are written whole,
 * also over a present one. Faults are stalled transactions, each a group of its own: there are no partial requests.
 *
 * Hardware has no drain, and 7.3 has none in software either. What the repair rests on: an invalid descriptor and its
 * sync stop new stalls, and those there were are in the event queue.
 */
import type { OperationStep } from '../machines/operation-steps.ts';
import { LINUX_7_3, REPAIRED, type ReportRules } from '../machines/report-rules.ts';
import type { Driver } from './driver.ts';
import { CONVERTED_TOLD_AS_DONE, COOKIES_WITHOUT_USE } from './part-quirks.ts';
import { SMMUV3_TRAITS } from './unit-traits.ts';
import { VTD } from './vtd-driver.ts';

/** The domain's invalidations go to the stream before it can cache anything. */
const ATTACH = [
  'allocate-handle',
  'reserve-slot',
  'get-domain',
  'track-pasid',
  'enable-reporting',
  'await-reporting',
  'program-entry',
  'invalidate-new-entry',
  'publish-handle',
] as const satisfies readonly OperationStep[];

const BLOCK = [
  'invalidate-pasid-cache',
  'zero-entry',
  'invalidate-device-tlb',
] as const satisfies readonly OperationStep[];

/** The event queue, then the thread that took an event out of it before handling it, then what it queued. */
const DRAIN = [
  'drain-ring',
  'synchronize-thread',
  'flush-workqueue',
] as const satisfies readonly OperationStep[];

const LEAVE = [
  'drop-reporting',
  'await-reporting',
  'invalidate-iotlb',
  'untrack-pasid',
  'erase-slot',
  'answer-invalid',
  'put-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];

/** The descriptor is cleared and its caches emptied whatever an exit has put in its place. */
const DETACH = [
  'block-entry-owing-flush',
  ...BLOCK,
  ...DRAIN,
  ...LEAVE,
] as const satisfies readonly OperationStep[];
const DETACH_7_3 = [
  'block-entry-owing-flush',
  ...BLOCK,
  ...LEAVE,
] as const satisfies readonly OperationStep[];

const ENTER = [
  'allocate-handle',
  'get-domain',
  'track-pasid',
  'enable-reporting',
  'await-reporting',
] as const satisfies readonly OperationStep[];
const FREE_OLD = [
  'untrack-old-pasid',
  'answer-invalid',
  'put-old-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];

/** Nothing stalls between the drain and the new descriptor: that is when the handle changes hands. */
const REPLACE = [
  ...ENTER,
  'block-entry-owing-flush',
  ...BLOCK,
  ...DRAIN,
  'drop-old-reporting',
  'replace-handle',
  'program-entry',
  'invalidate-new-entry',
  'invalidate-iotlb',
  ...FREE_OLD,
] as const satisfies readonly OperationStep[];
/** The present descriptor is written over: no access fails meanwhile, and stalls of both domains meet. */
const REPLACE_7_3 = [
  ...ENTER,
  'rewrite-entry',
  'invalidate-pasid-cache',
  'invalidate-device-tlb',
  'drop-old-reporting',
  'invalidate-iotlb',
  'replace-handle',
  ...FREE_OLD,
] as const satisfies readonly OperationStep[];

const OPERATIONS: Driver['operations'] = {
  'bind-sva': ATTACH,
  'unbind-sva': ['await-release', ...DETACH],
  'attach-pasid': ATTACH,
  'detach-pasid': DETACH,
  'replace-pasid': REPLACE,
  'attach-rid': ATTACH,
  'detach-rid': DETACH,
  'replace-rid': REPLACE,
  // A descriptor through which every access faults, unrecorded, takes the place of the process's.
  'mm-release': [
    'mark-fault-disabled',
    'invalidate-pasid-cache',
    'invalidate-iotlb',
    'invalidate-device-tlb',
  ],
  'mm-invalidate': ['invalidate-iotlb', 'invalidate-device-tlb'],
};

/** CONS moves over an event before it is handled; no partial requests, so none to discard. */
const PER_EVENT: Partial<ReportRules> = { headMovesPerPass: false, discardOnOverflow: false };

export const SMMUV3: Driver = {
  ...VTD,
  name: 'smmuv3',
  unit: 'smmuv3',
  operations: OPERATIONS,
  rules: { ...REPAIRED, ...PER_EVENT },
  traits: SMMUV3_TRAITS,
};

/** No event is waited for, no queue flushed. */
export const SMMUV3_7_3: Driver = {
  ...SMMUV3,
  name: 'smmuv3@7.3',
  operations: {
    ...OPERATIONS,
    'unbind-sva': DETACH_7_3,
    'detach-pasid': DETACH_7_3,
    'replace-pasid': REPLACE_7_3,
    'detach-rid': DETACH_7_3,
    'replace-rid': REPLACE_7_3,
  },
  rules: { ...LINUX_7_3, ...PER_EVENT },
  defects: [COOKIES_WITHOUT_USE.id, CONVERTED_TOLD_AS_DONE.id],
};
