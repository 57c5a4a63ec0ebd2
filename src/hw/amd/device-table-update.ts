/**
 * Device table update: in which order the two atomic halves of an entry change, and where the unit is told.
 *
 * Spec:   AMD IOMMU Specification, "Making Device Table Entry Changes".
 * Kernel: drivers/iommu/amd/iommu.c, update_dte256(), write_dte_upper128(), write_dte_lower128().
 * Policy: a flush is INVALIDATE_DEVTAB_ENTRY and its completion wait; clearing the function's own translations and
 *         doing the same for its aliases comes after, and is the caller's.
 */
import type { DeviceTableEntry } from './device-table-entry.ts';

/** `lower` holds V, TV and all the modes; `upper` the guest paging mode and interrupt remapping. */
export type UpdateStep = 'write-upper' | 'write-lower' | 'clear-lower' | 'flush';

const UPPER_FIRST: readonly UpdateStep[] = ['write-upper', 'write-lower', 'flush'];
const LOWER_FIRST: readonly UpdateStep[] = ['write-lower', 'write-upper', 'flush'];
const CLEARED_BETWEEN: readonly UpdateStep[] = ['clear-lower', 'flush', ...UPPER_FIRST];
const LOWER_ALONE: readonly UpdateStep[] = ['write-lower', 'flush'];

/** Hardware must at no instant see a half that means something else beside the other. */
export function updateSteps(from: DeviceTableEntry, to: DeviceTableEntry): readonly UpdateStep[] {
  if (!from.valid) return UPPER_FIRST;
  if (!to.valid) return LOWER_FIRST;
  if (from.guest === undefined) return UPPER_FIRST;
  if (to.guest === undefined) return LOWER_FIRST;
  return from.guest.fiveLevel === to.guest.fiveLevel ? LOWER_ALONE : CLEARED_BETWEEN;
}
