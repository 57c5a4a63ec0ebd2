/**
 * Page numbers in halves: a virtual page frame number as two small integers, for hot code.
 *
 *   pfn 35:18 high   17:0 low        pfn 51:32 high word   31:0 low word (as descriptors split it)
 *
 * Units:  pages of 4 KiB; 36 bits of page number are the 48 bits a four-level table translates.
 * Policy: a page number above 36 bits loses its top here; whoever accepts requests checks that
 *         they are canonical first.
 */
import { double } from '../core/words.ts';

/** Pages a process can address: the lower canonical half, 47 bits of bytes. */
export const USER_PAGES = 2 ** 35;
/** Pages a four-level table translates. */
export const TABLE_PAGES = 2 ** 36;

/** Powers of two as a table: the operator with a variable exponent is a library call of the compiler's. */
const BLOCKS = Float64Array.from({ length: 53 }, (_, order) => 2 ** order);

const HALF_BITS = 18;
const HALF_MASK = 2 ** HALF_BITS - 1;
const HIGH_IN_LOW_WORD = 32 - HALF_BITS;

/** Pages of a block of order 0 to 52: 2^order. */
export const blockPages = (order: number): number => double(BLOCKS, order);
/** First page of the block of that order around a page. */
export const blockFirst = (pfn: number, order: number): number =>
  Math.floor(pfn / blockPages(order)) * blockPages(order);

export const pageLow = (pfn: number): number => pfn & HALF_MASK;
export const pageHigh = (pfn: number): number => Math.floor(pfn / 2 ** HALF_BITS) & HALF_MASK;
export const pageOf = (low: number, high: number): number => high * 2 ** HALF_BITS + low;

/** The low half, of the number's low 32 bits. */
export const pageLowOf = (pfnLow32: number): number => pfnLow32 & HALF_MASK;
/** The high half, of the number's low 32 and high 20 bits. */
export const pageHighOf = (pfnLow32: number, pfnHigh20: number): number =>
  ((pfnLow32 >>> HALF_BITS) | (pfnHigh20 << HIGH_IN_LOW_WORD)) & HALF_MASK;
/** The number's low 32 bits, signed, as `writeRequestWords` takes them. */
export const pfnLow32Of = (low: number, high: number): number => low | (high << HALF_BITS);
/** The number's high 20 bits. */
export const pfnHigh20Of = (high: number): number => high >>> HIGH_IN_LOW_WORD;
