/**
 * Ioctl: the system calls of an iommufd as bytes, so that what a real program passed can be passed here.
 *
 * Kernel: drivers/iommu/iommufd/main.c, iommufd_fops_ioctl(), iommufd_ucmd_respond(); include/uapi/linux/iommufd.h.
 *
 * A structure begins with its size, so that old and new callers get on with old and new kernels.
 */
import type { BitLayout, BitTable, BitValues } from '../hw/bit-layout.ts';
import type { HwInfo } from './hw-info.ts';
import type { IommufdCalls } from './iommufd-calls.ts';
import { type IommufdError, refuse, refuseIf } from './iommufd-error.ts';
import type { OpenFile } from './open-file.ts';
import { CALL, highWord, join, lowWord, SELFTEST_HW_INFO_DATA } from './uapi.ts';
import { type UserBuffer, viewOf } from './user-memory.ts';
import { structFromUser } from './user-struct.ts';

/** Type of every command, in bits 15 to 8: ';'. */
const TYPE = 0x3b00;
const SIZE_BYTES = 4;
/** As much as the most requests of the longest kind that Linux knows would take. */
const INVALIDATION_BYTES_MAX = 2 ** 25;

/** What the caller's program lends: its memory and its file descriptors. */
export type Caller = {
  /** The bytes at an address of the caller; undefined where nothing is mapped. */
  readonly memory: (address: bigint, length: number) => UserBuffer;
  /** Gives a file a descriptor. */
  readonly install: (file: OpenFile) => number;
};

/** Says that the call failed although it has something to answer. */
type Fail = (error: IommufdError) => void;

type Row = {
  readonly run: (iommufd: IommufdCalls, bytes: Uint8Array, caller: Caller) => void;
};

/** A row that reads the structure, makes the call and writes the fields it answers with. */
function row<Table extends BitTable>(
  { minimum, layout }: { readonly minimum: number; readonly layout: BitLayout<Table> },
  call: (
    iommufd: IommufdCalls,
    given: BitValues<Table>,
    caller: Caller,
    fail: Fail,
  ) => Partial<BitValues<Table>>,
): Row {
  return {
    run: (iommufd, bytes, caller) => {
      refuseIf(bytes.length < SIZE_BYTES, 'EFAULT', 'the structure has no room for its size');
      const size = viewOf(bytes).getUint32(0, true);
      const given = structFromUser(layout, minimum, bytes, size);
      let failure: IommufdError | undefined;
      const answered = call(iommufd, given, caller, (error) => {
        failure = error;
      });
      const whole = new Uint8Array(layout.bytes);
      layout.write(viewOf(whole), 0, { ...given, ...answered });
      bytes.set(whole.subarray(0, Math.min(size, layout.bytes)));
      if (failure !== undefined) throw failure;
    },
  };
}

/** Data of a driver's own: there is none without a length, and none behind a null pointer. */
const dataAt = ({ memory }: Caller, address: bigint, length: number): UserBuffer =>
  address === 0n || length === 0 ? undefined : memory(address, length);

/** As much of the driver's info as there is room for; what is beyond it becomes zero. */
function copyInfo({ flags, register }: HwInfo, room: UserBuffer): void {
  if (room === undefined) refuse('EFAULT', 'the info has no mapped memory');
  else {
    const whole = new Uint8Array(SELFTEST_HW_INFO_DATA.bytes);
    SELFTEST_HW_INFO_DATA.write(viewOf(whole), 0, { flags, register });
    room.fill(0).set(whole.subarray(0, room.length));
  }
}

