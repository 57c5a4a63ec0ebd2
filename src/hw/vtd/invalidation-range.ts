/**
 * Invalidation ranges: aligned blocks of pages, and the size bit that tells how large a block is.
 *
 * Spec:   Intel VT-d, "Device-TLB Invalidate Descriptor"; PCIe Base, "Invalidate Request Message".
 * Kernel: drivers/iommu/intel/cache.c, calculate_psi_aligned_address(); iommu.h,
 *         qi_desc_dev_iotlb() and qi_desc_dev_iotlb_pasid().
 * Units:  page frame numbers; a block is 2^order pages. Order 52 is every page.
 */
import { type IovaPfn, iovaPfn } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import { blockFirst, blockPages } from '../page-number.ts';

/** A block of this order leaves no address bit to compare. */
export const ORDER_ALL = 52;

/** `pfn` is a multiple of 2^order. */
export type InvalidationRange = { readonly pfn: IovaPfn; readonly order: number };

export const EVERY_PAGE: InvalidationRange = { pfn: iovaPfn(0), order: ORDER_ALL };

/** The smallest aligned block that holds the pages `first` to `last`, both included. */
export function rangeOf(first: number, last: number): InvalidationRange {
  invariant(first <= last, () => `a range from page ${first} back to ${last}`);
  const order = differingBits(first, last);
  return { pfn: iovaPfn(blockFirst(first, order)), order };
}

/** The address field and size bit of a device-TLB invalidation. */
export type SizedAddress = { readonly size: number; readonly addr: number };

/**
 * With the size bit set, the lowest zero bit of the address tells the block's size: it is the
 * highest bit below the block's own number. Every page is all ones up to bit 62.
 */
export function encodeSized({ pfn, order }: InvalidationRange): SizedAddress {
  invariant(order >= 0 && order <= ORDER_ALL, () => `order ${order} is beyond ${ORDER_ALL}`);
  invariant(pfn === blockFirst(pfn, order), () => `page ${pfn} is not aligned to order ${order}`);
  return order === 0 ? { size: 0, addr: pfn } : { size: 1, addr: pfn + blockPages(order - 1) - 1 };
}

/** Undefined for the one address without a zero bit, which the specification does not define. */
export function decodeSized({ size, addr }: SizedAddress): InvalidationRange | undefined {
  if (size === 0) return { pfn: iovaPfn(addr), order: 0 };
  let order = 1;
  for (let rest = addr; rest % 2 === 1; rest = Math.floor(rest / 2)) order += 1;
  if (order > ORDER_ALL) return undefined;
  return { pfn: iovaPfn(blockFirst(addr, order)), order };
}

/** Bits up to the highest in which two page numbers differ. */
function differingBits(first: number, last: number): number {
  const high = Math.floor(first / 2 ** 32) ^ Math.floor(last / 2 ** 32);
  return high === 0 ? 32 - Math.clz32(first ^ last) : 64 - Math.clz32(high);
}
