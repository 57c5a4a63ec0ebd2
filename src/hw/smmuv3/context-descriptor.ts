/**
 * Context descriptor: 64 bytes that name the page table, and the ASID, of one substream of a stream.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Context Descriptor".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.h, CTXDESC_*; arm-smmu-v3.c, arm_smmu_make_s1_cd();
 *         arm-smmu-v3-sva.c, arm_smmu_make_sva_cd().
 * Units:  the table's address / 16; MAIR in two words; `at` counts words of table memory, whose frames have 20 bits.
 * Policy: a descriptor is written so that hardware never meets a mixture (arm_smmu_write_entry()); the cache of
 *         configurations is emptied by the caller.
 */
import { word } from '../../core/words.ts';
import { type BitValues, bit, bitLayout, bits, piece, placed, twoPlaces } from '../bit-layout.ts';

export const CONTEXT_DESCRIPTOR = bitLayout(64, {
  t0Sz: bits(5, 0),
  tg0: bits(7, 6),
  epd0: bit(14),
  epd1: bit(30),
  v: bit(31),
  ips: bits(34, 32),
  aa64: bit(41),
  hd: bit(42),
  ha: bit(43),
  s: bit(44),
  r: bit(45),
  a: bit(46),
  aset: bit(47),
  asid: bits(63, 48),
  ttb0: bits(115, 68),
  mairLow: bits(223, 192),
  mairHigh: bits(255, 224),
});

export type ContextDescriptor = BitValues<typeof CONTEXT_DESCRIPTOR.table>;

export const EMPTY_CONTEXT: ContextDescriptor = {
  t0Sz: 0,
  tg0: 0,
  epd0: 0,
  epd1: 0,
  v: 0,
  ips: 0,
  aa64: 0,
  hd: 0,
  ha: 0,
  s: 0,
  r: 0,
  a: 0,
  aset: 0,
  asid: 0,
  ttb0: 0,
  mairLow: 0,
  mairHigh: 0,
};

export type ContextSetup = {
  readonly asid: number;
  readonly root: number;
  readonly t0Sz: number;
  readonly granule: number;
  readonly ips: number;
  readonly mairLow: number;
  readonly mairHigh: number;
  /** Faults stall the transaction instead of terminating it. */
  readonly stalls: boolean;
};

/**
 * A process's own table. The ASID is the SMMU's, not the CPU's, and ASET keeps the CPU's broadcast invalidations off
 * it: the notifier sends its own.
 */
export const svaContext = (setup: ContextSetup): ContextDescriptor => ({
  ...EMPTY_CONTEXT,
  t0Sz: setup.t0Sz,
  tg0: setup.granule,
  epd1: 1,
  v: 1,
  ips: setup.ips,
  aa64: 1,
  s: Number(setup.stalls),
  r: 1,
  a: 1,
  aset: 1,
  asid: setup.asid,
  ttb0: setup.root,
  mairLow: setup.mairLow,
  mairHigh: setup.mairHigh,
});

/**
 * What a process that exits leaves: a valid descriptor through which every access faults, and, unless the stream
 * can do nothing but stall, neither stalls nor is recorded.
 */
export const releasedContext = (
  context: ContextDescriptor,
  forcedStall: boolean,
): ContextDescriptor => ({
  ...context,
  t0Sz: 0,
  tg0: 0,
  ttb0: 0,
  epd0: 1,
  s: forcedStall ? context.s : 0,
  r: forcedStall ? context.r : 0,
});

const V = CONTEXT_DESCRIPTOR.place('v');
const EPD0 = CONTEXT_DESCRIPTOR.place('epd0');
const ASID = CONTEXT_DESCRIPTOR.place('asid');
const [ROOT] = twoPlaces(CONTEXT_DESCRIPTOR.places('ttb0'));
/** A frame in units of 16 bytes. */
const FRAME_SHIFT = 8;
const CONTEXT_WORDS = CONTEXT_DESCRIPTOR.bytes / 4;
/** Stalls and their recording are in the second word: it goes first when they end. */
const CONTROL_WORDS = 2;

/** A frame as the address field has it. */
export const contextRootOf = (frame: number): number => frame * 2 ** FRAME_SHIFT;

export const contextIsValid = (words: Int32Array, at: number): boolean =>
  (Atomics.load(words, at + V.word) & placed(1, V)) !== 0;
/** Valid, and its table may be walked. */
export const contextTranslates = (words: Int32Array, at: number): boolean =>
  (Atomics.load(words, at + V.word) & (placed(1, V) | placed(1, EPD0))) === placed(1, V);
export const contextAsid = (words: Int32Array, at: number): number => piece(words, at, ASID);
/** Frame of the table. */
export const contextRoot = (words: Int32Array, at: number): number =>
  piece(words, at, ROOT) >>> FRAME_SHIFT;

/** Writes a descriptor whole: over a valid one, V goes first and comes back last. */
export function writeContext(words: Int32Array, at: number, context: ContextDescriptor): void {
  const image = new Int32Array(CONTEXT_WORDS);
  CONTEXT_DESCRIPTOR.writeWords(image, 0, context);
  invalidateContext(words, at);
  for (let place = CONTEXT_WORDS - 1; place >= 0; place -= 1) {
    Atomics.store(words, at + place, word(image, place));
  }
}

/** Takes V away; the rest stays. */
export function invalidateContext(words: Int32Array, at: number): void {
  Atomics.and(words, at + V.word, ~placed(1, V));
}

/** Writes nothing but zeros, V first. */
export function clearContext(words: Int32Array, at: number): void {
  for (let place = 0; place < CONTEXT_WORDS; place += 1) Atomics.store(words, at + place, 0);
}

/** What an exit leaves of a valid descriptor, which stays valid throughout: no stalls, no walks, then no table. */
export function releaseContext(words: Int32Array, at: number): void {
  const image = new Int32Array(CONTEXT_WORDS);
  const context = CONTEXT_DESCRIPTOR.readWords(words, at);
  CONTEXT_DESCRIPTOR.writeWords(image, 0, releasedContext(context, false));
  for (let place = CONTROL_WORDS - 1; place >= 0; place -= 1) {
    Atomics.store(words, at + place, word(image, place));
  }
  for (let place = CONTROL_WORDS; place < CONTEXT_WORDS; place += 1) {
    Atomics.store(words, at + place, word(image, place));
  }
}
