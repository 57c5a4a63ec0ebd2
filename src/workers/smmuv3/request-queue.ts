/**
 * SMMU request queue: the passes of the PRQ thread over the event queue.
 *
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_evtq_thread(), arm_smmu_handle_event().
 * Actor:  the PRQ thread's own.
 *
 * CONS moves over an event before it is handled, so an empty queue doesn't mean that nothing is in hand. A pass ends
 * at the PROD it began with, where the kernel's goes on until the queue is empty: what has come since is the next.
 * An overflow is acknowledged and that is all: what was lost is lost, and there are no partial requests.
 */
import { word } from '../../core/words.ts';
import {
  eventAccess,
  eventId,
  eventPasid,
  eventPfnHigh,
  eventPfnLow,
  eventStallTag,
  eventStream,
  HANDLED_EVENTS,
} from '../../hw/smmuv3/event-entry.ts';
import { type EventQueue, eventQueue } from '../../hw/smmuv3/event-queue.ts';
import { ridDevice } from '../requester.ts';
import { HIDDEN } from '../storm-layout.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { FaultReports, RequestQueue } from '../unit-seams.ts';

const LAST = true;
/** By event number, whether Linux looks into it. */
const IS_HANDLED = new Uint8Array(256);
for (const id of Object.values(HANDLED_EVENTS)) IS_HANDLED[id] = 1;

export class SmmuRequestQueue implements RequestQueue {
  readonly #queue: EventQueue;
  readonly #hidden: Int32Array;
  readonly #devices: number;

  constructor({ ring, hidden, sizes }: StormMemory) {
    this.#queue = eventQueue(ring, 0, sizes.ringEntries);
    this.#hidden = hidden;
    this.#devices = sizes.devices;
  }

  isPending(): boolean {
    return !this.#queue.isEmpty() || this.#queue.isOverflowed();
  }

  pass(reports: FaultReports): number {
    const queue = this.#queue;
    const prod = queue.prod();
    let events = 0;
    for (let cons = queue.cons(); cons !== prod; cons = queue.after(cons)) {
      this.#event(cons, reports);
      events += 1;
    }
    reports.publish();
    if (queue.isOverflowed()) queue.acknowledge();
    return events + 1;
  }

  #event(pointer: number, reports: FaultReports): void {
    const queue = this.#queue;
    const { words } = queue;
    const at = queue.wordOf(pointer);
    const event = eventId(words, at);
    const device = ridDevice(eventStream(words, at));
    const pasid = eventPasid(words, at);
    const stallTag = eventStallTag(words, at);
    const low = eventPfnLow(words, at);
    const highAndAccess = eventPfnHigh(words, at) | (eventAccess(words, at) << 20);
    const hidden = queue.indexOf(pointer) * HIDDEN.words;
    const id = word(this.#hidden, hidden + HIDDEN.id);
    const owner = word(this.#hidden, hidden + HIDDEN.owner);
    queue.retire();

    // Logged, and that is all: an event Linux doesn't look into, a terminated access, a stream it doesn't know.
    if (IS_HANDLED[event] !== 1 || stallTag < 0 || device < 0 || device >= this.#devices) return;
    reports.report(device, pasid, stallTag, LAST, low, highAndAccess, id, owner);
  }
}
