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
import type { FrameBatch } from './frame-batch.ts';
import { TABLE_PAGES } from './page-number.ts';
import {
  ENTRY_EXECUTE_DISABLE,
  ENTRY_PERMISSIONS,
  ENTRY_PRESENT,
  entryFrame,
} from './page-table-entry.ts';
import { frameWord } from './table-memory.ts';

const ENTRIES = 512;
const ENTRY_WORDS = 2;
const ROOT_LEVEL = 4;
/** Pages under one entry of a table of each level; level 1 is the leaf table. */
const ENTRY_PAGES: readonly number[] = [0, 1, ENTRIES, ENTRIES ** 2, ENTRIES ** 3];

/** Told the words of the entries of one leaf table that a range covers, present or not: from `at` to below `end`. */
type VisitRun = (at: number, end: number) => void;

/**
 * Unmaps a range, adding each mapped frame to `freed`; tables stay. Returns pages unmapped.
 *
 * Nobody else writes: installers are excluded, and the hardware of a storm finds accessed and dirty set. So plain
 * accesses do, which the release of the lock makes visible.
 */
export function clearRange(
  words: Int32Array,
  root: number,
  pfn: number,
  pages: number,
  freed: FrameBatch,
): number {
  const before = freed.count;
  visitRange(words, root, pfn, pages, (run, end) => {
    for (let at = run; at < end; at += ENTRY_WORDS) {
      const last = word(words, at);
      if (last === 0) continue;
      words[at] = 0;
      words[at + 1] = 0;
      freed.add(entryFrame(last));
    }
  });
  return freed.count - before;
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
  let mapped = 0;
  visitRange(words, root, pfn, pages, (run, end) => {
    for (let at = run; at < end; at += ENTRY_WORDS) {
      if ((word(words, at) & ENTRY_PRESENT) === 0) continue;
      words[at + 1] = executable ? 0 : ENTRY_EXECUTE_DISABLE;
      giveExactly(words, at, permissionBits);
      mapped += 1;
    }
  });
  return mapped;
}

/** Hardware may set accessed and dirty at the same time; permissions change in one step. */
function giveExactly(words: Int32Array, at: number, permissionBits: number): void {
  for (;;) {
    const seen = Atomics.load(words, at);
    const wanted = (seen & ~ENTRY_PERMISSIONS) | permissionBits;
    if (Atomics.compareExchange(words, at, seen, wanted) === seen) return;
  }
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
    const entry = word(words, frameWord(table) + index * ENTRY_WORDS);
    if ((entry & ENTRY_PRESENT) !== 0) visitTables(words, entryFrame(entry), level - 1, visit);
  }
  visit(table, level);
}

function visitRange(
  words: Int32Array,
  root: number,
  pfn: number,
  pages: number,
  visit: VisitRun,
): void {
  invariant(pfn >= 0 && pages >= 0, `a range of ${pages} pages at ${pfn}`);
  invariant(pfn + pages <= TABLE_PAGES, `${pages} pages at ${pfn} leave the address space`);
  if (pages > 0) visitRuns(words, root, ROOT_LEVEL, pfn, pfn + pages - 1, visit);
}

/** Visits leaf entries from page `first` to `last`, both relative to the table's start. */
function visitRuns(
  words: Int32Array,
  table: number,
  level: number,
  first: number,
  last: number,
  visit: VisitRun,
): void {
  const base = frameWord(table);
  if (level === 1) {
    visit(base + first * ENTRY_WORDS, base + (last + 1) * ENTRY_WORDS);
    return;
  }
  const span = ENTRY_PAGES[level] ?? 1;
  const firstIndex = Math.floor(first / span);
  const lastIndex = Math.floor(last / span);
  for (let index = firstIndex; index <= lastIndex; index += 1) {
    const entry = word(words, base + index * ENTRY_WORDS);
    if ((entry & ENTRY_PRESENT) === 0) continue;
    const from = index === firstIndex ? first - index * span : 0;
    const to = index === lastIndex ? last - index * span : span - 1;
    visitRuns(words, entryFrame(entry), level - 1, from, to, visit);
  }
}
