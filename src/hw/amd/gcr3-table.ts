/**
 * GCR3 table: a function's page-table roots by PASID, in one to three levels of 4 KiB.
 *
 *   PASID 19:18 level 3   17:9 level 2   8:0 level 1: roots        (Linux enables 16 bits of PASID)
 *
 * Spec:   AMD IOMMU Specification, "Guest CR3 Table".
 * Kernel: drivers/iommu/amd/iommu.c, setup_gcr3_table(), __get_gcr3_pte(), update_gcr3().
 * Units:  tables and roots are frames of table memory; entries are 8 bytes, named by their first word.
 * Policy: emptying the caches a change asks for is the caller's, and so is the function's lock.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { word } from '../../core/words.ts';
import { bit, bitLayout, bits, placed, twoPlaces } from '../bit-layout.ts';
import { frameWord, NO_FRAME, type TakeFrame } from '../table-memory.ts';

export const GCR3_ENTRY = bitLayout(8, { valid: bit(0), root: bits(63, 12) });

const LEVEL_BITS = 9;
const INDEX_MASK = 2 ** LEVEL_BITS - 1;
const ENTRY_WORDS = GCR3_ENTRY.bytes / 4;
const LEVELS_MAX = 3;
/** PASIDs Linux enables at most: 16 bits of them. */
export const GCR3_PASIDS_MAX = 2 ** 16;

const VALID = GCR3_ENTRY.place('valid');
/** Table memory has frames of 20 bits. */
const [ROOT] = twoPlaces(GCR3_ENTRY.places('root'));

export type Gcr3Table = {
  readonly words: Int32Array;
  readonly root: number;
  readonly levels: 1 | 2 | 3;
  readonly takeFrame: TakeFrame;
};

export type Gcr3Error =
  | { readonly code: 'too-many-pasids'; readonly pasids: number } // EINVAL: more levels than the unit walks
  | { readonly code: 'no-memory' } //                                ENOMEM
  | { readonly code: 'out-of-range'; readonly pasid: number }; //    EINVAL: beyond the table

const LEVELS = [1, 2, 3] as const;

/** Levels a table for that many PASIDs needs; undefined when three do not do. */
export const gcr3LevelsFor = (pasids: number): 1 | 2 | 3 | undefined =>
  LEVELS.find((levels) => pasids <= 2 ** (LEVEL_BITS * levels));

/** Frames of a table in which every one of `pasids` PASIDs has its entry. */
export function gcr3Frames(pasids: number): number {
  let frames = 0;
  let tables = pasids;
  for (let level = gcr3LevelsFor(pasids) ?? LEVELS_MAX; level > 0; level -= 1) {
    tables = Math.ceil(tables / 2 ** LEVEL_BITS);
    frames += tables;
  }
  return frames;
}

/** Makes the levels above a PASID's entry when missing; its first word, or -1 when frames ran out. */
export const gcr3EntryOrCreate = (table: Gcr3Table, pasid: number): number =>
  covers(table, pasid) ? entryOrCreate(table, pasid) : -1;

/** A table with one empty page, for `pasids` PASIDs on a unit that walks `levelsMax` levels. */
export function gcr3Table(
  words: Int32Array,
  pasids: number,
  takeFrame: TakeFrame,
  levelsMax: number = LEVELS_MAX,
): Result<Gcr3Table, Gcr3Error> {
  const levels = gcr3LevelsFor(pasids);
  if (levels === undefined || levels > levelsMax) return err({ code: 'too-many-pasids', pasids });
  const root = takeFrame();
  if (root === NO_FRAME) return err({ code: 'no-memory' });
  return ok({ words, root, levels, takeFrame });
}

/** Points a PASID at a page table, making the levels between when missing. */
export function setGcr3(table: Gcr3Table, pasid: number, root: number): Result<void, Gcr3Error> {
  if (!covers(table, pasid)) return err({ code: 'out-of-range', pasid });
  const at = entryOrCreate(table, pasid);
  if (at < 0) return err({ code: 'no-memory' });
  Atomics.store(table.words, at, placed(root, ROOT) | placed(1, VALID));
  return ok(undefined);
}

/** Takes a PASID's root away; whether there was a table to take it from. */
export function clearGcr3(table: Gcr3Table, pasid: number): boolean {
  const at = covers(table, pasid) ? gcr3EntryAt(table, pasid) : -1;
  if (at < 0) return false;
  Atomics.store(table.words, at, 0);
  return true;
}

/** First word of a PASID's entry, or -1 when a level above it is missing. */
export function gcr3EntryAt(
  { words, root, levels }: Pick<Gcr3Table, 'words' | 'root' | 'levels'>,
  pasid: number,
): number {
  let table = root;
  for (let level = levels; level > 1; level -= 1) {
    table = gcr3EntryFrame(word(words, entryWord(table, pasid, level)));
    if (table === NO_FRAME) return -1;
  }
  return entryWord(table, pasid, 1);
}

/** What an entry points to, or NO_FRAME when it is not valid. */
export const gcr3EntryFrame = (entry: number): number =>
  (entry & placed(1, VALID)) === 0 ? NO_FRAME : (entry >>> ROOT.shift) & ROOT.mask;

/** First word of the entry of `pasid` in a table of that level; level 1 holds the roots. */
export const entryWord = (table: number, pasid: number, level: number): number =>
  frameWord(table) + ((pasid >>> (LEVEL_BITS * (level - 1))) & INDEX_MASK) * ENTRY_WORDS;

const covers = ({ levels }: Gcr3Table, pasid: number): boolean =>
  pasid >= 0 && pasid < Math.min(2 ** (LEVEL_BITS * levels), GCR3_PASIDS_MAX);

function entryOrCreate({ words, root, levels, takeFrame }: Gcr3Table, pasid: number): number {
  let table = root;
  for (let level = levels; level > 1; level -= 1) {
    const at = entryWord(table, pasid, level);
    const seen = gcr3EntryFrame(Atomics.load(words, at));
    if (seen !== NO_FRAME) {
      table = seen;
      continue;
    }
    const frame = takeFrame();
    if (frame === NO_FRAME) return -1;
    Atomics.store(words, at, placed(frame, ROOT) | placed(1, VALID));
    table = frame;
  }
  return entryWord(table, pasid, 1);
}
