/**
 * AMD command layouts: where the fields of each command lie, counted from the first of its 16 bytes.
 *
 * Spec:   AMD IOMMU Specification, "Commands".
 * Kernel: drivers/iommu/amd/amd_iommu_types.h, CMD_*; iommu.c, build_*().
 */
import { bit, bitLayout, bits } from '../bit-layout.ts';

const BYTES = 16;

/** Entries of the command ring as Linux sets it up. */
export const COMMAND_ENTRIES = 512;

export const OPCODE = {
  completionWait: 0x1,
  invalidateDeviceEntry: 0x2,
  invalidatePages: 0x3,
  invalidateIotlbPages: 0x4,
  completePageRequest: 0x7,
  invalidateAll: 0x8,
} as const;

export const COMMAND_HEADER = bitLayout(BYTES, { opcode: bits(63, 60) });

/** The store address is that of a quadword. */
export const COMPLETION_WAIT = bitLayout(BYTES, {
  store: bit(0),
  address: bits(51, 3),
  opcode: bits(63, 60),
  dataLow: bits(95, 64),
  dataHigh: bits(127, 96),
});

export const INVALIDATE_DEVICE_ENTRY = bitLayout(BYTES, {
  deviceId: bits(15, 0),
  opcode: bits(63, 60),
});

export const INVALIDATE_PAGES = bitLayout(BYTES, {
  pasid: bits(19, 0),
  domain: bits(47, 32),
  opcode: bits(63, 60),
  size: bit(64),
  pde: bit(65),
  gn: bit(66),
  addr: bits(127, 76),
});

/** The invalidation queue a device is told to use is named by its own id. */
export const INVALIDATE_IOTLB_PAGES = bitLayout(BYTES, {
  deviceId: bits(15, 0),
  pasidHigh: bits(23, 16),
  queueDepth: bits(31, 24),
  queueId: bits(47, 32),
  pasidLow: bits(55, 48),
  opcode: bits(63, 60),
  size: bit(64),
  gn: bit(66),
  addr: bits(127, 76),
});

export const COMPLETE_PAGE_REQUEST = bitLayout(BYTES, {
  deviceId: bits(15, 0),
  pasid: bits(51, 32),
  opcode: bits(63, 60),
  gn: bit(66),
  tag: bits(104, 96),
  status: bits(111, 108),
});
