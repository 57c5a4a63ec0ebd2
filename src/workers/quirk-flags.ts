/**
 * Quirk flags: what a driver's rules change inside the data plane, one bit a rule.
 *
 * Kernel: drivers/iommu/io-pgfault.c, drivers/iommu/intel/prq.c. Set by the driver, read by every thread.
 */

/** Partials join a group by index alone, whatever their PASID (7.3). */
export const MATCH_PARTIALS_BY_INDEX = 1 << 0;
/** A request without a handler is answered INVALID even when it isn't the last of its group (7.3). */
export const ANSWER_PARTIALS_WITHOUT_HANDLER = 1 << 1;
/** After an overflow the partial requests stay: they would join a later group of their index. */
export const KEEP_PARTIALS_ON_OVERFLOW = 1 << 2;
/** A group is answered while it still is on the pending list, and unlinked later. */
export const ANSWER_BEFORE_UNLINK = 1 << 3;
/** A rejected last request leaves the earlier requests of its group behind (7.3). */
export const REJECT_STRANDS_PARTIALS = 1 << 4;
/** A request that the driver refuses is answered even when it isn't the last of its group (7.3, AMD). */
export const ANSWER_REFUSED_PARTIALS = 1 << 5;
/** A stop marker is reported like a request (7.3, AMD). */
export const REPORT_STOP_MARKERS = 1 << 6;
/** A failure goes out as Linux's own 2, which is no code of PCIe's (7.3). */
export const SEND_FAILURE_AS_TWO = 1 << 7;
/** It is noted where in the queues the last group of each attach handle is, for a detach that waits for those alone. */
export const NOTE_LAST_GROUPS = 1 << 8;
