/**
 * uAPI: the structures of iommufd's system calls and files, byte by byte.
 *
 * Kernel: include/uapi/linux/iommufd.h; drivers/iommu/iommufd/iommufd_test.h for the self-test's.
 * Units:  offsets are bytes; a 64-bit field is two words, the higher one ending in High.
 */
import { type BitField, type BitLayout, type BitTable, bitLayout } from '../hw/bit-layout.ts';

const u32 = (at: number): BitField => ({ lsb: at * 8, width: 32 });

export const FAULT_RECORD = bitLayout(40, {
  flags: u32(0),
  devId: u32(4),
  pasid: u32(8),
  groupId: u32(12),
  permissions: u32(16),
  reserved: u32(20),
  address: u32(24),
  addressHigh: u32(28),
  length: u32(32),
  cookie: u32(36),
});
export const FAULT_RESPONSE = bitLayout(8, { cookie: u32(0), code: u32(4) });
export const EVENT_HEADER = bitLayout(8, { flags: u32(0), sequence: u32(4) });
/** What the mock reports as an event's data. */
export const SELFTEST_EVENT = bitLayout(4, { virtId: u32(0) });
/** What the mock tells of its devices. */
export const SELFTEST_HW_INFO_DATA = bitLayout(8, { flags: u32(0), register: u32(4) });
/** The mock's nested page table. */
export const SELFTEST_HWPT = bitLayout(8, { iotlb: u32(0), pageTable: u32(4) });
export const SELFTEST_HWPT_INVALIDATE = bitLayout(8, { flags: u32(0), iotlbId: u32(4) });
export const SELFTEST_VIOMMU_INVALIDATE = bitLayout(12, {
  flags: u32(0),
  virtId: u32(4),
  cacheId: u32(8),
});
/** What the mock is told of a vIOMMU, and answers in the same place. */
export const SELFTEST_VIOMMU_DATA = bitLayout(24, {
  inData: u32(0),
  outData: u32(4),
  mmapOffset: u32(8),
  mmapOffsetHigh: u32(12),
  mmapLength: u32(16),
  mmapLengthHigh: u32(20),
});

/** Of a fault record's flags. */
export const FAULT_PASID_VALID = 1;
export const FAULT_LAST_PAGE = 2;
/** Of an event header's flags. */
export const EVENT_LOST = 1;

export const HWPT_NEST_PARENT = 1;
export const HWPT_DIRTY_TRACKING = 2;
export const HWPT_FAULT_ID_VALID = 4;
export const HWPT_PASID = 8;

export const MAP_FIXED_IOVA = 1;
export const MAP_WRITEABLE = 2;
export const MAP_READABLE = 4;

/** Types by which the self-test's mock is told from hardware. */
export const SELFTEST_HWPT_DATA = 0xdead;
export const SELFTEST_INVALIDATE_DATA = 0xdeadbeef;
export const SELFTEST_VIOMMU = 0xdeadbeef;
export const SELFTEST_EVENT_QUEUE = 0xbeefbeef;
export const SELFTEST_HW_QUEUE = 0xdeadbeef;
export const SELFTEST_HW_INFO = 0xfeedbeef;

type Struct<Table extends BitTable> = {
  /** Bytes a caller must know of at least. */
  readonly minimum: number;
  readonly layout: BitLayout<Table>;
};
const struct = <const Table extends BitTable>(
  minimum: number,
  bytes: number,
  table: Table,
): Struct<Table> => ({ minimum, layout: bitLayout(bytes, table) });

