/**
 * Queue fill: how full the request queue of a unit is, for whoever watches.
 */
import { pageRequestLog } from '../hw/amd/page-request-log.ts';
import { eventQueue } from '../hw/smmuv3/event-queue.ts';
import { pageRequestRing } from '../hw/vtd/page-request-ring.ts';
import type { StormMemory } from './storm-memory.ts';

export type QueueFill = {
  /** Entries it can hold. */
  readonly capacity: number;
  /** Entries that are in it now. */
  readonly pending: () => number;
};

export function queueFill(memory: StormMemory): QueueFill {
  const { capacity, room } = queueOf(memory);
  return { capacity, pending: () => capacity - room() };
}

function queueOf({ unit, ring, sizes: { ringEntries } }: StormMemory) {
  switch (unit) {
    case 'vtd':
      return pageRequestRing(ring, 0, ringEntries);
    case 'amd':
      return pageRequestLog(ring, 0, ringEntries);
    case 'smmuv3':
      return eventQueue(ring, 0, ringEntries);
  }
}
