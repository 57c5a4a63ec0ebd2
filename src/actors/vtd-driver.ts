/**
 * VT-d driver with the known defects of Linux 7.3 repaired: the default of storms and explorations.
 *
 * Kernel: drivers/iommu/intel/pasid.c, intel_pasid_tear_down_entry(); prq.c, intel_iommu_drain_pasid_prq();
 *         iommu.c, blocking_domain_set_dev_pasid(), intel_iommu_set_dev_pasid(); svm.c, intel_mm_release().
 *
 * Where it differs from 7.3, a quirk of quirks.ts puts the difference back; `vtd@7.3` has them all on.
 */
import { LIFETIME_7_3 } from '../machines/lifetime-rules.ts';
import type { OperationStep } from '../machines/operation-steps.ts';
import { REPAIRED } from '../machines/report-rules.ts';
import type { Driver } from './driver.ts';
import { VTD_TRAITS } from './unit-traits.ts';

/** Entry blocked, caches emptied, then the three places a request can still be: ring, workqueue, hardware. */
const TEAR_DOWN = [
  'block-entry-owing-drain',
  'invalidate-pasid-cache',
  'invalidate-iotlb',
  'invalidate-device-tlb',
  'zero-entry',
  'drain-ring',
  'flush-workqueue',
  'drain-hardware',
  'discard-partials',
] as const satisfies readonly OperationStep[];

/** The handle is published only after the hardware has switched. */
const ATTACH = [
  'allocate-handle',
  'reserve-slot',
  'get-domain',
  'track-pasid',
  'enable-reporting',
  'await-reporting',
  'program-entry',
  'publish-handle',
] as const satisfies readonly OperationStep[];

/** Drained before fault reporting is dropped, answered before the slot goes, freed last. */
const DETACH = [
  ...TEAR_DOWN,
  'drop-reporting',
  'await-reporting',
  'untrack-pasid',
  'erase-slot',
  'answer-invalid',
  'put-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];

/** Nothing is sent between the drain and the new entry: that is when the handle changes hands. */
const REPLACE = [
  'allocate-handle',
  'get-domain',
  'track-pasid',
  'enable-reporting',
  'await-reporting',
  ...TEAR_DOWN,
  'drop-old-reporting',
  'replace-handle',
  'program-entry',
  'untrack-old-pasid',
  'answer-invalid',
  'put-old-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];

export const VTD: Driver = {
  name: 'vtd',
  operations: {
    'bind-sva': ATTACH,
    'unbind-sva': ['await-release', ...DETACH],
    'attach-pasid': ATTACH,
    'detach-pasid': DETACH,
    'replace-pasid': REPLACE,
    'attach-rid': ATTACH,
    'detach-rid': DETACH,
    'replace-rid': REPLACE,
    'mm-release': [
      'block-entry-owing-flush',
      'invalidate-pasid-cache',
      'invalidate-iotlb',
      'invalidate-device-tlb',
      'mark-fault-disabled',
    ],
    'mm-invalidate': ['invalidate-iotlb', 'invalidate-device-tlb'],
  },
  rules: REPAIRED,
  lifetime: LIFETIME_7_3,
  traits: VTD_TRAITS,
  unlinksBeforeAnswer: true,
  groupsCounted: 'until-freed',
  defects: [],
};
