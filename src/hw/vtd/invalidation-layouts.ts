/**
 * VT-d invalidation descriptors: where their bits are. All use the first 16 bytes only.
 *
 * Spec:   Intel VT-d, "Queued Invalidation Interface", "... Invalidate Descriptor" of each type.
 * Kernel: drivers/iommu/intel/iommu.h, QI_CC_*, QI_IOTLB_*, QI_DEV_IOTLB_*, QI_IWD_*, QI_PC_*.
 * Units:  addr is a page frame number. The wait descriptor's status address, a multiple of four
 *         bytes, is a page frame number and a count of 32-bit words into that page.
 */
import { bit, bitLayout, bits } from '../bit-layout.ts';

/** An entry of a queue in scalable mode; legacy entries are its first half. */
const BYTES = 32;

export const INVALIDATION_TYPE = {
  contextCache: 0x1,
  iotlb: 0x2,
  deviceTlb: 0x3,
  wait: 0x5,
  pasidIotlb: 0x6,
  pasidCache: 0x7,
  pasidDeviceTlb: 0x8,
} as const;

export const CONTEXT_GRANULARITY = { global: 1, domain: 2, device: 3 } as const;
export const IOTLB_GRANULARITY = { global: 1, domain: 2, pages: 3 } as const;
export const PASID_IOTLB_GRANULARITY = { pasid: 2, pages: 3 } as const;
export const PASID_CACHE_GRANULARITY = { domain: 0, pasid: 1, global: 3 } as const;

/** The one field all types share. */
export const INVALIDATION_HEADER = bitLayout(BYTES, { type: bits(3, 0) });

export const CONTEXT_CACHE_INVALIDATION = bitLayout(BYTES, {
  type: bits(3, 0),
  granularity: bits(5, 4),
  did: bits(31, 16),
  sid: bits(47, 32),
  functionMask: bits(49, 48),
});

export const IOTLB_INVALIDATION = bitLayout(BYTES, {
  type: bits(3, 0),
  granularity: bits(5, 4),
  drainWrites: bit(6),
  drainReads: bit(7),
  did: bits(31, 16),
  addressMask: bits(69, 64),
  hint: bit(70),
  addr: bits(127, 76),
});

export const DEVICE_TLB_INVALIDATION = bitLayout(BYTES, {
  type: bits(3, 0),
  pfsidLow: bits(15, 12),
  queueDepth: bits(20, 16),
  sid: bits(47, 32),
  pfsidHigh: bits(63, 52),
  size: bit(64),
  addr: bits(127, 76),
});

export const WAIT = bitLayout(BYTES, {
  type: bits(3, 0),
  interruptFlag: bit(4),
  statusWrite: bit(5),
  fence: bit(6),
  pageRequestDrain: bit(7),
  statusData: bits(63, 32),
  statusWord: bits(75, 66),
  statusPage: bits(127, 76),
});

export const PASID_IOTLB_INVALIDATION = bitLayout(BYTES, {
  type: bits(3, 0),
  granularity: bits(5, 4),
  did: bits(31, 16),
  pasid: bits(51, 32),
  addressMask: bits(69, 64),
  hint: bit(70),
  addr: bits(127, 76),
});

export const PASID_CACHE_INVALIDATION = bitLayout(BYTES, {
  type: bits(3, 0),
  granularity: bits(5, 4),
  did: bits(31, 16),
  pasid: bits(51, 32),
});

export const PASID_DEVICE_TLB_INVALIDATION = bitLayout(BYTES, {
  type: bits(3, 0),
  queueDepth: bits(8, 4),
  pfsidLow: bits(15, 12),
  sid: bits(31, 16),
  pasid: bits(51, 32),
  pfsidHigh: bits(63, 52),
  size: bit(75),
  addr: bits(127, 76),
});
