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

import { PRG_INDICES, VMAS_MAX } from '../core/limits.ts';
import { RESPONSE_CODE } from '../core/page-request.ts';
import { word } from '../core/words.ts';
import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE } from '../hw/access.ts';
import { pageHighOf, pageLowOf } from '../hw/page-number.ts';
import { INSTALLED, installEntry, LOST, leafTableOrCreate } from '../hw/page-table.ts';
import {
  ENTRY_ACCESSED,
  ENTRY_DIRTY,
  ENTRY_EXECUTE_DISABLE,
  ENTRY_PRESENT,
  ENTRY_USER,
  ENTRY_WRITE,
  entryOf,
} from '../hw/page-table-entry.ts';
import { NO_FRAME } from '../hw/table-memory.ts';
import { RESPONSE_WORDS, writeResponseWords } from '../hw/vtd/page-group-response.ts';
import { AddressSpaceReader, findVma, mmWord } from './address-space.ts';
import { Bell } from './bell.ts';
import { EVENT, EventLog } from './event-log.ts';
import { FreeList, MAGAZINE_MAX, Magazine } from './free-list.ts';
import { ANSWER_BEFORE_UNLINK } from './quirk-flags.ts';
import { deviceRid } from './requester.ts';
import { controlWord, type Role } from './role.ts';
import {
  CONTROL,
  GROUP_RECORD,
  groupLines,
  MM,
  MM_ALIVE,
  RESOLVER,
  RESPONSE_ID_WORD,
  RESPONSE_POSITION_WORD,
  type StormMemory,
  THREAD,
} from './storm-memory.ts';
import { BREACH, ViolationLog } from './violation-log.ts';
import { WordQueue } from './word-queue.ts';

const SUCCESS = RESPONSE_CODE.success;
const INVALID = RESPONSE_CODE.invalid;
/** Groups handled between two publications (measured: docs/performance.md). */
const BATCH_MAX = 64;
/** Answers after which the device is woken although more groups wait here. */
const ANSWERS_BEFORE_BELL = 128;
const TABLE_MAGAZINE = 8;
const WATCHDOG_MILLISECONDS = 50;

/** What makes a resolver misbehave on purpose, for the tests of its recovery. */
export type ResolverFault = { readonly afterGroups: number; readonly how: 'throw' | 'exit' };

