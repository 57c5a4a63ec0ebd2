/**
 * VT-d request port: where page requests enter the ring, or are dropped when it is full.
 *
 * Spec:   Intel VT-d, "Page Request Queue"; after an overflow everything is dropped until software clears it.
 * Actor:  the device thread's own.
 */
import { pfnHigh20Of, pfnLow32Of } from '../../hw/page-number.ts';
import {
  REQUEST_EPOCH_WORD,
  REQUEST_ID_WORD,
  writeRequestWords,
} from '../../hw/vtd/page-request-descriptor.ts';
import { type PageRequestRing, pageRequestRing } from '../../hw/vtd/page-request-ring.ts';
import { Bell } from '../bell.ts';
import { EVENT, type EventLog } from '../event-log.ts';
import { deviceRid } from '../requester.ts';
import { controlWord } from '../role.ts';
import { CONTROL, THREAD } from '../storm-layout.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { MalformedRequest, RequestPort } from '../unit-seams.ts';
import { VTD_MALFORMED } from './malformed-requests.ts';

const NONE = -1;

export class VtdRequestPort implements RequestPort {
  readonly #ring: PageRequestRing;
  readonly #prqBell: Bell;
  readonly #control: Int32Array;
  readonly #events: EventLog;
  #ahead = 0;
  #room = 0;

  episodes = 0;
  readonly waiting = 0;
  readonly malformed = VTD_MALFORMED;

  constructor(memory: StormMemory, events: EventLog) {
    this.#ring = pageRequestRing(memory.ring, 0, memory.sizes.ringEntries);
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
    const at = this.#ring.entryWord(this.#ahead);
    writeRequestWords(
      this.#ring.words,
      at,
      deviceRid(device),
      pasid,
      index,
      pfnLow32Of(low, high),
      pfnHigh20Of(high),
      highAndAccess >>> 18,
      last,
    );
    this.#ring.words[at + REQUEST_ID_WORD] = id;
    this.#ring.words[at + REQUEST_EPOCH_WORD] = owner;
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
    if (sent) how.amend?.(this.#ring.words, this.#ring.entryWord(this.#ahead - 1));
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
    if (this.#ring.isOverflowed()) return false;
    this.#room = this.#ring.room();
    if (this.#room > 0) return true;
    this.episodes += 1;
    Atomics.store(this.#control, controlWord(CONTROL.episodes), this.episodes);
    if (this.#ring.overflow()) this.#prqBell.ring();
    return false;
  }

  /** Moves the tail over what was sent. */
  publish(): void {
    if (this.#ahead === 0) return;
    if (this.#ring.publish(this.#ahead)) this.#prqBell.ring();
    this.#ahead = 0;
    this.#room = 0;
  }
}
