/**
 * PASID table entry: 64 bytes that say how the requests of one (device, PASID) are translated.
 *
 * Spec:   Intel VT-d, "Scalable-Mode PASID Table Entry".
 * Kernel: drivers/iommu/intel/pasid.h and pasid.c, struct pasid_entry.
 * Units:  `entry` is the entry's first word in table memory; roots are frame numbers.
 * Policy: the unit's lock, and the cache invalidations a change asks for, are the caller's.
 */
import { word } from '../../core/words.ts';
import { bit, bitLayout, bits, piece, placed, twoPlaces } from '../bit-layout.ts';

export const PASID_ENTRY = bitLayout(64, {
  p: bit(0),
  fpd: bit(1),
  aw: bits(4, 2),
  pgtt: bits(8, 6),
  ssade: bit(9),
  slptptr: bits(63, 12),
  did: bits(79, 64),
  pwsnp: bit(87),
  pgsnp: bit(88),
  sre: bit(128),
  flpm: bits(131, 130),
  wpe: bit(132),
  eafe: bit(135),
  flptptr: bits(191, 140),
});

export const PASID_ENTRY_WORDS = PASID_ENTRY.bytes / 4;

/** PGTT: which of the two roots translate. */
export const FIRST_STAGE = 1;
export const SECOND_STAGE = 2;
export const NESTED = 3;
export const PASS_THROUGH = 4;

/** AW: second-stage width, as the number of levels less two. */
export const WIDTH_39 = 1;
export const WIDTH_48 = 2;
export const WIDTH_57 = 3;

/**
 * `torn` is an entry between two owners: present gone, something else left. Kernel: such an entry
 * was given back by clearing P and has not been zeroed yet.
 */
export type PasidEntryState = 'present' | 'fault-disabled' | 'absent' | 'torn';

/** How an entry is emptied when faults shall not be logged until the device is unbound. */
export type FaultDisabling =
  | 'as-read' //  7.3: fault-disabled only if still present, which teardown has already undone
  | 'intended'; // always fault-disabled

const P = PASID_ENTRY.place('p');
const FPD = PASID_ENTRY.place('fpd');
const PGTT = PASID_ENTRY.place('pgtt');
const DID = PASID_ENTRY.place('did');
const [FIRST_ROOT] = twoPlaces(PASID_ENTRY.places('flptptr'));
const [SECOND_ROOT] = twoPlaces(PASID_ENTRY.places('slptptr'));

export const entryIsPresent = (words: Int32Array, entry: number): boolean =>
  (Atomics.load(words, entry + P.word) & placed(1, P)) !== 0;
export const entryTranslation = (words: Int32Array, entry: number): number =>
  piece(words, entry, PGTT);
export const entryDomain = (words: Int32Array, entry: number): number => piece(words, entry, DID);
/** Root of the first stage: the low 20 bits of its frame, all that table memory has. */
export const entryFirstRoot = (words: Int32Array, entry: number): number =>
  piece(words, entry, FIRST_ROOT);
/** Root of the second stage, likewise. */
export const entrySecondRoot = (words: Int32Array, entry: number): number =>
  piece(words, entry, SECOND_ROOT);

export function entryState(words: Int32Array, entry: number): PasidEntryState {
  const head = Atomics.load(words, entry + P.word);
  if ((head & placed(1, P)) !== 0) return 'present';
  if ((head & placed(1, FPD)) !== 0) return 'fault-disabled';
  for (let at = entry; at < entry + PASID_ENTRY_WORDS; at += 1) {
    if (word(words, at) !== 0) return 'torn';
  }
  return 'absent';
}

/** Takes the entry back from hardware; its other fields stay readable until it is zeroed. */
export function clearPresent(words: Int32Array, entry: number): void {
  Atomics.and(words, entry + P.word, ~placed(1, P));
}

export function zero(words: Int32Array, entry: number): void {
  replaceEntry(words, entry, 0);
}

/** Empties an entry of a dead address space; see FaultDisabling for what it leaves. */
export function markFaultDisabled(
  words: Int32Array,
  entry: number,
  disabling: FaultDisabling,
): void {
  const marks = disabling === 'intended' || entryIsPresent(words, entry);
  replaceEntry(words, entry, marks ? placed(1, FPD) : 0);
}

/** The first word goes first: hardware must not see a present entry without its roots. */
function replaceEntry(words: Int32Array, entry: number, head: number): void {
  Atomics.store(words, entry + P.word, head);
  for (let at = entry; at < entry + PASID_ENTRY_WORDS; at += 1) {
    if (at !== entry + P.word) Atomics.store(words, at, 0);
  }
}
