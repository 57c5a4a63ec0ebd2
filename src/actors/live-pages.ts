/**
 * Live pages: the mappings and page tables of one process in shared memory, as its mm's effects change them.
 *
 * Kernel: mm/mmap.c, do_vmi_align_munmap(), exit_mmap(); mm/mprotect.c; mm/memory.c, unmap_page_range().
 * Actor:  one a process, on the main thread; every change is made inside the address space's write lock.
 *
 * Zapped frames are kept aside: they go back to the allocator only when no IOTLB or ATC can hold them.
 */
import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE } from '../hw/access.ts';
import type { FrameBatch } from '../hw/frame-batch.ts';
import { ENTRY_USER } from '../hw/page-table-entry.ts';
import { clearRange, forEachTable, protectRange } from '../hw/page-table-range.ts';
import {
  type AddressSpaceWriter,
  mmWord,
  storeVmas,
  type Vma,
  vmasOf,
  withoutRange,
  withVma,
} from '../workers/address-space.ts';
import { MM, MM_ALIVE, MM_DEAD } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type { FrameStore } from './frame-store.ts';

const ADDRESS_SPACE_PAGES = 2 ** 35;
const READABLE = ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC;

export class LivePages {
  readonly #memory: StormMemory;
  readonly #frames: FrameStore;
  readonly #writer: AddressSpaceWriter;
  readonly #mm: number;
  readonly #root: number;
  #zapped: FrameBatch;

  /** `writer` is the lock of the slot, which an earlier process may still be leaving. */
  constructor(memory: StormMemory, frames: FrameStore, mm: number, writer: AddressSpaceWriter) {
    this.#memory = memory;
    this.#frames = frames;
    this.#mm = mm;
    this.#root = frames.takeTable();
    this.#writer = writer;
    this.#zapped = frames.takeBatch();
  }

  /** Makes the empty address space of a new process the one that its slot names. */
  publish(instance: number): Promise<void> {
    const { mms } = this.#memory;
    return this.#writer.write(() => {
      mms[mmWord(this.#mm, MM.root)] = this.#root;
      mms[mmWord(this.#mm, MM.instance)] = instance;
      storeVmas(this.#memory, this.#mm, []);
      Atomics.store(mms, mmWord(this.#mm, MM.state), MM_ALIVE);
    });
  }

  /** Runs `change`, which may take pages away, inside the lock; returns the frames it zapped. */
  shrink(change: () => void): Promise<FrameBatch> {
    return this.#writer.write(() => {
      this.#countShrink();
      change();
      const zapped = this.#zapped;
      this.#zapped = this.#frames.takeBatch();
      return zapped;
    });
  }

  #countShrink(): void {
    Atomics.add(this.#memory.mms, mmWord(this.#mm, MM.shrinks), 1);
  }

  /** `bits` undefined leaves nothing mapped. */
  changeMapping(pfn: number, pages: number, bits: number | undefined): void {
    const vmas = vmasOf(this.#memory, this.#mm);
    const end = pfn + pages;
    const next: readonly Vma[] =
      bits === undefined ? withoutRange(vmas, pfn, end) : withVma(vmas, { first: pfn, end, bits });
    storeVmas(this.#memory, this.#mm, next);
  }

  /** As for private pages, writing is granted by the next fault only. */
  protect(pfn: number, pages: number, bits: number): void {
    const user = (bits & READABLE) !== 0 ? ENTRY_USER : 0;
    const executable = (bits & ACCESS_EXEC) !== 0;
    protectRange(this.#memory.tables, this.#root, pfn, pages, user, executable);
  }

  zap(pfn: number, pages: number): void {
    clearRange(this.#memory.tables, this.#root, pfn, pages, this.#zapped);
  }

  /** No fault is handled from here on: what mmget_not_zero() would say. */
  die(): Promise<void> {
    return this.#writer.write(() => {
      this.#countShrink();
      Atomics.store(this.#memory.mms, mmWord(this.#mm, MM.state), MM_DEAD);
    });
  }

  /** Frees every page and table without telling anybody. Caller's duty: hardware is cut off. */
  tearDown(): Promise<void> {
    return this.#writer.write(() => {
      const { tables } = this.#memory;
      storeVmas(this.#memory, this.#mm, []);
      this.zap(0, ADDRESS_SPACE_PAGES);
      this.#frames.giveData(this.#zapped);
      this.#zapped = this.#frames.takeBatch();
      forEachTable(tables, this.#root, (frame) => this.#frames.giveTable(frame));
    });
  }
}
