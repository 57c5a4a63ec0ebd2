/**
 * Page request thread: empties the page request queue, assembles groups and hands them to resolvers.
 *
 * Kernel: drivers/iommu/intel/prq.c, prq_event_thread(), intel_iommu_page_response();
 *         drivers/iommu/io-pgfault.c, iommu_report_device_fault(), iopf_queue_discard_partial(),
 *         iopf_queue_remove_device().
 * Actor:  one, the threaded interrupt of the unit.
 *
 * The order is the kernel's: acknowledge, read tail and head, handle every entry between them, move the head once
 * over the whole pass, look at the overflow, complete. What others would do under the fault parameter's lock
 * comes to this thread by mail and is done between two passes.
 */
import { invariant } from '../core/invariant.ts';
import { PRG_INDICES } from '../core/limits.ts';
import { RESPONSE_CODE } from '../core/page-request.ts';
import { word } from '../core/words.ts';
import { RESPONSE_WORDS, writeResponseWords } from '../hw/vtd/page-group-response.ts';
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
} from '../hw/vtd/page-request-descriptor.ts';
import { type PageRequestRing, pageRequestRing } from '../hw/vtd/page-request-ring.ts';
import { isBadRequest } from './bad-request.ts';
import { Bell } from './bell.ts';
import { EVENT, EventLog } from './event-log.ts';
import { GroupDispatcher } from './group-dispatcher.ts';
import { PartialRequests } from './partial-requests.ts';
import {
  ANSWER_PARTIALS_WITHOUT_HANDLER,
  KEEP_PARTIALS_ON_OVERFLOW,
  MATCH_PARTIALS_BY_INDEX,
  REJECT_STRANDS_PARTIALS,
} from './quirk-flags.ts';
import { deviceRid, ridDevice } from './requester.ts';
import { controlWord, type Role } from './role.ts';
import { CONTROL, GROUP_RECORD, MAIL, RESPONSE_ID_WORD, THREAD } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import { BREACH, ViolationLog } from './violation-log.ts';
import { WordQueue } from './word-queue.ts';

const INVALID = RESPONSE_CODE.invalid;
const NO_PASID_SLOT = 0;
/** Beside the access of a recorded request. */
const LAST_BIT = 1 << 8;
const WATCHDOG_MILLISECONDS = 50;

export class PageRequestRole implements Role {
  readonly #memory: StormMemory;
  readonly #ring: PageRequestRing;
  readonly #responses: WordQueue;
  readonly #dispatcher: GroupDispatcher;
  readonly #deviceBell: Bell;
  readonly #waitersBell: Bell;
  readonly #mailbox: WordQueue;
  readonly #partials: PartialRequests;
  /** PASID of the group last pending at device * PRG_INDICES + index: what its answer carries. */
  readonly #pendingPasids: Int32Array;
  /** Devices on the fault queue: those with a fault parameter. */
  readonly #present: Uint8Array;
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  readonly #quirks: number;

  constructor(memory: StormMemory) {
    const responses = memory.responses[0];
    invariant(responses !== undefined, 'the PRQ thread has no response ring');
    this.#memory = memory;
    this.#ring = pageRequestRing(memory.ring, 0, memory.sizes.ringEntries);
    this.#responses = new WordQueue(responses, RESPONSE_WORDS);
    this.#dispatcher = new GroupDispatcher(memory);
    this.#deviceBell = new Bell(memory.bells, THREAD.device);
    this.#waitersBell = new Bell(memory.bells, THREAD.waiters);
    this.#mailbox = new WordQueue(memory.mailbox, MAIL.words);
    this.#partials = new PartialRequests(memory.sizes.devices, 2 * memory.sizes.requestsMax + 64);
    this.#pendingPasids = new Int32Array(memory.sizes.devices * PRG_INDICES);
    this.#present = new Uint8Array(memory.sizes.devices);
    this.#violations = new ViolationLog(memory, THREAD.prq);
    this.#events = new EventLog(memory, THREAD.prq);
    this.#quirks = word(memory.control, controlWord(CONTROL.quirks));
  }

