/** Limits of hardware and of a run. Counts unless a unit is named. */

export const DEVICES_MAX = 64;
export const PASIDS_MAX = 1024;
export const WORKERS_MAX = 16;
export const PRG_INDICES = 512;
/** Entries of the VT-d page request queue as Linux sets it up: PQS = 4, 64 KiB of 32 bytes. */
export const PRQ_ENTRIES = 2048;
/** Entries of the VT-d invalidation queue. */
export const QI_ENTRIES = 256;
/** PRI allocation Linux asks for (intel: PRQ_DEPTH); the function grants at most its capacity. */
export const PRI_ALLOCATION_MAX = 2048;
/** Requests a device of ours puts into one group. */
export const GROUP_PAGES_MAX = 32;
/** VMAs one address space may hold. */
export const VMAS_MAX = 512;
export const PAGE_BYTES = 4096;
