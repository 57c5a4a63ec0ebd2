/**
 * Page table: four levels of 512 entries over shared table memory, walked by CPU and IOMMU alike.
 *
 *   high 17:9 level 4   high 8:0 level 3   low 17:9 level 2   low 8:0 level 1 (leaf table)
 *
 * Spec:   Intel 64 SDM, "4-Level Paging".
 * Kernel: mm/memory.c, __handle_mm_fault() and set_pte_range().
 * Units:  a page is named by its halves `low` and `high` (page-number.ts); frames are numbers of
 *         table memory, 0 meaning none.
 * Policy: locking is the caller's. Installers of one address space may run together; clearing and
 *         protecting exclude them; a frame given out must be zeroed.
 */
import { word } from '../core/words.ts';
import {
  ENTRY_EXECUTE_DISABLE,
  ENTRY_FLAGS_MASK,
  ENTRY_PERMISSIONS,
  ENTRY_PRESENT,
  entryFrame,
  entryOf,
  TABLE_ENTRY_BITS,
} from './page-table-entry.ts';
import { frameWord, type GiveBack, NO_FRAME, type TakeFrame } from './table-memory.ts';

const LEVEL_BITS = 9;
const INDEX_MASK = 511;

/** What `installEntry` found: only INSTALLED consumed the frame in `lo`. */
export const INSTALLED = 1;
/** Present with fewer permissions: they were widened, its frame kept. */
export const UPGRADED = 2;
/** Present and sufficient: nothing changed. */
export const ALREADY_PRESENT = 3;
/** Another installer came between: nothing changed, look again. */
export const LOST = 4;

/** First word of the leaf entry of a page. */
export const leafEntryWord = (table: number, low: number): number =>
  frameWord(table) + ((low & INDEX_MASK) << 1);

/** The leaf table of a page, or 0; plain reads, as a walk that is repeated when it misses. */
export function leafTable(words: Int32Array, root: number, low: number, high: number): number {
  let entry = word(words, frameWord(root) + ((high >>> LEVEL_BITS) << 1));
  if ((entry & ENTRY_PRESENT) === 0) return NO_FRAME;
  entry = word(words, frameWord(entryFrame(entry)) + ((high & INDEX_MASK) << 1));
  if ((entry & ENTRY_PRESENT) === 0) return NO_FRAME;
  entry = word(words, frameWord(entryFrame(entry)) + ((low >>> LEVEL_BITS) << 1));
  return (entry & ENTRY_PRESENT) === 0 ? NO_FRAME : entryFrame(entry);
}

/** The leaf table of a page, made with the tables above it when missing; 0 when frames ran out. */
export function leafTableOrCreate(
  words: Int32Array,
  root: number,
  low: number,
  high: number,
  takeFrame: TakeFrame,
  giveBack: GiveBack,
): number {
  let table = below(words, frameWord(root) + ((high >>> LEVEL_BITS) << 1), takeFrame, giveBack);
  if (table === NO_FRAME) return NO_FRAME;
  table = below(words, frameWord(table) + ((high & INDEX_MASK) << 1), takeFrame, giveBack);
  if (table === NO_FRAME) return NO_FRAME;
  return below(words, frameWord(table) + ((low >>> LEVEL_BITS) << 1), takeFrame, giveBack);
}

/** The table an upper entry points to, hung there when it pointed nowhere. */
function below(words: Int32Array, at: number, takeFrame: TakeFrame, giveBack: GiveBack): number {
  const seen = word(words, at);
  return (seen & ENTRY_PRESENT) === 0 ? hang(words, at, takeFrame, giveBack) : entryFrame(seen);
}

function hang(words: Int32Array, at: number, takeFrame: TakeFrame, giveBack: GiveBack): number {
  const seen = Atomics.load(words, at);
  if (seen !== 0) return entryFrame(seen);
  const frame = takeFrame();
  if (frame === NO_FRAME) return NO_FRAME;
  const winner = Atomics.compareExchange(words, at, 0, entryOf(frame, TABLE_ENTRY_BITS));
  if (winner === 0) return frame;
  giveBack(frame);
  return entryFrame(winner);
}

/** The low word of a leaf entry; a plain read. */
export const readEntry = (words: Int32Array, table: number, low: number): number =>
  word(words, leafEntryWord(table, low));

/** The high word of a leaf entry; a plain read. */
export const readEntryHigh = (words: Int32Array, table: number, low: number): number =>
  word(words, leafEntryWord(table, low) + 1);

/**
 * Maps a page, or widens what maps it: INSTALLED, UPGRADED, ALREADY_PRESENT or LOST.
 *
 * Every installer derives the same `hi` from the same VMA, so it may be stored before the contest
 * for `lo` is decided. An upgrade keeps frame, accessed and dirty bits.
 */
export function installEntry(
  words: Int32Array,
  table: number,
  low: number,
  lo: number,
  hi: number,
): number {
  const at = leafEntryWord(table, low);
  const seen = Atomics.load(words, at);
  if (seen === 0) {
    words[at + 1] = hi;
    return Atomics.compareExchange(words, at, 0, lo) === 0 ? INSTALLED : LOST;
  }

  const gainsExec = (word(words, at + 1) & ~hi & ENTRY_EXECUTE_DISABLE) !== 0;
  if ((lo & ~seen & ENTRY_PERMISSIONS) === 0 && !gainsExec) return ALREADY_PRESENT;
  if (gainsExec) words[at + 1] = hi;
  const wider = seen | (lo & ENTRY_FLAGS_MASK);
  return Atomics.compareExchange(words, at, seen, wider) === seen ? UPGRADED : LOST;
}
