/**
 * Page-table entry: eight bytes as two words, of which the low one carries all that is contended.
 *
 *   lo  31:12 frame   6 dirty   5 accessed   2 user   1 write   0 present
 *   hi  31 execute-disable
 *
 * Spec:  Intel 64 SDM, "4-Level Paging"; Intel VT-d, "First-Stage Paging Entries" (same format).
 * Units: a frame is a physical address >> 12 in a space below 4 GiB, hence 20 bits in the low word.
 */
export const ENTRY_PRESENT = 1 << 0;
export const ENTRY_WRITE = 1 << 1;
export const ENTRY_USER = 1 << 2;
export const ENTRY_ACCESSED = 1 << 5;
export const ENTRY_DIRTY = 1 << 6;
/** High word. */
export const ENTRY_EXECUTE_DISABLE = 1 << 31;

/** What a change of protection replaces in the low word. */
export const ENTRY_PERMISSIONS = ENTRY_WRITE | ENTRY_USER;
/** What an upper-level entry grants: everything; leaves restrict. */
export const TABLE_ENTRY_BITS = ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER | ENTRY_ACCESSED;

export const ENTRY_FRAME_SHIFT = 12;
export const ENTRY_FLAGS_MASK = (1 << ENTRY_FRAME_SHIFT) - 1;

export const entryFrame = (lo: number): number => lo >>> ENTRY_FRAME_SHIFT;
/** A low word; caller's duty: `frame` fits 20 bits. */
export const entryOf = (frame: number, flags: number): number =>
  (frame << ENTRY_FRAME_SHIFT) | flags;
