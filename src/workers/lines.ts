/**
 * Lines: control words that threads meet on, each group of words with its own writer on a line of its own.
 *
 * Units: a line is 128 bytes, two cache lines, so that neighbours are not prefetched into each other (measured:
 *        docs/performance.md).
 */
export const LINE_BYTES = 128;
export const LINE_WORDS = LINE_BYTES / 4;

/** Words in shared memory. */
export const sharedWords = (count: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(count * 4));
export const sharedDoubles = (count: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(count * 8));

/** The least power of two that is at least `least`. */
export const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, least)));
