/**
 * Page-table ranges: clearing, protecting and tearing down whole stretches of an address space.
 *
 * Kernel: mm/memory.c, unmap_page_range() and free_pgtables(); mm/mprotect.c, change_protection().
 * Units:  a range is a first page frame number and a count of pages, at most 2^36 together.
 * Policy: exclusion is the caller's (mmap_lock held for writing), and so is invalidating what
 *         IOTLBs and ATCs remember.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import { TABLE_PAGES } from './page-number.ts';
import {
  ENTRY_EXECUTE_DISABLE,
  ENTRY_PERMISSIONS,
  ENTRY_PRESENT,
  entryFrame,
} from './page-table-entry.ts';
import { frameWord } from './table-memory.ts';

const ENTRIES = 512;
const ROOT_LEVEL = 4;
/** Pages under one entry of a table of each level; level 1 is the leaf table. */
const ENTRY_PAGES: readonly number[] = [0, 1, ENTRIES, ENTRIES ** 2, ENTRIES ** 3];

type VisitEntry = (at: number) => void;

/** Unmaps a range, giving each mapped frame to `freed`; tables stay. Returns pages unmapped. */
export function clearRange(
  words: Int32Array,
  root: number,
  pfn: number,
  pages: number,
  freed: (frame: number) => void,
): number {
  return visitRange(words, root, pfn, pages, (at) => {
    const last = Atomics.exchange(words, at, 0);
    words[at + 1] = 0;
    freed(entryFrame(last));
  });
}

/**
 * Gives every mapped page of a range exactly `permissionBits` (of ENTRY_PERMISSIONS) and
 * executability, keeping frame, accessed and dirty. Without ENTRY_USER nothing outside the kernel
 * may touch the page: PROT_NONE. Returns pages mapped there.
 */
export function protectRange(
  words: Int32Array,
  root: number,
  pfn: number,
  pages: number,
  permissionBits: number,
  executable: boolean,
): number {
  invariant((permissionBits & ~ENTRY_PERMISSIONS) === 0, `${permissionBits} are no permissions`);
  return visitRange(words, root, pfn, pages, (at) => {
    words[at + 1] = executable ? 0 : ENTRY_EXECUTE_DISABLE;
    // Hardware may set accessed and dirty at the same time; permissions change in one step.
    for (;;) {
      const seen = Atomics.load(words, at);
      const wanted = (seen & ~ENTRY_PERMISSIONS) | permissionBits;
      if (Atomics.compareExchange(words, at, seen, wanted) === seen) return;
    }
  });
}

/**
 * Visits every table frame of an address space, children before parents and the root last, so that
 * each may be freed when visited. Mapped data frames are not tables: clear them first.
 */
export function forEachTable(
  words: Int32Array,
  root: number,
  visit: (frame: number, level: number) => void,
): void {
  visitTables(words, root, ROOT_LEVEL, visit);
}

function visitTables(
  words: Int32Array,
  table: number,
  level: number,
  visit: (frame: number, level: number) => void,
): void {
  for (let index = 0; level > 1 && index < ENTRIES; index += 1) {
    const entry = word(words, frameWord(table) + (index << 1));
    if ((entry & ENTRY_PRESENT) !== 0) visitTables(words, entryFrame(entry), level - 1, visit);
  }
  visit(table, level);
}

function visitRange(
  words: Int32Array,
  root: number,
  pfn: number,
  pages: number,
  visit: VisitEntry,
): number {
  invariant(pfn >= 0 && pages >= 0, `a range of ${pages} pages at ${pfn}`);
  invariant(pfn + pages <= TABLE_PAGES, `${pages} pages at ${pfn} leave the address space`);
  return pages === 0 ? 0 : visitEntries(words, root, ROOT_LEVEL, pfn, pfn + pages - 1, visit);
}

/** Visits present leaf entries from page `first` to `last`, both relative to the table's start. */
function visitEntries(
  words: Int32Array,
  table: number,
  level: number,
  first: number,
  last: number,
  visit: VisitEntry,
): number {
  const span = ENTRY_PAGES[level] ?? 1;
  const firstIndex = Math.floor(first / span);
  const lastIndex = Math.floor(last / span);
  let visited = 0;
  for (let index = firstIndex; index <= lastIndex; index += 1) {
    const at = frameWord(table) + (index << 1);
    const entry = word(words, at);
    if ((entry & ENTRY_PRESENT) === 0) continue;
    if (level === 1) {
      visit(at);
      visited += 1;
      continue;
    }
    const from = index === firstIndex ? first - index * span : 0;
    const to = index === lastIndex ? last - index * span : span - 1;
    visited += visitEntries(words, entryFrame(entry), level - 1, from, to, visit);
  }
  return visited;
}