/** The structures of the system calls; the first word of each is its size. */
export const CALL = {
  destroy: struct(8, 8, { size: u32(0), id: u32(4) }),
  ioasAlloc: struct(12, 12, { size: u32(0), flags: u32(4), outIoasId: u32(8) }),
  ioasCopy: struct(40, 40, {
    size: u32(0),
    flags: u32(4),
    dstIoasId: u32(8),
    srcIoasId: u32(12),
    length: u32(16),
    lengthHigh: u32(20),
    dstIova: u32(24),
    dstIovaHigh: u32(28),
    srcIova: u32(32),
    srcIovaHigh: u32(36),
  }),
  ioasIovaRanges: struct(32, 32, {
    size: u32(0),
    ioasId: u32(4),
    rangeCount: u32(8),
    reserved: u32(12),
    ranges: u32(16),
    rangesHigh: u32(20),
    outAlignment: u32(24),
    outAlignmentHigh: u32(28),
  }),
  ioasMap: struct(40, 40, {
    size: u32(0),
    flags: u32(4),
    ioasId: u32(8),
    reserved: u32(12),
    userAddress: u32(16),
    userAddressHigh: u32(20),
    length: u32(24),
    lengthHigh: u32(28),
    iova: u32(32),
    iovaHigh: u32(36),
  }),
  ioasUnmap: struct(24, 24, {
    size: u32(0),
    ioasId: u32(4),
    iova: u32(8),
    iovaHigh: u32(12),
    length: u32(16),
    lengthHigh: u32(20),
  }),
  hwptAlloc: struct(24, 48, {
    size: u32(0),
    flags: u32(4),
    devId: u32(8),
    ptId: u32(12),
    outHwptId: u32(16),
    reserved: u32(20),
    dataType: u32(24),
    dataLength: u32(28),
    data: u32(32),
    dataHigh: u32(36),
    faultId: u32(40),
    reserved2: u32(44),
  }),
  getHwInfo: struct(32, 40, {
    size: u32(0),
    flags: u32(4),
    devId: u32(8),
    dataLength: u32(12),
    data: u32(16),
    dataHigh: u32(20),
    dataType: u32(24),
    outPasidBits: { lsb: 28 * 8, width: 8 },
    reserved: { lsb: 29 * 8, width: 24 },
    outCapabilities: u32(32),
    outCapabilitiesHigh: u32(36),
  }),
  setDirtyTracking: struct(16, 16, {
    size: u32(0),
    flags: u32(4),
    hwptId: u32(8),
    reserved: u32(12),
  }),
  hwptInvalidate: struct(32, 32, {
    size: u32(0),
    hwptId: u32(4),
    data: u32(8),
    dataHigh: u32(12),
    dataType: u32(16),
    entryLength: u32(20),
    entryCount: u32(24),
    reserved: u32(28),
  }),
  faultAlloc: struct(16, 16, {
    size: u32(0),
    flags: u32(4),
    outFaultId: u32(8),
    outFaultFd: u32(12),
  }),
  viommuAlloc: struct(24, 40, {
    size: u32(0),
    flags: u32(4),
    type: u32(8),
    devId: u32(12),
    hwptId: u32(16),
    outViommuId: u32(20),
    dataLength: u32(24),
    reserved: u32(28),
    data: u32(32),
    dataHigh: u32(36),
  }),
  vdeviceAlloc: struct(24, 24, {
    size: u32(0),
    viommuId: u32(4),
    devId: u32(8),
    outVdeviceId: u32(12),
    virtId: u32(16),
    virtIdHigh: u32(20),
  }),
  veventqAlloc: struct(32, 32, {
    size: u32(0),
    flags: u32(4),
    viommuId: u32(8),
    type: u32(12),
    depth: u32(16),
    outVeventqId: u32(20),
    outVeventqFd: u32(24),
    reserved: u32(28),
  }),
  hwQueueAlloc: struct(40, 40, {
    size: u32(0),
    flags: u32(4),
    viommuId: u32(8),
    type: u32(12),
    index: u32(16),
    outHwQueueId: u32(20),
    iova: u32(24),
    iovaHigh: u32(28),
    length: u32(32),
    lengthHigh: u32(36),
  }),
} as const;

/** Joins the two words of a 64-bit field. */
export const join = (low: number, high: number): bigint => BigInt(high) * 2n ** 32n + BigInt(low);
export const lowWord = (value: bigint): number => Number(value & 0xffff_ffffn);
export const highWord = (value: bigint): number => Number((value >> 32n) & 0xffff_ffffn);
