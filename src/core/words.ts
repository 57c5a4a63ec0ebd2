/**
 * Reads of typed arrays whose index the caller has already bounded.
 *
 * The compiler types an indexed read as possibly undefined; in the data plane every index comes from
 * a masked counter or a checked id. One function an array type keeps each read monomorphic.
 */

/** Caller's duty: `index` is inside `words`. */
export const word = (words: Int32Array, index: number): number => words[index] as number; // bounded by the caller
/** Caller's duty: `index` is inside `words`. */
export const double = (words: Float64Array, index: number): number => words[index] as number; // bounded by the caller