export class ResolverRole implements Role {
  readonly #memory: StormMemory;
  readonly #queue: WordQueue;
  readonly #responses: WordQueue;
  readonly #reader: AddressSpaceReader;
  readonly #frames: Magazine;
  readonly #tables: Magazine;
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  readonly #deviceBell: Bell;
  readonly #waitersBell: Bell;
  readonly #at: number;
  readonly #answersEarly: boolean;
  readonly #delayMilliseconds: number;
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));
  #unrung = 0;
  #handled = 0;
  /** Records whose groups a dead predecessor may have unlinked without answering. */
  #inherited: number;
  #fault: ResolverFault | undefined;

  // The VMA that served last, and what it was read under.
  #vmaMm = -1;
  #vmaChange = -1;
  #vmaFirst = 0;
  #vmaEnd = 0;
  #vmaBits = 0;
  // The leaf table that served last inside the current group.
  #leaf = NO_FRAME;
  #leafHigh = -1;
  #leafLow = -1;

  constructor(
    memory: StormMemory,
    resolver: number,
    options: {
      readonly delayMicroseconds: number;
      readonly resumes: boolean;
      readonly fault: ResolverFault | undefined;
    },
  ) {
    const queue = memory.queues[resolver];
    const responses = memory.responses[resolver + 1];
    if (queue === undefined || responses === undefined)
      throw new RangeError(`no resolver ${resolver}`);
    this.#memory = memory;
    this.#queue = new WordQueue(queue, GROUP_RECORD.words);
    this.#responses = new WordQueue(responses, RESPONSE_WORDS);
    this.#reader = new AddressSpaceReader(memory, resolver);
    this.#at = resolver * RESOLVER.words;
    const fair = Math.ceil(memory.sizes.dataFrames / 4 / memory.sizes.resolvers);
    this.#frames = new Magazine(
      new FreeList(memory.frameList),
      memory.resolvers,
      this.#at + RESOLVER.frames,
      Math.max(1, Math.min(MAGAZINE_MAX, fair)),
    );
    this.#tables = new Magazine(
      new FreeList(memory.tableList),
      memory.resolvers,
      this.#at + RESOLVER.tables,
      TABLE_MAGAZINE,
    );
    this.#violations = new ViolationLog(memory, THREAD.resolver + resolver);
    this.#events = new EventLog(memory, THREAD.resolver + resolver);
    this.#deviceBell = new Bell(memory.bells, THREAD.device);
    this.#waitersBell = new Bell(memory.bells, THREAD.waiters);
    this.#answersEarly =
      (word(memory.control, controlWord(CONTROL.quirks)) & ANSWER_BEFORE_UNLINK) !== 0;
    this.#delayMilliseconds = options.delayMicroseconds / 1000;
    this.#inherited = options.resumes ? BATCH_MAX : 0;
    this.#fault = options.fault;
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
    while (groups < BATCH_MAX && available > 0 && this.#responses.room() > 0) {
      const lines = this.#handle();
      available -= lines;
      groups += 1;
    }
    this.#count(groups);
    if (groups === 0) return 0;

    this.#reader.release();
    if (this.#delayMilliseconds > 0) {
      Atomics.wait(this.#pause, 0, 0, this.#delayMilliseconds * groups);
    }
    this.#unrung += groups;
    this.#responses.publish();
    this.#queue.release();
    if (available <= 0 || this.#unrung >= ANSWERS_BEFORE_BELL) {
      this.#unrung = 0;
      this.#deviceBell.ring();
      this.#waitersBell.ring();
    }
    return groups;
  }

  #count(groups: number): void {
    const { resolvers } = this.#memory;
    const at = this.#at + (groups > 0 ? RESOLVER.busySteps : RESOLVER.idleSteps);
    resolvers[at] = (word(resolvers, at) + 1) | 0;
    if (groups === 0) return;
    resolvers[this.#at + RESOLVER.groups] =
      (word(resolvers, this.#at + RESOLVER.groups) + groups) | 0;
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
    const lines = groupLines(pages);
    for (let line = 1; line < lines; line += 1) this.#queue.take();
    this.#misbehave();

    const verdict = this.#resolve(at, device, index, pages, pasid, id);
    if (this.#answersEarly) {
      this.#answer(device, index, pasid, id, verdict);
      this.#responses.publish();
      this.#deviceBell.ring();
      this.#unlink(device, index, pasid, id);
    } else {
      this.#unlink(device, index, pasid, id);
      this.#answer(device, index, pasid, id, verdict);
    }
    this.#events.add(EVENT.resolved, device, index, pasid, id);
    this.#handled += 1;
    if (this.#inherited > 0) this.#inherited -= 1;
    return lines;
  }

  #answer(device: number, index: number, pasid: number, id: number, verdict: number): void {
    const at = this.#responses.push();
    writeResponseWords(this.#responses.words, at, deviceRid(device), pasid, index, verdict);
    this.#responses.words[at + RESPONSE_ID_WORD] = id;
    this.#responses.words[at + RESPONSE_POSITION_WORD] = this.#queue.position;
  }

  /** Takes the group off the pending list; it must still be there, or somebody freed it under us. */
  #unlink(device: number, index: number, pasid: number, id: number): void {
    const slot = device * PRG_INDICES + index;
    if (Atomics.compareExchange(this.#memory.groups, slot, id, 0) === id) return;
    if (this.#inherited > 0) return;
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
    if (word(memory.handles, slot) !== handle) {
      this.#violations.add(BREACH.handleFreed, device, index, pasid, id, handle);
      return INVALID;
    }

    const mm = word(memory.handleMms, slot);
    this.#reader.hold(mm);
    this.#leaf = NO_FRAME;
    if (word(memory.mms, mmWord(mm, MM.state)) !== MM_ALIVE) return INVALID;
    const process = word(memory.mms, mmWord(mm, MM.instance));
    if (process !== word(words, at + GROUP_RECORD.owner)) {
      this.#violations.add(BREACH.wrongOwner, device, index, pasid, id, process);
    }
    let page = at + GROUP_RECORD.pages;
    for (let left = pages; left > 0; left -= 1, page += 2) {
      if (!this.#faultIn(mm, word(words, page), word(words, page + 1))) return INVALID;
    }
    return SUCCESS;
  }

  /** Maps one page, given as the low 32 bits of its number and its high 20 bits | access << 20. */
  #faultIn(mm: number, pfnLow32: number, highAndAccess: number): boolean {
    const access = highAndAccess >>> 20;
    const high20 = highAndAccess & 0xfffff;
    const low = pageLowOf(pfnLow32);
    const high = pageHighOf(pfnLow32, high20);
    const pfn = high20 * 2 ** 32 + (pfnLow32 >>> 0);
    if (!this.#vmaAllows(mm, pfn, access)) return false;
    return this.#install(mm, low, high, access);
  }

  #vmaAllows(mm: number, pfn: number, access: number): boolean {
    const memory = this.#memory;
    const change = word(memory.mms, mmWord(mm, MM.vmaChange));
    const cached =
      this.#vmaMm === mm &&
      this.#vmaChange === change &&
      pfn >= this.#vmaFirst &&
      pfn < this.#vmaEnd;
    if (!cached) {
      const index = findVma(memory, mm, pfn);
      if (index < 0) return false;
      const at = mm * VMAS_MAX + index;
      this.#vmaMm = mm;
      this.#vmaChange = change;
      this.#vmaFirst = memory.vmaRanges[at * 2] ?? 0;
      this.#vmaEnd = memory.vmaRanges[at * 2 + 1] ?? 0;
      this.#vmaBits = word(memory.vmaBits, at);
    }
    const asked = access & (ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC);
    return (asked & ~this.#vmaBits) === 0;
  }

  #install(mm: number, low: number, high: number, access: number): boolean {
    const memory = this.#memory;
    const { tables } = memory;
    if (this.#leaf === NO_FRAME || high !== this.#leafHigh || low >>> 9 !== this.#leafLow) {
      const root = word(memory.mms, mmWord(mm, MM.root));
      const leaf = leafTableOrCreate(
        tables,
        root,
        low,
        high,
        this.#tables.take,
        this.#tables.giveBack,
      );
      if (leaf === NO_FRAME) return false;
      this.#leaf = leaf;
      this.#leafHigh = high;
      this.#leafLow = low >>> 9;
    }

    const writes = (access & ACCESS_WRITE) !== 0;
    const flags =
      ENTRY_PRESENT | ENTRY_USER | ENTRY_ACCESSED | (writes ? ENTRY_WRITE | ENTRY_DIRTY : 0);
    const high32 = (this.#vmaBits & ACCESS_EXEC) !== 0 ? 0 : ENTRY_EXECUTE_DISABLE;
    const frame = this.#frames.take();
    if (frame === NO_FRAME) return false;
    for (;;) {
      const outcome = installEntry(tables, this.#leaf, low, entryOf(frame, flags), high32);
      if (outcome === INSTALLED) return true;
      if (outcome === LOST) continue;
      this.#frames.giveBack(frame);
      return true; // present already, or now with the wider permissions
    }
  }

  #misbehave(): void {
    const fault = this.#fault;
    if (fault === undefined || this.#handled < fault.afterGroups) return;
    this.#fault = undefined;
    if (fault.how === 'throw') throw new Error('a resolver threw, as the test asked');
    process.exit(1);
  }
}