const ROWS: { readonly [number: number]: Row } = {
  128: row(CALL.destroy, (iommufd, { id }) => {
    iommufd.destroy(id);
    return {};
  }),
  129: row(CALL.ioasAlloc, (iommufd, { flags }) => ({ outIoasId: iommufd.ioasAlloc(flags) })),
  131: row(CALL.ioasCopy, (iommufd, given) => {
    const iova = iommufd.ioasCopy({
      flags: given.flags,
      dstIoasId: given.dstIoasId,
      srcIoasId: given.srcIoasId,
      length: join(given.length, given.lengthHigh),
      dstIova: join(given.dstIova, given.dstIovaHigh),
      srcIova: join(given.srcIova, given.srcIovaHigh),
    });
    return { dstIova: lowWord(iova), dstIovaHigh: highWord(iova) };
  }),
  132: row(CALL.ioasIovaRanges, (iommufd, given, caller) => {
    refuseIf(given.reserved !== 0, 'EOPNOTSUPP', 'a reserved field is not 0');
    const { ranges, alignment } = iommufd.iovaRanges(given.ioasId);
    const room = Math.min(given.rangeCount, ranges.length);
    const buffer = caller.memory(join(given.ranges, given.rangesHigh), room * 16);
    for (const [index, { first, last }] of ranges.slice(0, room).entries()) {
      if (buffer === undefined) return refuse('EFAULT', 'the ranges have no mapped memory');
      viewOf(buffer).setBigUint64(index * 16, first, true);
      viewOf(buffer).setBigUint64(index * 16 + 8, last, true);
    }
    return {
      rangeCount: ranges.length,
      outAlignment: lowWord(alignment),
      outAlignmentHigh: highWord(alignment),
    };
  }),
  133: row(CALL.ioasMap, (iommufd, given) => {
    refuseIf(given.reserved !== 0, 'EOPNOTSUPP', 'a reserved field is not 0');
    const iova = iommufd.ioasMap({
      ioasId: given.ioasId,
      flags: given.flags,
      userAddress: join(given.userAddress, given.userAddressHigh),
      length: join(given.length, given.lengthHigh),
      iova: join(given.iova, given.iovaHigh),
    });
    return { iova: lowWord(iova), iovaHigh: highWord(iova) };
  }),
  134: row(CALL.ioasUnmap, (iommufd, given) => {
    const iova = join(given.iova, given.iovaHigh);
    const bytes = iommufd.ioasUnmap(given.ioasId, iova, join(given.length, given.lengthHigh));
    return { length: lowWord(bytes), lengthHigh: highWord(bytes) };
  }),
  137: row(CALL.hwptAlloc, (iommufd, given, caller) => {
    const { devId, ptId, flags, faultId, dataType, dataLength, reserved } = given;
    const data = dataAt(caller, join(given.data, given.dataHigh), dataLength);
    return {
      outHwptId: iommufd.hwptAlloc({
        devId,
        ptId,
        flags,
        faultId,
        dataType,
        dataLength,
        data,
        reserved,
      }),
    };
  }),
  138: row(CALL.getHwInfo, (iommufd, given, caller) => {
    refuseIf(given.reserved !== 0, 'EOPNOTSUPP', 'a reserved field is not 0');
    const info = iommufd.hwInfo(given.devId, given.flags, given.dataType);
    const room = dataAt(caller, join(given.data, given.dataHigh), given.dataLength);
    if (given.dataLength > 0) copyInfo(info, room);
    return {
      dataLength: info.length,
      dataType: info.type,
      outPasidBits: info.pasidBits,
      outCapabilities: info.capabilities,
    };
  }),
  139: row(CALL.setDirtyTracking, (iommufd, { hwptId, flags, reserved }) => {
    refuseIf(reserved !== 0, 'EOPNOTSUPP', 'a reserved field is not 0');
    iommufd.setDirtyTracking(hwptId, flags);
    return {};
  }),
  141: row(CALL.hwptInvalidate, (iommufd, given, caller, fail) => {
    const { hwptId, dataType, entryLength, entryCount, reserved } = given;
    const address = join(given.data, given.dataHigh);
    const data = dataAt(
      caller,
      address,
      Math.min(entryLength * entryCount, INVALIDATION_BYTES_MAX),
    );
    const { processed, error } = iommufd.invalidate({
      id: hwptId,
      dataType,
      entryLength,
      entryCount,
      data,
      reserved,
    });
    if (error !== undefined) fail(error);
    return { entryCount: processed };
  }),
  142: row(CALL.faultAlloc, (iommufd, { flags }, { install }) => {
    const { id, file } = iommufd.faultQueueAlloc(flags);
    return { outFaultId: id, outFaultFd: install(file) };
  }),
  144: row(CALL.viommuAlloc, (iommufd, given, caller) => {
    const { type, devId, hwptId, flags, dataLength, reserved } = given;
    refuseIf(reserved !== 0, 'EOPNOTSUPP', 'a reserved field is not 0');
    const data = dataAt(caller, join(given.data, given.dataHigh), dataLength);
    const outViommuId = iommufd.viommuAlloc({ type, devId, hwptId, flags, data, dataLength });
    return { outViommuId };
  }),
  145: row(CALL.vdeviceAlloc, (iommufd, { viommuId, devId, virtId, virtIdHigh }) => ({
    outVdeviceId: iommufd.vdeviceAlloc({ viommuId, devId, virtId: join(virtId, virtIdHigh) }),
  })),
  147: row(CALL.veventqAlloc, (iommufd, given, { install }) => {
    const { viommuId, type, depth, flags, reserved } = given;
    refuseIf(reserved !== 0, 'EOPNOTSUPP', 'a reserved field is not 0');
    const { id, file } = iommufd.veventqAlloc({ viommuId, type, depth, flags });
    return { outVeventqId: id, outVeventqFd: install(file) };
  }),
  148: row(CALL.hwQueueAlloc, (iommufd, given) => {
    const { viommuId, type, index, flags } = given;
    const iova = join(given.iova, given.iovaHigh);
    const length = join(given.length, given.lengthHigh);
    return {
      outHwQueueId: iommufd.hwQueueAlloc({ viommuId, type, index, iova, length, flags }),
    };
  }),
};

/**
 * One ioctl(): `command` as the program passes it, the structure in `bytes`, answered in place.
 *
 * @throws IommufdError ENOTTY for a command that is not known, and those of the call.
 */
export function ioctl(
  iommufd: IommufdCalls,
  command: number,
  bytes: Uint8Array,
  caller: Caller,
): void {
  const found = (command & 0xff00) === TYPE ? ROWS[command & 0xff] : undefined;
  if (found === undefined) refuse('ENOTTY', `there is no command ${command}`);
  else found.run(iommufd, bytes, caller);
}
