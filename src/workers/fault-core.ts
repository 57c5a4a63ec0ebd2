/**
 * Fault core: assembles page request groups from reported requests, and answers what nobody handles.
 *
 * Kernel: drivers/iommu/io-pgfault.c, iommu_report_device_fault(), iopf_queue_discard_partial(),
 *         iopf_queue_add_device(), iopf_queue_remove_device().
 * Actor:  the PRQ thread's own, whatever the unit; groups go to the resolvers, answers into its own response ring.
 */
import { invariant } from '../core/invariant.ts';
import { PRG_INDICES } from '../core/limits.ts';
import { RESPONSE_CODE } from '../core/page-request.ts';
import { word } from '../core/words.ts';
import { Bell } from './bell.ts';
import { EVENT, EventLog } from './event-log.ts';
import { GroupDispatcher } from './group-dispatcher.ts';
import { PartialRequests } from './partial-requests.ts';
import {
  ANSWER_PARTIALS_WITHOUT_HANDLER,
  KEEP_PARTIALS_ON_OVERFLOW,
  MATCH_PARTIALS_BY_INDEX,
  NOTE_LAST_GROUPS,
  REJECT_STRANDS_PARTIALS,
} from './quirk-flags.ts';
import { controlWord } from './role.ts';
import { CONTROL, GROUP_RECORD, RESPONSE, THREAD } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import type { FaultReports, ResponseBytes } from './unit-seams.ts';
import { BREACH, ViolationLog } from './violation-log.ts';
import { WordQueue } from './word-queue.ts';
import { isWrongRequest } from './wrong-requests.ts';

const INVALID = RESPONSE_CODE.invalid;
const NO_PASID_SLOT = 0;

export class FaultCore implements FaultReports {
  readonly #memory: StormMemory;
  readonly #bytes: ResponseBytes;
  readonly #responses: WordQueue;
  readonly #dispatcher: GroupDispatcher;
  readonly #deviceBell: Bell;
  readonly #partials: PartialRequests;
  /** PASID of the group last pending at device * PRG_INDICES + index: what its answer carries. */
  readonly #pendingPasids: Int32Array;
  /** Devices on the fault queue: those with a fault parameter. */
  readonly #present: Uint8Array;
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  readonly #quirks: number;

  constructor(memory: StormMemory, bytes: ResponseBytes) {
    const responses = memory.responses[0];
    invariant(responses !== undefined, 'the PRQ thread has no response ring');
    this.#memory = memory;
    this.#bytes = bytes;
    this.#responses = new WordQueue(responses, RESPONSE.words);
    this.#dispatcher = new GroupDispatcher(memory);
    this.#deviceBell = new Bell(memory.bells, THREAD.device);
    this.#partials = new PartialRequests(memory.sizes.devices, 2 * memory.sizes.requestsMax + 64);
    this.#pendingPasids = new Int32Array(memory.sizes.devices * PRG_INDICES);
    this.#present = new Uint8Array(memory.sizes.devices);
    this.#violations = new ViolationLog(memory, THREAD.prq);
    this.#events = new EventLog(memory, THREAD.prq);
    this.#quirks = word(memory.control, controlWord(CONTROL.quirks));
  }

