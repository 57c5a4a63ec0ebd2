/**
 * Host page table (v1): what the device table entry's mode and root name, walked level by level.
 *
 *   63 ..  62 IW  61 IR  51:12 next table or page  11:9 next level (0: a page)  0 present
 *
 * Spec:   AMD IOMMU Specification, "I/O Page Tables".
 * Kernel: drivers/iommu/amd/amd_iommu_types.h, IOMMU_PTE_*, PM_LEVEL_*.
 * Units:  frames of table memory; level n translates 9 bits of the page number from 9 * (n - 1) on.
 * Policy: pages of 4 KiB only, one writer. A page number beyond the levels faults, as hardware's does.
 */
import { word } from '../../core/words.ts';
import { bit, bitLayout, bits } from '../bit-layout.ts';
import { frameWord, NO_FRAME, type TakeFrame } from '../table-memory.ts';

export const HOST_ENTRY = bitLayout(8, {
  present: bit(0),
  nextLevel: bits(11, 9),
  frame: bits(51, 12),
  read: bit(61),
  write: bit(62),
});

const LEVEL_PAGES = 512;
const ENTRY_WORDS = HOST_ENTRY.bytes / 4;

export type HostTable = {
  readonly words: Int32Array;
  /** 0: no table, every address is itself. */
  readonly levels: number;
  readonly root: number;
};

/** Where a page of the table's address space lies, or undefined when nothing maps it. */
export function hostFrame({ words, levels, root }: HostTable, page: number): number | undefined {
  if (levels === 0) return page;
  if (page >= LEVEL_PAGES ** levels) return undefined;
  let table = root;
  for (let level = levels; level > 0; ) {
    const entry = HOST_ENTRY.readWords(words, hostEntryWord(table, page, level));
    if (entry.present === 0) return undefined;
    if (entry.nextLevel === 0) return level === 1 ? entry.frame : undefined;
    if (entry.nextLevel >= level) return undefined;
    table = entry.frame;
    level = entry.nextLevel;
  }
  return undefined;
}

/** Maps one page; false when frames ran out or the page is beyond the table. */
export function mapHostPage(
  { words, levels, root }: HostTable,
  page: number,
  frame: number,
  takeFrame: TakeFrame,
): boolean {
  if (levels === 0 || page >= LEVEL_PAGES ** levels) return false;
  let table = root;
  for (let level = levels; level > 1; level -= 1) {
    const at = hostEntryWord(table, page, level);
    const seen = HOST_ENTRY.readWords(words, at);
    if (seen.present === 1) {
      table = seen.frame;
      continue;
    }
    const below = takeFrame();
    if (below === NO_FRAME) return false;
    write(words, at, below, level - 1);
    table = below;
  }
  write(words, hostEntryWord(table, page, 1), frame, 0);
  return true;
}

const hostEntryWord = (table: number, page: number, level: number): number =>
  frameWord(table) + (Math.floor(page / LEVEL_PAGES ** (level - 1)) % LEVEL_PAGES) * ENTRY_WORDS;

/** The low word last: it holds the present bit. */
function write(words: Int32Array, at: number, frame: number, nextLevel: number): void {
  const image = new Int32Array(ENTRY_WORDS);
  HOST_ENTRY.writeWords(image, 0, { present: 1, nextLevel, frame, read: 1, write: 1 });
  words[at + 1] = word(image, 1);
  Atomics.store(words, at, word(image, 0));
}
