/**
 * Notifier styles: what each driver does when pages go, when the address space ends, and when the domain goes.
 *
 * Kernel: drivers/iommu/intel/svm.c, intel_mmuops; amd/pasid.c, sva_mn; arm/arm-smmu-v3/arm-smmu-v3-sva.c,
 *         arm_smmu_mmu_notifier_ops; mm/mmu_notifier.c.
 *
 * A row is a list of operation steps, run for each (device, PASID) of the domain. Who removes with `put` frees the
 * domain after a grace period; who removes with `unregister` waits for it and has its release called if the notifier
 * is still linked.
 */
import { invariant } from '../core/invariant.ts';
import type { MmNotifierEvent } from '../machines/mm-notifier.ts';
import type { OperationStep } from '../machines/operation-steps.ts';
import type { UnitKind } from '../workers/unit-kind.ts';
import { SMMUV3 } from './smmuv3-driver.ts';
import { VTD } from './vtd-driver.ts';

export type NotifierAction =
  | {
      readonly kind: 'steps';
      readonly sentence: string;
      readonly steps: readonly OperationStep[];
    }
  | { readonly kind: 'free-domain'; readonly sentence: string }
  | { readonly kind: 'nothing'; readonly sentence: string };

export type NotifierStyle = {
  readonly driver: UnitKind;
  /** How the domain gets rid of its notifier. */
  readonly removal: 'put' | 'unregister';
  /** A flush from 0 to the very end empties everything; otherwise it is a range like any other. */
  readonly knowsEverything: boolean;
  /** After the CPU's TLB flush, under spinlocks: it must not sleep. */
  readonly invalidate: NotifierAction;
  readonly release: NotifierAction;
  /** From the grace period's end. */
  readonly freeNotifier: NotifierAction;
};

/** First page frame past every address: a flush that starts at 0 and ends here means all. */
export const EVERY_PAGE_END = 2 ** 52;

export const NOTIFIER_STYLES: readonly NotifierStyle[] = [
  {
    driver: 'vtd',
    removal: 'put',
    knowsEverything: true,
    invalidate: {
      kind: 'steps',
      sentence: 'flushes the range through the cache tags of the domain',
      steps: VTD.operations['mm-invalidate'],
    },
    release: {
      kind: 'steps',
      sentence: 'makes each entry non-present, marked as owing a drain; caches flushed, no drain',
      steps: VTD.operations['mm-release'],
    },
    freeNotifier: { kind: 'free-domain', sentence: 'frees the domain' },
  },
  {
    driver: 'amd',
    removal: 'unregister',
    knowsEverything: false,
    invalidate: {
      kind: 'steps',
      sentence: 'flushes the range of the PASID on each device',
      steps: ['invalidate-iotlb', 'invalidate-device-tlb'],
    },
    release: {
      kind: 'steps',
      sentence: 'zeroes each GCR3 entry, flushes the PASID, unlinks the device from the domain',
      steps: ['zero-entry', 'invalidate-iotlb', 'invalidate-device-tlb', 'untrack-pasid'],
    },
    freeNotifier: { kind: 'nothing', sentence: 'not used: unregister has waited already' },
  },
  {
    driver: 'smmuv3',
    removal: 'put',
    knowsEverything: false,
    invalidate: {
      kind: 'steps',
      sentence: 'flushes the range of the ASID, and of each ATC',
      steps: ['invalidate-iotlb', 'invalidate-device-tlb'],
    },
    release: {
      kind: 'steps',
      steps: SMMUV3.operations['mm-release'],
      sentence:
        'writes a valid context descriptor that forbids walks (EPD0), invalidates the ASID; stalls off unless forced',
    },
    freeNotifier: { kind: 'free-domain', sentence: 'frees the domain' },
  },
];

/** The row of a kind of unit. */
export function notifierStyleOf(unit: UnitKind): NotifierStyle {
  const style = NOTIFIER_STYLES.find(({ driver }) => driver === unit);
  invariant(style !== undefined, `no driver of ${unit} has a notifier`);
  return style;
}

/** What a driver's domain sends its notifier when it goes. */
export const removalEvent = ({ removal }: NotifierStyle): MmNotifierEvent => ({
  type: `notifier.${removal}`,
});

/** What mm's flush of the frames from `start` up to, not including, `end` is to the notifier. */
export const invalidationEvent = (
  style: NotifierStyle,
  start: number,
  end: number,
): MmNotifierEvent =>
  style.knowsEverything && start === 0 && end === EVERY_PAGE_END
    ? { type: 'everything.invalidated' }
    : { type: 'range.invalidated', pfn: start, pages: end - start };
