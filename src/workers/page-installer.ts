/**
 * Page installer: makes one page of an address space present, as handle_mm_fault() does for the page a fault names.
 *
 * Kernel: drivers/iommu/iommu-sva.c, iommu_sva_handle_mm(); mm/memory.c, handle_mm_fault().
 * Actor:  one a resolver; several install into one address space at once, by compare-exchange.
 * Policy: the address space is held for reading by the caller. Pages come private and without content: a page read
 *         first and written later keeps its frame and gains the write bit (the zero page is not modelled).
 */
import { VMAS_MAX } from '../core/limits.ts';
import { double, word } from '../core/words.ts';
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
import { findVma, mmWord } from './address-space.ts';
import { FreeList, MAGAZINE_MAX, Magazine } from './free-list.ts';
import { MM, RESOLVER } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';

const TABLE_MAGAZINE = 8;
const LEAF_BITS = 9;

export class PageInstaller {
  readonly #memory: StormMemory;
  readonly #frames: Magazine;
  readonly #tables: Magazine;
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

  constructor(memory: StormMemory, resolver: number) {
    const at = resolver * RESOLVER.words;
    const { resolvers, sizes } = memory;
    const fair = Math.max(1, Math.ceil(sizes.dataFrames / 4 / sizes.resolvers));
    this.#memory = memory;
    this.#frames = new Magazine(
      new FreeList(memory.frameList),
      resolvers,
      at + RESOLVER.frames,
      Math.min(MAGAZINE_MAX, fair),
    );
    this.#tables = new Magazine(
      new FreeList(memory.tableList),
      resolvers,
      at + RESOLVER.tables,
      TABLE_MAGAZINE,
    );
  }

  /** Forgets what may have changed since the lock was last given up. */
  beginGroup(): void {
    this.#leaf = NO_FRAME;
  }

  /** Maps one page, given as the low 32 bits of its number and its high 20 bits | access << 20. */
  faultIn(mm: number, pfnLow32: number, highAndAccess: number): boolean {
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
      this.#vmaFirst = double(memory.vmaRanges, at * 2);
      this.#vmaEnd = double(memory.vmaRanges, at * 2 + 1);
      this.#vmaBits = word(memory.vmaBits, at);
    }
    const asked = access & (ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC);
    return (asked & ~this.#vmaBits) === 0;
  }

  #install(mm: number, low: number, high: number, access: number): boolean {
    const memory = this.#memory;
    const { tables } = memory;
    if (this.#leaf === NO_FRAME || high !== this.#leafHigh || low >>> LEAF_BITS !== this.#leafLow) {
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
      this.#leafLow = low >>> LEAF_BITS;
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
}
