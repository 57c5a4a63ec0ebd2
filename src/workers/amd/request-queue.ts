/**
 * AMD request queue: the passes of the PRQ thread over the PPR log.
 *
 * Kernel: drivers/iommu/amd/iommu.c, amd_iommu_handle_irq(); ppr.c, amd_iommu_poll_ppr_log(),
 *         iommu_call_iopf_notifier(), amd_iommu_restart_ppr_log().
 * Actor:  the PRQ thread's own.
 *
 * The order is the kernel's: clear the status bits, read head and tail once, and for each entry: copy, erase, write
 * the head, then handle. So an empty log doesn't mean that nothing is in hand. An overflow ends in a restart of the
 * log, which keeps head and tail.
 */
import { invariant } from '../../core/invariant.ts';
import { RESPONSE_CODE, WIRE_RESPONSE_FAILURE } from '../../core/page-request.ts';
import { word } from '../../core/words.ts';
import { ACCESS_READ, ACCESS_WRITE } from '../../hw/access.ts';
import {
  type PageRequestLog,
  PPR_INT,
  PPR_OVERFLOW,
  pageRequestLog,
} from '../../hw/amd/page-request-log.ts';
import {
  logEntryAccess,
  logEntryDevice,
  logEntryHasReservedBit,
  logEntryIsLast,
  logEntryIsRequest,
  logEntryPasid,
  logEntryPfnHigh,
  logEntryPfnLow,
  logEntryTag,
} from '../../hw/amd/page-request-log-entry.ts';
import {
  ANSWER_REFUSED_PARTIALS,
  REPORT_STOP_MARKERS,
  SEND_FAILURE_AS_TWO,
} from '../quirk-flags.ts';
import { ridDevice } from '../requester.ts';
import { controlWord } from '../role.ts';
import { CONTROL, HIDDEN } from '../storm-layout.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { FaultReports, RequestQueue } from '../unit-seams.ts';

/** A last request that asks for neither is a stop marker. */
const ASKS = ACCESS_READ | ACCESS_WRITE;

export class AmdRequestQueue implements RequestQueue {
  readonly #log: PageRequestLog;
  readonly #hidden: Int32Array;
  readonly #mask: number;
  readonly #devices: number;
  readonly #pasidsMax: number;
  readonly #answersPartials: boolean;
  readonly #reportsStopMarkers: boolean;
  /** The code by which a function hears of a failure. */
  readonly #failure: number;

  constructor({ ring, hidden, sizes, control }: StormMemory) {
    const quirks = word(control, controlWord(CONTROL.quirks));
    this.#log = pageRequestLog(ring, 0, sizes.ringEntries);
    this.#hidden = hidden;
    this.#mask = sizes.ringEntries - 1;
    this.#devices = sizes.devices;
    this.#pasidsMax = sizes.pasidSpace;
    this.#answersPartials = (quirks & ANSWER_REFUSED_PARTIALS) !== 0;
    this.#reportsStopMarkers = (quirks & REPORT_STOP_MARKERS) !== 0;
    this.#failure =
      (quirks & SEND_FAILURE_AS_TWO) !== 0 ? RESPONSE_CODE.failure : WIRE_RESPONSE_FAILURE;
  }

  isPending(): boolean {
    return (this.#log.status() & (PPR_INT | PPR_OVERFLOW)) !== 0;
  }

  pass(reports: FaultReports): number {
    const log = this.#log;
    const status = log.takeStatus();
    const head = log.head();
    const tail = log.tail();
    for (let count = head; count !== tail; count = (count + 1) | 0) {
      // Hardware may interrupt first and write later, and Linux waits; ours writes first.
      invariant(
        log.isWritten(count),
        () => `entry ${count} of the log was announced and is not written`,
      );
      this.#entry(count, reports);
    }
    reports.publish();
    if ((status & PPR_OVERFLOW) !== 0) {
      reports.overflowed();
      log.restart();
    }
    return ((tail - head) | 0) + 1;
  }

  #entry(count: number, reports: FaultReports): void {
    const log = this.#log;
    const { words } = log;
    const at = log.wordOf(count);
    const isRequest = logEntryIsRequest(words, at);
    const device = ridDevice(logEntryDevice(words, at));
    const pasid = logEntryPasid(words, at);
    const tag = logEntryTag(words, at);
    const last = logEntryIsLast(words, at);
    const low = logEntryPfnLow(words, at);
    const access = logEntryAccess(words, at);
    const highAndAccess = logEntryPfnHigh(words, at) | (access << 20);
    const reserved = logEntryHasReservedBit(words, at);
    const hidden = (count & this.#mask) * HIDDEN.words;
    const id = word(this.#hidden, hidden + HIDDEN.id);
    const owner = word(this.#hidden, hidden + HIDDEN.owner);
    log.retire();

    if (!isRequest || device < 0 || device >= this.#devices) return; // nobody answers
    if (reserved || pasid <= 0 || pasid >= this.#pasidsMax) {
      if (last) reports.reject(device, pasid, tag, id, this.#failure);
      else if (this.#answersPartials) reports.answer(device, pasid, tag, id, this.#failure);
    } else if (!last || (access & ASKS) !== 0 || this.#reportsStopMarkers) {
      reports.report(device, pasid, tag, last, low, highAndAccess, id, owner);
    }
  }
}