  ready(): boolean {
    return this.#ring.status() !== 0 || this.#mailbox.available() > 0;
  }

  timeoutMilliseconds(): number {
    return WATCHDOG_MILLISECONDS;
  }

  step(): number {
    const mail = this.#readMail();
    return this.#ring.status() === 0 ? mail : mail + this.#pass();
  }

  #pass(): number {
    const ring = this.#ring;
    ring.acknowledge();
    const tail = ring.tail();
    const head = ring.head();
    for (let count = head; count !== tail; count = (count + 1) | 0) this.#entry(ring.wordOf(count));
    this.#publish();
    ring.advance(tail);
    if (ring.isOverflowed() && ring.tail() === ring.head()) this.#recover();
    this.#complete();
    return ((tail - head) | 0) + 1;
  }

  /** All partials go, because the overflow may have eaten their last requests; only then may hardware go on. */
  #recover(): void {
    if (!this.#has(KEEP_PARTIALS_ON_OVERFLOW)) {
      for (let device = 0; device < this.#memory.sizes.devices; device += 1) {
        if (this.#partials.countOf(device) === 0) continue;
        this.#partials.removeOf(device, undefined);
        this.#events.add(EVENT.discarded, device, 0, 0, 0);
      }
    }
    this.#ring.clearOverflow();
  }

  #complete(): void {
    const { control } = this.#memory;
    Atomics.add(control, controlWord(CONTROL.passes), 1);
    Atomics.store(control, controlWord(CONTROL.completion), 1);
    this.#waitersBell.ring();
  }

  #entry(at: number): void {
    const { words } = this.#ring;
    const rid = requestRid(words, at);
    const pasid = requestPasid(words, at);
    const index = requestPrgIndex(words, at);
    const id = word(words, at + REQUEST_ID_WORD);
    const last = requestIsLast(words, at);
    const access = requestAccess(words, at);
    const high = requestPfnHigh(words, at);
    const device = ridDevice(rid);
    if (isBadRequest(access, high) || device < 0 || device >= this.#memory.sizes.devices) {
      if (last) this.#reject(rid, device, pasid, index, id);
      return;
    }
    if (requestIsStopMarker(words, at)) return;

    const slot = device * this.#memory.sizes.pasidSpace + (pasid < 0 ? NO_PASID_SLOT : pasid);
    const handle = word(this.#memory.slots, slot);
    if (handle === 0 || this.#present[device] === 0) {
      if (last || this.#has(ANSWER_PARTIALS_WITHOUT_HANDLER)) {
        this.#answer(rid, pasid, index, id);
      }
      this.#report(at, device, pasid, index, id);
      return;
    }
    this.#report(at, device, pasid, index, id);
    if (last) {
      this.#group(at, device, pasid, index, id, slot, handle, high | (access << 20));
      return;
    }
    this.#partials.add(device, index, requestPfnLow(words, at), high | (access << 20), pasid, id);
  }

  /** Traced where the report returns; whoever takes the group up has not seen it yet. */
  #report(at: number, device: number, pasid: number, index: number, id: number): void {
    const { words } = this.#ring;
    const access = requestAccess(words, at) | (requestIsLast(words, at) ? LAST_BIT : 0);
    const low = requestPfnLow(words, at);
    this.#events.report(device, index, pasid, id, access, low, requestPfnHigh(words, at));
  }

  #reject(rid: number, device: number, pasid: number, index: number, id: number): void {
    const known = device >= 0 && device < this.#memory.sizes.devices;
    if (known && !this.#has(REJECT_STRANDS_PARTIALS)) {
      this.#partials.remove(device, index, this.#has(MATCH_PARTIALS_BY_INDEX) ? undefined : pasid);
    }
    this.#answer(rid, pasid, index, id);
  }

  #answer(rid: number, pasid: number, index: number, id: number): void {
    while (this.#responses.room() === 0) {
      this.#responses.publish();
      this.#deviceBell.ring();
    }
    this.#events.add(EVENT.refused, ridDevice(rid), index, pasid, id, INVALID);
    const at = this.#responses.push();
    writeResponseWords(this.#responses.words, at, rid, pasid, index, INVALID);
    this.#responses.words[at + RESPONSE_ID_WORD] = id;
  }

  /** Gathers the group that its last request closes, oldest first, and queues it. */
  #group(
    at: number,
    device: number,
    pasid: number,
    index: number,
    id: number,
    slot: number,
    handle: number,
    highAndAccess: number,
  ): void {
    const { groups } = this.#memory;
    const partials = this.#partials;
    const only = this.#has(MATCH_PARTIALS_BY_INDEX) ? undefined : pasid;
    let pages = 1;
    for (let node = partials.first(device, index); node >= 0; node = partials.after(node)) {
      if (only !== undefined && word(partials.pasid, node) !== only) continue;
      pages += 1;
      const member = word(partials.id, node);
      if (member !== id) {
        this.#violations.add(BREACH.mixedEpochs, device, index, pasid, id, member);
      }
    }
    const pending = word(groups, device * PRG_INDICES + index);
    if (pending !== 0) {
      this.#violations.add(BREACH.indexReused, device, index, pasid, id, pending);
    }
    groups[device * PRG_INDICES + index] = id;
    this.#pendingPasids[device * PRG_INDICES + index] = pasid;

    const record = this.#dispatcher.record(pages);
    const { words } = this.#dispatcher;
    words[record + GROUP_RECORD.source] = device | (index << 8) | (pages << 20);
    words[record + GROUP_RECORD.pasid] = pasid;
    words[record + GROUP_RECORD.id] = id;
    words[record + GROUP_RECORD.owner] = word(this.#ring.words, at + REQUEST_EPOCH_WORD);
    words[record + GROUP_RECORD.slot] = slot;
    words[record + GROUP_RECORD.handle] = handle;
    let page = record + GROUP_RECORD.pages;
    if (pages > 1) {
      for (let node = partials.first(device, index); node >= 0; node = partials.after(node)) {
        if (only !== undefined && word(partials.pasid, node) !== only) continue;
        words[page] = word(partials.pfnLow, node);
        words[page + 1] = word(partials.highAndAccess, node);
        page += 2;
      }
      partials.remove(device, index, only);
    }
    words[page] = requestPfnLow(this.#ring.words, at);
    words[page + 1] = highAndAccess;
    this.#events.add(EVENT.grouped, device, index, pasid, id);
    if (this.#dispatcher.isFull) this.#publish();
  }

  #publish(): void {
    if (this.#responses.unpublished > 0) {
      this.#responses.publish();
      this.#deviceBell.ring();
    }
    this.#dispatcher.publish();
  }

  #readMail(): number {
    const { words } = this.#mailbox;
    let letters = 0;
    for (; this.#mailbox.available() > 0; letters += 1) {
      const at = this.#mailbox.take();
      const device = word(words, at + 1);
      switch (word(words, at)) {
        case MAIL.addDevice:
          this.#present[device] = 1;
          break;
        case MAIL.removeDevice:
          this.#removeDevice(device);
          break;
        case MAIL.discardPartials:
          this.#partials.removeOf(device, word(words, at + 2));
          break;
      }
    }
    if (letters === 0) return 0;
    this.#mailbox.release();
    Atomics.add(this.#memory.control, controlWord(CONTROL.mailboxDone), letters);
    this.#waitersBell.ring();
    return letters;
  }

  /** Partials are freed, pending groups answered INVALID and freed, the fault parameter goes. */
  #removeDevice(device: number): void {
    const { groups } = this.#memory;
    this.#partials.removeOf(device, undefined);
    for (let index = 0; index < PRG_INDICES; index += 1) {
      const slot = device * PRG_INDICES + index;
      const id = Atomics.load(groups, slot);
      if (id === 0 || Atomics.compareExchange(groups, slot, id, 0) !== id) continue;
      this.#answer(deviceRid(device), word(this.#pendingPasids, slot), index, id);
    }
    this.#present[device] = 0;
    this.#events.add(EVENT.removed, device, 0, 0, 0);
    this.#publish();
  }

  #has(quirk: number): boolean {
    return (this.#quirks & quirk) !== 0;
  }
}
