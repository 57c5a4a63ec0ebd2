/**
 * Resolver: handles page-request groups as the SVA work item does, and answers each once.
 *
 * Kernel: drivers/iommu/iommu-sva.c, iommu_sva_handle_mm(), iommu_sva_handle_iopf();
 *         drivers/iommu/io-pgfault.c, iopf_group_response().
 * Actor:  one a resolver thread, fed by its own queue; order inside a group is kept, between queues none is.
 *
 * A batch is answered before its groups are released from the queue, so "head reached the tail I saw" means "all
 * of that is answered", which is what a workqueue flush waits for. Every record gets exactly one response and in
 * order, so a dead resolver's successor goes on behind the last response that was published.
 */

import { invariant } from '../core/invariant.ts';
import { PRG_INDICES } from '../core/limits.ts';
import { RESPONSE_CODE } from '../core/page-request.ts';
import { word } from '../core/words.ts';
import { AddressSpaceReader, mmWord } from './address-space.ts';
import { Bell } from './bell.ts';
import { EVENT, EventLog } from './event-log.ts';
import { PageInstaller } from './page-installer.ts';
import { ANSWER_BEFORE_UNLINK } from './quirk-flags.ts';
import { controlWord, type Role } from './role.ts';
import {
  CHANGE,
  CONTROL,
  GROUP_RECORD,
  groupLines,
  MM,
  MM_ALIVE,
  RESPONSE,
  RUDE,
  THREAD,
} from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import type { ResponseBytes } from './unit-seams.ts';
import { responseBytesOf } from './units.ts';
import { BREACH, ViolationLog } from './violation-log.ts';
import { WordQueue } from './word-queue.ts';
import { isWrongRequest } from './wrong-requests.ts';

const SUCCESS = RESPONSE_CODE.success;
const INVALID = RESPONSE_CODE.invalid;
/** Groups handled between two publications (measured: docs/performance.md). */
const BATCH_MAX = 64;
/** A slow resolver publishes at least this often, or as often as it finishes a group. */
const BATCH_MILLISECONDS_MAX = 50;
/** Answers after which the device is woken although more groups wait here. */
const ANSWERS_BEFORE_BELL = 192;
const WATCHDOG_MILLISECONDS = 50;

/** How a resolver is run; `strike` is how it dies on purpose, for the tests of its recovery. */
export type ResolverOptions = {
  readonly delayMicroseconds: number;
  /** It takes over from a dead one. */
  readonly resumes: boolean;
  readonly death: { readonly afterGroups: number; readonly strike: () => never } | undefined;
};

