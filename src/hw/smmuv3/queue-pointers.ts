/**
 * Queue pointers: the PROD and CONS registers of an SMMU queue: an index, a wrap bit above it, an overflow flag on top.
 *
 *   31 overflow flag   ... | log2size: wrap | log2size-1:0 index
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Circular queues".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, queue_full(), queue_empty(), queue_inc_cons(),
 *         queue_sync_prod_in().
 * Units:  registers are 32-bit words, here unsigned numbers; `log2size` counts bits of index.
 * Policy: the flags differ while an overflow is unacknowledged; software acknowledges by copying it. What was lost
 *         is never recovered.
 */
const OVERFLOW = 2 ** 31;

export type QueuePointers = {
  readonly prod: number;
  readonly cons: number;
  readonly log2size: number;
};

const withoutFlag = (pointer: number): number => pointer % OVERFLOW;
const flagOf = (pointer: number): number => pointer - withoutFlag(pointer);

export const queueIndex = (pointer: number, log2size: number): number =>
  withoutFlag(pointer) % 2 ** log2size;
const wrapOf = (pointer: number, log2size: number): number =>
  Math.floor(withoutFlag(pointer) / 2 ** log2size) % 2;

export const queueIsEmpty = ({ prod, cons, log2size }: QueuePointers): boolean =>
  queueIndex(prod, log2size) === queueIndex(cons, log2size) &&
  wrapOf(prod, log2size) === wrapOf(cons, log2size);

export const queueIsFull = ({ prod, cons, log2size }: QueuePointers): boolean =>
  queueIndex(prod, log2size) === queueIndex(cons, log2size) &&
  wrapOf(prod, log2size) !== wrapOf(cons, log2size);

/** Whether entries were lost since the last acknowledgement. */
export const queueHasOverflowed = ({ prod, cons }: QueuePointers): boolean =>
  flagOf(prod) !== flagOf(cons);

/** One entry further, over the end into the next lap; the overflow flag stays. */
export const advanced = (pointer: number, log2size: number): number =>
  flagOf(pointer) + ((withoutFlag(pointer) + 1) % 2 ** (log2size + 1));

/** Hardware: an entry met a full queue. Once flagged it stays so until acknowledged. */
export const overflowed = (pointers: QueuePointers): QueuePointers =>
  queueHasOverflowed(pointers)
    ? pointers
    : { ...pointers, prod: (pointers.prod + OVERFLOW) % 2 ** 32 };

/** Software: takes over the flag with the next write of CONS. */
export const acknowledged = ({ prod, cons, log2size }: QueuePointers): QueuePointers => ({
  prod,
  cons: flagOf(prod) + withoutFlag(cons),
  log2size,
});
