/**
 * Drivers that flush a PASID alone: a repaired driver whose detach waits for the groups of its own attach handle.
 *
 * Kernel: none; drivers/iommu/io-pgfault.c, iopf_queue_flush_dev(), flushes the queue of a whole unit, with the work of
 *         all its devices in it.
 *
 * An attach handle counts the groups that its handler has queued as work, up where the work is queued and down where
 * the group is answered, both under the fault parameter's lock. A handler that queues no work, as a fault file's, is
 * never counted: its groups may wait for a user for ever, and are answered in its place.
 */
import type { Driver } from './driver.ts';
import { replacing } from './quirk.ts';

/** What the names of these drivers end in. */
export const PASID_FLUSH = '@pasid-flush';

/** The driver, its whole-queue flush replaced in every list. */
export const flushingItsGroups = (driver: Driver): Driver => ({
  ...replacing('flush-workqueue', 'flush-groups')(driver),
  name: `${driver.name}${PASID_FLUSH}`,
});
