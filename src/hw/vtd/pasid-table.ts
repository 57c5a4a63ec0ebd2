/**
 * PASID table: a device's directory of leaf tables, each of 64 entries, grown when first needed.
 *
 *   PASID 19:6 directory entry (8 bytes)   5:0 entry in a leaf table (64 bytes, one frame a table)
 *
 * Spec:   Intel VT-d, "Scalable-Mode PASID Directory Entry".
 * Kernel: drivers/iommu/intel/pasid.c, intel_pasid_get_entry().
 * Units:  tables are frames of table memory; an entry is named by its first word.
 */
import { word } from '../../core/words.ts';
import { bit, bitLayout, bits, placed, twoPlaces } from '../bit-layout.ts';
import {
  FRAME_WORDS,
  frameWord,
  type GiveBack,
  NO_FRAME,
  type TakeFrame,
} from '../table-memory.ts';
import { PASID_ENTRY_WORDS } from './pasid-entry.ts';

export const PASID_DIRECTORY_ENTRY = bitLayout(8, {
  p: bit(0),
  fpd: bit(1),
  table: bits(63, 12),
});

const LEAF_BITS = 6;
const LEAF_MASK = 2 ** LEAF_BITS - 1;
const DIRECTORY_ENTRY_WORDS = PASID_DIRECTORY_ENTRY.bytes / 4;
const DIRECTORY_P = PASID_DIRECTORY_ENTRY.place('p');
const [TABLE] = twoPlaces(PASID_DIRECTORY_ENTRY.places('table'));

/** Frames a directory for `pasids` PASIDs takes; they must be consecutive. */
export const directoryFrames = (pasids: number): number =>
  Math.ceil((Math.ceil(pasids / 2 ** LEAF_BITS) * DIRECTORY_ENTRY_WORDS) / FRAME_WORDS);

/** Frames of its leaf tables, once each has been made. */
export const leafFrames = (pasids: number): number => Math.ceil(pasids / 2 ** LEAF_BITS);

export type PasidTable = {
  readonly words: Int32Array;
  /** First frame of the directory, zeroed. */
  readonly directory: number;
  /** PASIDs the directory covers. */
  readonly pasids: number;
  readonly takeFrame: TakeFrame;
  readonly giveBack: GiveBack;
};

const directoryEntryWord = (table: PasidTable, pasid: number): number =>
  frameWord(table.directory) + (pasid >>> LEAF_BITS) * DIRECTORY_ENTRY_WORDS;
const entryIn = (leaf: number, pasid: number): number =>
  frameWord(leaf) + (pasid & LEAF_MASK) * PASID_ENTRY_WORDS;
const leafOf = (directoryEntry: number): number =>
  (directoryEntry & placed(1, DIRECTORY_P)) === 0
    ? NO_FRAME
    : (directoryEntry >>> TABLE.shift) & TABLE.mask;

/** First word of a PASID's entry as hardware finds it, or -1 when it has no leaf table. */
export function pasidEntryAt(table: PasidTable, pasid: number): number {
  if (pasid >= table.pasids) return -1;
  const leaf = leafOf(word(table.words, directoryEntryWord(table, pasid)));
  return leaf === NO_FRAME ? -1 : entryIn(leaf, pasid);
}

/** As `pasidEntryAt`, making the leaf table when missing; -1 when frames ran out. */
export function pasidEntryOrCreate(table: PasidTable, pasid: number): number {
  if (pasid >= table.pasids) return -1;
  const { words } = table;
  const at = directoryEntryWord(table, pasid);
  const seen = leafOf(Atomics.load(words, at));
  if (seen !== NO_FRAME) return entryIn(seen, pasid);

  const frame = table.takeFrame();
  if (frame === NO_FRAME) return -1;
  const hung = placed(frame, TABLE) | placed(1, DIRECTORY_P);
  const winner = Atomics.compareExchange(words, at, 0, hung);
  if (winner === 0) return entryIn(frame, pasid);
  table.giveBack(frame);
  return entryIn(leafOf(winner), pasid);
}
