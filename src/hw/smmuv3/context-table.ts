/**
 * Context table: a stream's context descriptors by substream, in one level or in two.
 *
 *   linear      SSID: descriptor                                              (1024 of them at most)
 *   two levels  SSID 19:10 first-level descriptor   9:0 descriptor in a leaf of 64 KiB
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Level 1 Context Descriptor".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_alloc_cd_tables(), arm_smmu_get_cd_ptr().
 * Units:  tables are frames of table memory; a descriptor is named by its first word.
 */
import { bit, bitLayout, bits, placed, twoPlaces } from '../bit-layout.ts';
import { FRAME_WORDS, frameWord, NO_FRAME } from '../table-memory.ts';
import { CONTEXT_DESCRIPTOR } from './context-descriptor.ts';

export const CONTEXT_DIRECTORY_ENTRY = bitLayout(8, { v: bit(0), l2Ptr: bits(51, 12) });

/** S1Fmt of a stream table entry. */
export const CONTEXT_FORMAT = { linear: 0, leavesOf64K: 2 } as const;

const LEAF_BITS = 10;
const LEAF_CONTEXTS = 2 ** LEAF_BITS;
const CONTEXT_WORDS = CONTEXT_DESCRIPTOR.bytes / 4;
const LEAF_FRAMES = (LEAF_CONTEXTS * CONTEXT_WORDS) / FRAME_WORDS;
const DIRECTORY_ENTRY_WORDS = CONTEXT_DIRECTORY_ENTRY.bytes / 4;
const VALID = CONTEXT_DIRECTORY_ENTRY.place('v');
const [LEAF] = twoPlaces(CONTEXT_DIRECTORY_ENTRY.places('l2Ptr'));

export type ContextTable = {
  readonly words: Int32Array;
  /** First frame: of the descriptors, or of the directory. */
  readonly root: number;
  readonly format: (typeof CONTEXT_FORMAT)[keyof typeof CONTEXT_FORMAT];
  /** Log2 of the substreams it has room for. */
  readonly cdMax: number;
};

const framesOf = (words: number): number => Math.ceil(words / FRAME_WORDS);
const isLinear = (substreams: number): boolean => substreams <= LEAF_CONTEXTS;
const leavesOf = (substreams: number): number => Math.ceil(substreams / LEAF_CONTEXTS);
const directoryFrames = (substreams: number): number =>
  framesOf(leavesOf(substreams) * DIRECTORY_ENTRY_WORDS);

/** Frames of a table for that many substreams, with all its leaves. */
export const contextFrames = (substreams: number): number =>
  isLinear(substreams)
    ? framesOf(substreams * CONTEXT_WORDS)
    : directoryFrames(substreams) + leavesOf(substreams) * LEAF_FRAMES;

/** An empty table; `takeFrames` gives the first of consecutive zeroed frames. */
export function contextTable(
  words: Int32Array,
  substreams: number,
  takeFrames: (count: number) => number,
): ContextTable {
  const cdMax = Math.ceil(Math.log2(substreams));
  if (isLinear(substreams)) {
    const root = takeFrames(contextFrames(substreams));
    return { words, root, format: CONTEXT_FORMAT.linear, cdMax };
  }
  const root = takeFrames(directoryFrames(substreams));
  for (let leaf = 0; leaf < leavesOf(substreams); leaf += 1) {
    const hung = placed(takeFrames(LEAF_FRAMES), LEAF) | placed(1, VALID);
    Atomics.store(words, frameWord(root) + leaf * DIRECTORY_ENTRY_WORDS, hung);
  }
  return { words, root, format: CONTEXT_FORMAT.leavesOf64K, cdMax };
}

/** First word of a substream's descriptor as hardware finds it, or -1 when it has no leaf. */
export function contextAt({ words, root, format }: ContextTable, ssid: number): number {
  if (format === CONTEXT_FORMAT.linear) return frameWord(root) + ssid * CONTEXT_WORDS;
  const at = frameWord(root) + (ssid >>> LEAF_BITS) * DIRECTORY_ENTRY_WORDS;
  const entry = Atomics.load(words, at);
  const leaf = (entry & placed(1, VALID)) === 0 ? NO_FRAME : (entry >>> LEAF.shift) & LEAF.mask;
  return leaf === NO_FRAME ? -1 : frameWord(leaf) + (ssid & (LEAF_CONTEXTS - 1)) * CONTEXT_WORDS;
}