  /**
   * A last request closes its group, which is queued: its members oldest first. Groups are published a batch at a
   * time, but one by one while they are recorded.
   */
  report(
    device: number,
    pasid: number,
    index: number,
    last: boolean,
    low: number,
    highAndAccess: number,
    id: number,
    owner: number,
  ): void {
    const slot = device * this.#memory.sizes.pasidSpace + (pasid < 0 ? NO_PASID_SLOT : pasid);
    const handle = word(this.#memory.slots, slot);
    if (handle === 0 || this.#present[device] === 0) {
      if (last || this.#has(ANSWER_PARTIALS_WITHOUT_HANDLER)) {
        this.answer(device, pasid, index, id, INVALID);
      }
      this.#events.report(device, index, pasid, id, last, low, highAndAccess);
      return;
    }
    const isRecorded = last && this.#events.hold();
    // Traced where the report returns; whoever takes the group up has not seen it yet.
    this.#events.report(device, index, pasid, id, last, low, highAndAccess);
    if (!last) {
      this.#partials.add(device, index, low, highAndAccess, pasid, id);
      return;
    }

    if (!isWrongRequest(id)) this.#notePending(device, pasid, index, id);
    const pages = 1 + this.#partialsOf(device, index, pasid, id);
    const record = this.#dispatcher.record(pages);
    if (this.#has(NOTE_LAST_GROUPS)) this.#dispatcher.noteLast(slot);
    const { words } = this.#dispatcher;
    words[record + GROUP_RECORD.source] = device | (index << 8) | (pages << 20);
    words[record + GROUP_RECORD.pasid] = pasid;
    words[record + GROUP_RECORD.id] = id;
    words[record + GROUP_RECORD.owner] = owner;
    words[record + GROUP_RECORD.slot] = slot;
    words[record + GROUP_RECORD.handle] = handle;
    const first = record + GROUP_RECORD.pages;
    if (pages > 1) this.#takePartials(words, first, device, index, pasid);
    words[first + 2 * (pages - 1)] = low;
    words[first + 2 * (pages - 1) + 1] = highAndAccess;
    this.#events.add(EVENT.grouped, device, index, pasid, id);
    if (isRecorded || this.#dispatcher.isFull) this.publish();
    if (isRecorded) this.#events.letGo();
  }

  /** One group an index: a second one of the same index, which a device must not send, is not noted. */
  #notePending(device: number, pasid: number, index: number, id: number): void {
    const { groups } = this.#memory;
    const row = device * PRG_INDICES + index;
    const pending = word(groups, row);
    if (pending !== 0) {
      this.#violations.add(BREACH.indexReused, device, index, pasid, id, pending);
    }
    groups[row] = id;
    this.#pendingPasids[row] = pasid;
  }

  /** How many partials the group takes in; all should be its own. */
  #partialsOf(device: number, index: number, pasid: number, id: number): number {
    const partials = this.#partials;
    const byIndex = this.#has(MATCH_PARTIALS_BY_INDEX);
    let count = 0;
    for (let node = partials.first(device, index); node >= 0; node = partials.after(node)) {
      if (!byIndex && word(partials.pasid, node) !== pasid) continue;
      count += 1;
      const member = word(partials.id, node);
      if (member !== id && !isWrongRequest(id)) {
        this.#violations.add(BREACH.mixedEpochs, device, index, pasid, id, member);
      }
    }
    return count;
  }

  #takePartials(
    words: Int32Array,
    first: number,
    device: number,
    index: number,
    pasid: number,
  ): void {
    const partials = this.#partials;
    const byIndex = this.#has(MATCH_PARTIALS_BY_INDEX);
    let page = first;
    for (let node = partials.first(device, index); node >= 0; node = partials.after(node)) {
      if (!byIndex && word(partials.pasid, node) !== pasid) continue;
      words[page] = word(partials.pfnLow, node);
      words[page + 1] = word(partials.highAndAccess, node);
      page += 2;
    }
    partials.remove(device, index, byIndex ? undefined : pasid);
  }

  /** A last request for whose group there is no memory; its report returns, and is traced, once it is answered. */
  fail(
    device: number,
    pasid: number,
    index: number,
    low: number,
    highAndAccess: number,
    id: number,
    code: number,
  ): void {
    this.reject(device, pasid, index, id, code);
    this.#events.report(device, index, pasid, id, true, low, highAndAccess);
  }

  reject(device: number, pasid: number, index: number, id: number, code: number): void {
    if (!this.#has(REJECT_STRANDS_PARTIALS)) {
      this.#partials.remove(device, index, this.#has(MATCH_PARTIALS_BY_INDEX) ? undefined : pasid);
    }
    this.answer(device, pasid, index, id, code);
  }

  answer(device: number, pasid: number, index: number, id: number, code: number): void {
    while (this.#responses.room() === 0) {
      this.#responses.publish();
      this.#deviceBell.ring();
    }
    this.#events.add(EVENT.refused, device, index, pasid, id, code);
    const at = this.#responses.push();
    this.#bytes.write(this.#responses.words, at, device, pasid, index, code);
    this.#responses.words[at + RESPONSE.id] = id;
  }

  publish(): void {
    if (this.#responses.unpublished > 0) {
      this.#responses.publish();
      this.#deviceBell.ring();
    }
    this.#dispatcher.publish();
  }

  /** All partials go, because the overflow may have eaten their last requests. */
  overflowed(): void {
    if (this.#has(KEEP_PARTIALS_ON_OVERFLOW)) return;
    for (let device = 0; device < this.#memory.sizes.devices; device += 1) {
      if (this.#partials.countOf(device) === 0) continue;
      this.#partials.removeOf(device, undefined);
      this.#events.add(EVENT.discarded, device, 0, 0, 0);
    }
  }

  addDevice(device: number): void {
    this.#present[device] = 1;
  }

  /** Partials are freed, pending groups answered INVALID and freed, the fault parameter goes. */
  removeDevice(device: number): void {
    const { groups } = this.#memory;
    this.#partials.removeOf(device, undefined);
    for (let index = 0; index < PRG_INDICES; index += 1) {
      const slot = device * PRG_INDICES + index;
      const id = Atomics.load(groups, slot);
      if (id === 0 || Atomics.compareExchange(groups, slot, id, 0) !== id) continue;
      this.answer(device, word(this.#pendingPasids, slot), index, id, INVALID);
    }
    this.#present[device] = 0;
    this.#events.add(EVENT.removed, device, 0, 0, 0);
    this.publish();
  }

  discardPartials(device: number, pasid: number): void {
    this.#partials.removeOf(device, pasid);
  }

  #has(quirk: number): boolean {
    return (this.#quirks & quirk) !== 0;
  }
}
