/**
 * AMD request port: where page requests enter the PPR log, or are dropped when it is full.
 *
 * Spec:   AMD IOMMU Specification, "Peripheral Page Request Log"; after an overflow nothing is logged until restarted.
 * Actor:  the device thread's own.
 *
 * An entry has no bit to spare: the hidden words of request number n lie beside the log, at n of `hidden`.
 */
import { type PageRequestLog, pageRequestLog } from '../../hw/amd/page-request-log.ts';
import { writeLogEntryWords } from '../../hw/amd/page-request-log-entry.ts';
import { pfnHigh20Of, pfnLow32Of } from '../../hw/page-number.ts';
import { Bell } from '../bell.ts';
import { EVENT, type EventLog } from '../event-log.ts';
import { deviceRid } from '../requester.ts';
import { controlWord } from '../role.ts';
import { CONTROL, HIDDEN, THREAD } from '../storm-layout.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { MalformedRequest, RequestPort } from '../unit-seams.ts';
import { AMD_MALFORMED } from './malformed-requests.ts';

const NONE = -1;

export class AmdRequestPort implements RequestPort {
  readonly #log: PageRequestLog;
  readonly #hidden: Int32Array;
  readonly #mask: number;
  readonly #prqBell: Bell;
  readonly #control: Int32Array;
  readonly #events: EventLog;
  #ahead = 0;
  #room = 0;

  episodes = 0;
  readonly waiting = 0;
  readonly malformed = AMD_MALFORMED;

  constructor(memory: StormMemory, events: EventLog) {
    this.#log = pageRequestLog(memory.ring, 0, memory.sizes.ringEntries);
    this.#hidden = memory.hidden;
    this.#mask = memory.sizes.ringEntries - 1;
    this.#prqBell = new Bell(memory.bells, THREAD.prq);
    this.#control = memory.control;
    this.#events = events;
  }

  send(
    device: number,
    pasid: number,
    index: number,
    low: number,
    highAndAccess: number,
    last: boolean,
    id: number,
    owner: number,
  ): boolean {
    if (this.#room <= 0 && !this.#findRoom()) {
      this.#events.add(EVENT.dropped, device, index, pasid, id, last ? 1 : 0);
      return false;
    }
    const high = highAndAccess & 0x3ffff;
    const log = this.#log;
    writeLogEntryWords(
      log.words,
      log.entryWord(this.#ahead),
      deviceRid(device),
      pasid,
      index,
      pfnLow32Of(low, high),
      pfnHigh20Of(high),
      highAndAccess >>> 18,
      last,
    );
    const hidden = ((log.tail() + this.#ahead) & this.#mask) * HIDDEN.words;
    this.#hidden[hidden + HIDDEN.id] = id;
    this.#hidden[hidden + HIDDEN.owner] = owner;
    this.#ahead += 1;
    this.#room -= 1;
    return true;
  }

  sendMalformed(
    how: MalformedRequest,
    device: number,
    pasid: number,
    index: number,
    low: number,
    high: number,
    id: number,
    owner: number,
  ): boolean {
    const highAndAccess = (how.pfnHigh ?? high) | (how.access << 18);
    const { last } = how;
    const sent = this.send(device, how.pasid ?? pasid, index, low, highAndAccess, last, id, owner);
    if (sent) how.amend?.(this.#log.words, this.#log.entryWord(this.#ahead - 1));
    return sent;
  }

  /** The refusal is that of a translation, after which the function sends a page request. */
  refused(): boolean {
    return true;
  }

  takeWaiting(): number {
    return NONE;
  }

  #findRoom(): boolean {
    this.publish();
    if (!this.#log.isRunning()) return false;
    this.#room = this.#log.room();
    if (this.#room > 0) return true;
    this.episodes += 1;
    Atomics.store(this.#control, controlWord(CONTROL.episodes), this.episodes);
    if (this.#log.overflow()) this.#prqBell.ring();
    return false;
  }

  /** Moves the tail over what was sent. */
  publish(): void {
    if (this.#ahead === 0) return;
    if (this.#log.publish(this.#ahead)) this.#prqBell.ring();
    this.#ahead = 0;
    this.#room = 0;
  }
}
