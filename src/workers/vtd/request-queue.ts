/**
 * VT-d request queue: the passes of the PRQ thread over the page request queue.
 *
 * Kernel: drivers/iommu/intel/prq.c, prq_event_thread().
 * Actor:  the PRQ thread's own.
 *
 * The order is the kernel's: acknowledge, read tail and head, handle every entry between them, move the head once
 * over the whole pass, look at the overflow.
 */
import { RESPONSE_CODE } from '../../core/page-request.ts';
import { word } from '../../core/words.ts';
import {
  REQUEST_EPOCH_WORD,
  REQUEST_ID_WORD,
  requestAccess,
  requestIsLast,
  requestIsStopMarker,
  requestPasid,
  requestPfnHigh,
  requestPfnLow,
  requestPrgIndex,
  requestRid,
} from '../../hw/vtd/page-request-descriptor.ts';
import { type PageRequestRing, pageRequestRing } from '../../hw/vtd/page-request-ring.ts';
import { ridDevice } from '../requester.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { FaultReports, RequestQueue } from '../unit-seams.ts';
import { isBadRequest } from './bad-request.ts';

export class VtdRequestQueue implements RequestQueue {
  readonly #ring: PageRequestRing;
  readonly #devices: number;

  constructor({ ring, sizes }: StormMemory) {
    this.#ring = pageRequestRing(ring, 0, sizes.ringEntries);
    this.#devices = sizes.devices;
  }

  isPending(): boolean {
    return this.#ring.status() !== 0;
  }

  pass(reports: FaultReports): number {
    const ring = this.#ring;
    ring.acknowledge();
    const tail = ring.tail();
    const head = ring.head();
    for (let count = head; count !== tail; count = (count + 1) | 0) {
      this.#entry(ring.wordOf(count), reports);
    }
    reports.publish();
    ring.advance(tail);
    if (ring.isOverflowed() && ring.tail() === ring.head()) {
      // Only then may hardware go on.
      reports.overflowed();
      ring.clearOverflow();
    }
    return ((tail - head) | 0) + 1;
  }

  #entry(at: number, reports: FaultReports): void {
    const { words } = this.#ring;
    const pasid = requestPasid(words, at);
    const index = requestPrgIndex(words, at);
    const id = word(words, at + REQUEST_ID_WORD);
    const last = requestIsLast(words, at);
    const access = requestAccess(words, at);
    const high = requestPfnHigh(words, at);
    const device = ridDevice(requestRid(words, at));
    if (isBadRequest(access, high) || device < 0 || device >= this.#devices) {
      if (last) reports.reject(device, pasid, index, id, RESPONSE_CODE.invalid);
      return;
    }
    if (requestIsStopMarker(words, at)) return;
    reports.report(
      device,
      pasid,
      index,
      last,
      requestPfnLow(words, at),
      high | (access << 20),
      id,
      word(words, at + REQUEST_EPOCH_WORD),
    );
  }
}
