/**
 * SMMU request port: where stalled accesses enter the event queue, or wait while it is full.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Stall model", "Recording of events and conditions for
 *         writing to the Event queue", "Event queue overflow".
 * Actor:  the device thread's own.
 *
 * The stall tag is the index of the group: each access is a group of its own. A stall is never discarded: one that
 * meets a full queue is made again when there is room. The record of a terminated access is, and that is all that
 * ever overflows the queue. The hidden words of the entry with index n lie beside the queue, at n of `hidden`.
 */
import { PRG_INDICES } from '../../core/limits.ts';
import { word } from '../../core/words.ts';
import { pfnHigh20Of, pfnLow32Of } from '../../hw/page-number.ts';
import { contextIsValid } from '../../hw/smmuv3/context-descriptor.ts';
import { HANDLED_EVENTS, writeEventWords } from '../../hw/smmuv3/event-entry.ts';
import { type EventQueue, eventQueue } from '../../hw/smmuv3/event-queue.ts';
import { Bell } from '../bell.ts';
import { deviceRid } from '../requester.ts';
import { controlWord } from '../role.ts';
import { CONTROL, HIDDEN, THREAD } from '../storm-layout.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { MalformedRequest, RequestPort } from '../unit-seams.ts';
import { SMMU_MALFORMED } from './malformed-requests.ts';

const TERMINATED = -1;
const NONE = -1;

export class SmmuRequestPort implements RequestPort {
  readonly #queue: EventQueue;
  readonly #tables: Int32Array;
  readonly #hidden: Int32Array;
  readonly #prqBell: Bell;
  readonly #control: Int32Array;
  /** Rows of the accesses that wait, oldest first from `first` on; there are no more of them than rows. */
  readonly #waiting: Int32Array;
  #first = 0;
  #ahead = 0;
  #room = 0;

  episodes = 0;
  waiting = 0;
  readonly malformed = SMMU_MALFORMED;

  constructor(memory: StormMemory) {
    this.#queue = eventQueue(memory.ring, 0, memory.sizes.ringEntries);
    this.#tables = memory.tables;
    this.#hidden = memory.hidden;
    this.#prqBell = new Bell(memory.bells, THREAD.prq);
    this.#control = memory.control;
    this.#waiting = new Int32Array(memory.sizes.devices * PRG_INDICES);
  }

  send(
    device: number,
    pasid: number,
    index: number,
    low: number,
    highAndAccess: number,
    _last: boolean,
    id: number,
    owner: number,
  ): boolean {
    if (!this.#hasRoom()) {
      this.#waiting[(this.#first + this.waiting) % this.#waiting.length] =
        device * PRG_INDICES + index;
      this.waiting += 1;
      return true;
    }
    this.#record(HANDLED_EVENTS.translation, device, pasid, index, low, highAndAccess, id, owner);
    return true;
  }

  sendMalformed(
    how: MalformedRequest,
    device: number,
    pasid: number,
    _index: number,
    low: number,
    high: number,
    id: number,
    owner: number,
  ): boolean {
    if (!this.#hasRoom()) return false;
    const { event = HANDLED_EVENTS.translation, access } = how;
    this.#record(event, device, pasid, TERMINATED, low, high | (access << 18), id, owner);
    return true;
  }

  takeWaiting(): number {
    if (this.waiting === 0 || !this.#hasRoom()) return NONE;
    const row = word(this.#waiting, this.#first);
    this.#first = (this.#first + 1) % this.#waiting.length;
    this.waiting -= 1;
    return row;
  }

  /** Ended by an invalid descriptor, and recorded; or by one that an exit left, unrecorded. No stall either way. */
  refused(
    device: number,
    pasid: number,
    entry: number,
    low: number,
    highAndAccess: number,
  ): boolean {
    if (contextIsValid(this.#tables, entry)) return false;
    if (this.#hasRoom()) {
      const { badContextDescriptor } = HANDLED_EVENTS;
      this.#record(badContextDescriptor, device, pasid, TERMINATED, low, highAndAccess, 0, 0);
    } else if (this.#queue.overflow()) {
      this.episodes += 1;
      Atomics.store(this.#control, controlWord(CONTROL.episodes), this.episodes);
      this.#prqBell.ring();
    }
    return false;
  }

  #hasRoom(): boolean {
    if (this.#room > 0) return true;
    this.publish();
    this.#room = this.#queue.room();
    return this.#room > 0;
  }

  #record(
    event: number,
    device: number,
    pasid: number,
    stallTag: number,
    low: number,
    highAndAccess: number,
    id: number,
    owner: number,
  ): void {
    const queue = this.#queue;
    const pointer = queue.aheadOf(this.#ahead);
    const high = highAndAccess & 0x3ffff;
    writeEventWords(
      queue.words,
      queue.wordOf(pointer),
      event,
      deviceRid(device),
      pasid,
      stallTag,
      pfnLow32Of(low, high),
      pfnHigh20Of(high),
      highAndAccess >>> 18,
    );
    const hidden = queue.indexOf(pointer) * HIDDEN.words;
    this.#hidden[hidden + HIDDEN.id] = id;
    this.#hidden[hidden + HIDDEN.owner] = owner;
    this.#ahead += 1;
    this.#room -= 1;
  }

  /** Moves PROD over what was recorded. */
  publish(): void {
    if (this.#ahead === 0) return;
    if (this.#queue.publish(this.#ahead)) this.#prqBell.ring();
    this.#ahead = 0;
    this.#room = 0;
  }
}
