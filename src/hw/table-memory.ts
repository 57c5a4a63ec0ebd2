/**
 * Table memory: the shared arena whose 4 KiB frames hold page tables and PASID tables.
 *
 * Units:  frame n starts at word n * 1024; frame 0 is never used, so 0 can mean "no frame".
 * Policy: which frames are free is the allocator's. Table frames and data frames share one numbering:
 *         numbers below the arena's frame count are tables, numbers above it are data without bytes.
 */
import { PAGE_BYTES } from '../core/limits.ts';

export const FRAME_WORDS = PAGE_BYTES / 4;
export const FRAME_WORDS_SHIFT = 10;
export const NO_FRAME = 0;

/** Gives a zeroed frame, or NO_FRAME when there is none. */
export type TakeFrame = () => number;
/** Takes back a frame nobody ever wrote to. */
export type GiveBack = (frame: number) => void;

export const tableMemoryBytes = (frames: number): number => frames * PAGE_BYTES;

/** The arena as words; `byteOffset` is a multiple of 4. */
export const tableMemory = (
  buffer: SharedArrayBuffer,
  byteOffset: number,
  frames: number,
): Int32Array => new Int32Array(buffer, byteOffset, frames * FRAME_WORDS);

/** First word of a frame. */
export const frameWord = (frame: number): number => frame << FRAME_WORDS_SHIFT;

/** Caller's duty: no other thread can reach the frame. */
export function zeroFrame(words: Int32Array, frame: number): void {
  words.fill(0, frameWord(frame), frameWord(frame) + FRAME_WORDS);
}