export class ResolverRole implements Role {
  readonly #memory: StormMemory;
  readonly #queue: WordQueue;
  readonly #responses: WordQueue;
  readonly #bytes: ResponseBytes;
  readonly #reader: AddressSpaceReader;
  readonly #pages: PageInstaller;
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  readonly #deviceBell: Bell;
  readonly #waitersBell: Bell;
  readonly #answersEarly: boolean;
  readonly #delayMilliseconds: number;
  readonly #batchMax: number;
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));
  #unrung = 0;
  #handled = 0;
  /** Records whose groups a dead predecessor may have unlinked without answering. */
  #inherited: number;
  readonly #death: ResolverOptions['death'];

  constructor(memory: StormMemory, resolver: number, options: ResolverOptions) {
    const queue = memory.queues[resolver];
    const responses = memory.responses[resolver + 1];
    invariant(queue !== undefined && responses !== undefined, `there is no resolver ${resolver}`);
    this.#memory = memory;
    this.#queue = new WordQueue(queue, GROUP_RECORD.words);
    this.#responses = new WordQueue(responses, RESPONSE.words);
    this.#bytes = responseBytesOf(memory.unit);
    this.#reader = new AddressSpaceReader(memory, resolver);
    this.#pages = new PageInstaller(memory, resolver);
    this.#violations = new ViolationLog(memory, THREAD.resolver + resolver);
    this.#events = new EventLog(memory, THREAD.resolver + resolver);
    this.#deviceBell = new Bell(memory.bells, THREAD.device);
    this.#waitersBell = new Bell(memory.bells, THREAD.waiters);
    this.#answersEarly =
      (word(memory.control, controlWord(CONTROL.quirks)) & ANSWER_BEFORE_UNLINK) !== 0;
    this.#delayMilliseconds = options.delayMicroseconds / 1000;
    const unhurried = Math.floor(BATCH_MILLISECONDS_MAX / Math.max(this.#delayMilliseconds, 1e-9));
    this.#batchMax = Math.max(1, Math.min(BATCH_MAX, unhurried));
    this.#inherited = options.resumes ? BATCH_MAX : 0;
    this.#death = options.death;
    if (options.resumes) this.#events.add(EVENT.resumed, 0, 0, 0, 0);
  }

  ready(): boolean {
    return this.#queue.available() > 0;
  }

  timeoutMilliseconds(): number {
    return WATCHDOG_MILLISECONDS;
  }

  step(): number {
    let groups = 0;
    let available = this.#queue.available();
    while (groups < this.#batchMax && available > 0 && this.#responses.room() > 0) {
      const lines = this.#handle();
      available -= lines;
      groups += 1;
    }
    if (groups === 0) return 0;

    this.#reader.release();
    if (this.#delayMilliseconds > 0) {
      Atomics.wait(this.#pause, 0, 0, this.#delayMilliseconds * groups);
    }
    this.#unrung += groups;
    this.#responses.publish();
    this.#queue.release();
    this.#waitersBell.ring(CHANGE.groups);
    if (available <= 0 || this.#unrung >= ANSWERS_BEFORE_BELL) {
      this.#unrung = 0;
      this.#deviceBell.ring();
    }
    return groups;
  }

  /** Handles the next group and answers it; returns the lines it took. */
  #handle(): number {
    const { words } = this.#queue;
    const at = this.#queue.take();
    const source = word(words, at + GROUP_RECORD.source);
    const device = source & 0xff;
    const index = (source >>> 8) & 0x1ff;
    const pages = source >>> 20;
    const pasid = word(words, at + GROUP_RECORD.pasid);
    const id = word(words, at + GROUP_RECORD.id);
    const owner = word(words, at + GROUP_RECORD.owner);
    const lines = groupLines(pages);
    for (let line = 1; line < lines; line += 1) this.#queue.take();
    this.#mayDie();

    const verdict = this.#resolve(at, device, index, pages, pasid, id);
    this.#events.add(EVENT.resolved, device, index, pasid, id, verdict);
    if (this.#answersEarly) {
      this.#answer(device, index, pasid, id, verdict);
      this.#responses.publish();
      this.#deviceBell.ring();
      this.#unlink(device, index, pasid, id, owner);
    } else {
      this.#unlink(device, index, pasid, id, owner);
      this.#answer(device, index, pasid, id, verdict);
    }
    this.#handled += 1;
    if (this.#inherited > 0) this.#inherited -= 1;
    return lines;
  }

  #answer(device: number, index: number, pasid: number, id: number, verdict: number): void {
    const at = this.#responses.push();
    this.#bytes.write(this.#responses.words, at, device, pasid, index, verdict);
    this.#responses.words[at + RESPONSE.id] = id;
    this.#responses.words[at + RESPONSE.position] = this.#queue.position;
  }

  /** Takes the group off the pending list; it must still be there, or somebody freed it under us. */
  #unlink(device: number, index: number, pasid: number, id: number, owner: number): void {
    const slot = device * PRG_INDICES + index;
    if (Atomics.compareExchange(this.#memory.groups, slot, id, 0) === id) return;
    if (this.#inherited > 0 || (owner & RUDE) !== 0 || isWrongRequest(id)) return;
    this.#violations.add(BREACH.groupFreedTwice, device, index, pasid, id, 0);
  }

  /** Success if every page is mapped with the access it was asked for; the first that isn't decides. */
  #resolve(
    at: number,
    device: number,
    index: number,
    pages: number,
    pasid: number,
    id: number,
  ): number {
    const { words } = this.#queue;
    const memory = this.#memory;
    const slot = word(words, at + GROUP_RECORD.slot);
    const handle = word(words, at + GROUP_RECORD.handle);
    const owner = word(words, at + GROUP_RECORD.owner);
    const judged = (owner & RUDE) === 0;
    if (word(memory.handles, slot) !== handle) {
      if (judged) this.#violations.add(BREACH.handleFreed, device, index, pasid, id, handle);
      return INVALID;
    }

    const mm = word(memory.handleMms, slot);
    this.#reader.hold(mm);
    this.#pages.beginGroup();
    if (word(memory.mms, mmWord(mm, MM.state)) !== MM_ALIVE) return INVALID;
    const process = word(memory.mms, mmWord(mm, MM.instance));
    if (judged && process !== owner) {
      this.#violations.add(BREACH.wrongOwner, device, index, pasid, id, process);
    }
    let page = at + GROUP_RECORD.pages;
    for (let left = pages; left > 0; left -= 1, page += 2) {
      if (!this.#pages.faultIn(mm, word(words, page), word(words, page + 1))) return INVALID;
    }
    return SUCCESS;
  }

  #mayDie(): void {
    if (this.#death !== undefined && this.#handled >= this.#death.afterGroups) this.#death.strike();
  }
}
