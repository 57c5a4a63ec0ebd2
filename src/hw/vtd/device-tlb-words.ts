/**
 * PASID-based device-TLB invalidations word by word: the one descriptor of which an unmap submits many.
 *
 * Spec:   Intel VT-d, "PASID-based-Device-TLB Invalidate Descriptor".
 * Kernel: drivers/iommu/intel/cache.c, cache_tag_flush_devtlb_psi(): one for each device of the domain.
 * Units:  `at` counts words; a range is a block of 2^order pages (invalidation-range.ts).
 *
 * The same bytes as `writeInvalidationWords` makes and `readInvalidationWords` reads, without the objects between.
 */
import { type IovaPfn, iovaPfn } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import { piece, placed, twoPlaces } from '../bit-layout.ts';
import { blockFirst, blockPages } from '../page-number.ts';
import {
  INVALIDATION_HEADER,
  INVALIDATION_TYPE,
  PASID_DEVICE_TLB_INVALIDATION as LAYOUT,
} from './invalidation-layouts.ts';
import { type InvalidationRange, ORDER_ALL } from './invalidation-range.ts';

const TYPE = INVALIDATION_HEADER.place('type');
const SID = LAYOUT.place('sid');
const PASID = LAYOUT.place('pasid');
const SIZE = LAYOUT.place('size');
const [ADDR_LOW, ADDR_HIGH] = twoPlaces(LAYOUT.places('addr'));
const WORDS = LAYOUT.bytes / 4;
const ADDR_LOW_BITS = Math.log2(ADDR_HIGH.worth);
invariant(TYPE.word === SID.word && SIZE.word === ADDR_LOW.word, 'the fields part');

/** Plain stores. Caller's duty: the block is aligned, every value fits its field. */
export function writePasidDeviceTlbWords(
  words: Int32Array,
  at: number,
  sid: number,
  pasid: number,
  { pfn, order }: InvalidationRange,
): void {
  for (let index = 0; index < WORDS; index += 1) words[at + index] = 0;
  const addr = order === 0 ? pfn : pfn + blockPages(order - 1) - 1;
  const high = Math.floor(addr / ADDR_HIGH.worth);
  words[at + SID.word] = placed(INVALIDATION_TYPE.pasidDeviceTlb, TYPE) | placed(sid, SID);
  words[at + PASID.word] = placed(pasid, PASID);
  words[at + ADDR_LOW.word] =
    placed(order === 0 ? 0 : 1, SIZE) | placed(addr & ADDR_LOW.mask, ADDR_LOW);
  words[at + ADDR_HIGH.word] = placed(high | 0, ADDR_HIGH);
}

export const isPasidDeviceTlb = (words: Int32Array, at: number): boolean =>
  piece(words, at, TYPE) === INVALIDATION_TYPE.pasidDeviceTlb;
export const pasidDeviceTlbSid = (words: Int32Array, at: number): number => piece(words, at, SID);
export const pasidDeviceTlbPasid = (words: Int32Array, at: number): number =>
  piece(words, at, PASID);

/** Whether the entry names one page alone. */
const isOnePage = (words: Int32Array, at: number): boolean => piece(words, at, SIZE) === 0;

/** Beyond ORDER_ALL for the one address that tells no size. */
export function pasidDeviceTlbOrder(words: Int32Array, at: number): number {
  if (isOnePage(words, at)) return 0;
  const low = piece(words, at, ADDR_LOW);
  if (low !== ADDR_LOW.mask) return 1 + trailingOnes(low);
  const high = word(words, at + ADDR_HIGH.word);
  return 1 + ADDR_LOW_BITS + (high === -1 ? 32 : trailingOnes(high));
}

/** First page of the block of that order. */
export function pasidDeviceTlbPage(words: Int32Array, at: number, order: number): IovaPfn {
  if (order >= ORDER_ALL) return iovaPfn(0);
  const low = piece(words, at, ADDR_LOW);
  const high = piece(words, at, ADDR_HIGH) >>> 0;
  const addr = high * ADDR_HIGH.worth + low;
  return iovaPfn(blockFirst(addr, order));
}

const trailingOnes = (bits: number): number => 31 - Math.clz32(~bits & (bits + 1));
