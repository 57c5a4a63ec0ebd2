/**
 * Lifetime rules: the points where Linux 7.3 and an older kernel differ in how long address spaces, bonds and their
 * helpers live.
 *
 * Kernel: drivers/iommu/iommu-sva.c; kernel/fork.c; mm/mmu_notifier.c; mm/pgtable-generic.c;
 *         drivers/iommu/amd/iommu_v2.c before its removal.
 *
 * As with report rules, the name after each field is its entry in the race catalogue.
 */

export type LifetimeRules = {
  /** sva-unbind-uses-freed-mm-data: an unbind is done with the address space's data before it frees its domain. */
  readonly readsMmDataFirst: boolean;
  /** sva-handle-published-uninitialised: a bond has its device before the lock is dropped. */
  readonly setsBondDeviceUnderLock: boolean;
  /** pasid-freed-at-mmput: what a PASID goes back with. */
  readonly pasidEndsWith: 'structure' | 'users';
  /** mm-users-cycle: what a bond holds of its address space. */
  readonly bondHolds: 'structure' | 'users';
  /** kernel-va-table-freed: freed pages of kernel tables wait for the IOMMUs to forget them. */
  readonly flushesKernelTables: boolean;
  /** mmu-interval-remove: a removal looks for the end of an invalidation under the lock. */
  readonly removalLooksUnderLock: boolean;
  /** iopf-report-vs-device-release: a release takes the lock under which requests are looked up and reported. */
  readonly releaseWaitsForReport: boolean;
  /** iopf-off-while-pasid-needs-it: fault reporting goes off with its last user, not with the first that leaves. */
  readonly countsReportingUsers: boolean;
  /** amd-v2-check-then-queue: work is queued under the lock that guards the mark it was checked against. */
  readonly queuesUnderLock: boolean;
  /** amd-v2-waker-touches-freed: the last put wakes the waiter before it drops the lock. */
  readonly wakesUnderLock: boolean;
};

/** Linux 7.3.4 as it is, and the repair of the removed driver. */
export const LIFETIME_7_3: LifetimeRules = {
  readsMmDataFirst: true,
  setsBondDeviceUnderLock: true,
  pasidEndsWith: 'structure',
  bondHolds: 'structure',
  flushesKernelTables: true,
  removalLooksUnderLock: true,
  releaseWaitsForReport: true,
  countsReportingUsers: true,
  queuesUnderLock: true,
  wakesUnderLock: true,
};
