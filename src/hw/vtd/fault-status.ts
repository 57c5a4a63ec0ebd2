/**
 * VT-d fault status: why the invalidation queue stopped, and whose invalidation it was.
 *
 * Spec:   Intel VT-d, "Fault Status Register", "Invalidation Queue Error Record Register".
 * Kernel: drivers/iommu/intel/iommu.h, DMA_FSTS_IQE, DMA_FSTS_ICE, DMA_FSTS_ITE, DMAR_IQER_REG_ITESID().
 *
 * With IQE or ITE set hardware fetches no descriptor; software writes the bit back to clear it.
 */
import { bitLayout, bits } from '../bit-layout.ts';

/** A descriptor that is none stands at the head. */
export const FSTS_IQE = 1 << 4;
/** A completion arrived that no invalidation waits for. */
export const FSTS_ICE = 1 << 5;
/** A function didn't complete an invalidation in time: the waits that were fetched are aborted. */
export const FSTS_ITE = 1 << 6;

/** Of the error record. */
export const INVALIDATION_ERROR = bitLayout(8, {
  info: bits(3, 0),
  timeoutSource: bits(47, 32),
  completionSource: bits(63, 48),
});

/** The queue stands still. */
export const FSTS_STOPPED = FSTS_IQE | FSTS_ITE;
