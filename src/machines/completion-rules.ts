/**
 * Completion rules: where a submitter tests, numbers and waits for the completion of what it queued.
 *
 * Kernel: drivers/iommu/amd/iommu.c, iommu_completion_wait(). The name after each field is its entry in the catalogue.
 */
export type CompletionRules = {
  /** amd-completion-wait-early: "nothing to sync" is tested under the lock, and then the last store is awaited. */
  readonly testsUnderLock: boolean;
  /** amd-sequence-out-of-order: a number is taken and queued in one critical section. */
  readonly numbersUnderLock: boolean;
  /** amd-wait-under-lock: the lock is dropped before hardware is waited for. */
  readonly waitsUnlocked: boolean;
};

/** With the three defects repaired. */
export const ORDERLY: CompletionRules = {
  testsUnderLock: true,
  numbersUnderLock: true,
  waitsUnlocked: true,
};
