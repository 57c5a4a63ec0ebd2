/**
 * Open iommufd: an iommufd in the words of the field, its objects as values with methods.
 *
 * Kernel: include/uapi/linux/iommufd.h; the calls by id are iommufd-calls.ts.
 *
 *     const iommufd = openIommufd();
 *     const ioas = iommufd.ioasAlloc();
 *     const device = iommufd.bindDevice(ioas, { pasids: true });
 *     const faultQueue = iommufd.faultQueueAlloc();
 *     const hwpt = iommufd.hwptAlloc(device, ioas, { faultQueue });
 *     device.replace(hwpt);
 *     device.fault({ groupId: 1, address: 0x1000n });
 *     const [fault] = faultQueue.read();
 *     faultQueue.write([{ cookie: fault.cookie, code: 'success' }]);
 *
 * Whatever the kernel would refuse throws IommufdError, with its errno and the reason in words.
 */
import type { Driver } from '../actors/driver.ts';
import { MOCK_7_3 } from '../actors/mock-driver.ts';
import type { Errno } from '../machines/wiring-types.ts';
import { type AnsweredFault, FaultQueueFile } from './fault-queue-file.ts';
import { IommufdCalls } from './iommufd-calls.ts';
import { MOCK_NO_DIRTY_TRACKING, MOCK_PASIDS } from './mock-device.ts';
import type { ReportedFault } from './report-path.ts';
import {
  HWPT_DIRTY_TRACKING,
  HWPT_FAULT_ID_VALID,
  HWPT_NEST_PARENT,
  HWPT_PASID,
  MAP_FIXED_IOVA,
  MAP_READABLE,
  MAP_WRITEABLE,
  SELFTEST_HWPT,
  SELFTEST_HWPT_DATA,
  SELFTEST_VIOMMU,
} from './uapi.ts';
import { viewOf } from './user-memory.ts';

export type OpenOptions = {
  /** The mock of Linux 7.3 unless told otherwise. */
  readonly driver?: Driver;
  /** Hears every page response that reaches the driver. */
  readonly onPageResponse?: (response: AnsweredFault) => void;
};

/** Anything that has an id. */
export type Named = { readonly id: number };

export type MapOptions = {
  readonly userAddress: bigint;
  readonly length: bigint;
  /** Where; anywhere if left out. */
  readonly iova?: bigint;
  /** Both, unless told otherwise. */
  readonly readable?: boolean;
  readonly writeable?: boolean;
};

export type HwptOptions = {
  readonly nestParent?: boolean;
  readonly dirtyTracking?: boolean;
  /** May be attached to PASIDs, and to a function beside them. */
  readonly pasid?: boolean;
  readonly faultQueue?: Named;
  /** Nested on a page table or a vIOMMU, as the mock makes them. */
  readonly nested?: boolean;
};

export type DeviceOptions = { readonly pasids?: boolean; readonly dirtyTracking?: boolean };

export type Fault = Partial<ReportedFault> & Pick<ReportedFault, 'groupId'>;

export class Ioas {
  readonly id: number;
  readonly #calls: IommufdCalls;

  constructor(calls: IommufdCalls, id: number) {
    this.#calls = calls;
    this.id = id;
  }

  /** @returns where it was mapped. @throws IommufdError. */
  map({ userAddress, length, iova, readable = true, writeable = true }: MapOptions): bigint {
    const flags =
      (iova === undefined ? 0 : MAP_FIXED_IOVA) |
      (readable ? MAP_READABLE : 0) |
      (writeable ? MAP_WRITEABLE : 0);
    return this.#calls.ioasMap({ ioasId: this.id, flags, userAddress, length, iova: iova ?? 0n });
  }

  /** @returns the bytes unmapped. @throws IommufdError. */
  unmap(iova: bigint, length: bigint): bigint {
    return this.#calls.ioasUnmap(this.id, iova, length);
  }
}

/** A device bound to the iommufd; its PASID 0 is the function itself. */
export class Device {
  /** What destroys the binding. */
  readonly selftestId: number;
  readonly id: number;
  readonly #calls: IommufdCalls;

  constructor(calls: IommufdCalls, id: number, selftestId: number) {
    this.#calls = calls;
    this.id = id;
    this.selftestId = selftestId;
  }

  /** @returns the page table, which the IOAS chose if `target` is one. @throws IommufdError. */
  attach(target: Named, pasid = 0): Named {
    return { id: this.#calls.attach(this.selftestId, pasid, target.id) };
  }

  /** As attach, where something is attached already; what it still owes is answered invalid. */
  replace(target: Named, pasid = 0): Named {
    return { id: this.#calls.replace(this.selftestId, pasid, target.id) };
  }

  detach(pasid = 0): void {
    this.#calls.detach(this.selftestId, pasid);
  }

  /** The driver reports a fault. @returns 0, or why nobody could be handed it. */
  fault(fault: Fault): Errno {
    const { pasid = 0, groupId, permissions = 3, address = 0n, last = true } = fault;
    return this.#calls.reportFault(this.id, { pasid, groupId, permissions, address, last });
  }

  /** Detaches the function and leaves. @throws IommufdError EBUSY while PASIDs are attached. */
  unbind(): void {
    this.#calls.destroy(this.selftestId);
  }
}

export class OpenIommufd {
  /** The same by id, as the uAPI has it. */
  readonly calls: IommufdCalls;

  constructor({ driver = MOCK_7_3, onPageResponse = () => {} }: OpenOptions) {
    this.calls = new IommufdCalls(driver, ({ source, pasid, groupId, code }) =>
      onPageResponse({ source: source.rid, pasid, groupId, code }),
    );
  }

  ioasAlloc(): Ioas {
    return new Ioas(this.calls, this.calls.ioasAlloc());
  }

  /** Binds a mock device and attaches its function to `target`. @throws IommufdError. */
  bindDevice(target: Named, { pasids = false, dirtyTracking = true }: DeviceOptions = {}): Device {
    const flags = (pasids ? MOCK_PASIDS : 0) | (dirtyTracking ? 0 : MOCK_NO_DIRTY_TRACKING);
    const { devId, selftestId } = this.calls.mockDomain(target.id, flags);
    return new Device(this.calls, devId, selftestId);
  }

  /** On an IOAS, or nested on a page table or a vIOMMU. @throws IommufdError. */
  hwptAlloc(device: Named, target: Named, options: HwptOptions = {}): Named {
    const flags =
      (options.nestParent === true ? HWPT_NEST_PARENT : 0) |
      (options.dirtyTracking === true ? HWPT_DIRTY_TRACKING : 0) |
      (options.faultQueue === undefined ? 0 : HWPT_FAULT_ID_VALID) |
      (options.pasid === true ? HWPT_PASID : 0);
    const faultId = options.faultQueue?.id ?? 0;
    const given = { devId: device.id, ptId: target.id, flags, faultId };
    if (options.nested !== true) return { id: this.calls.hwptAlloc(given) };
    const data = new Uint8Array(SELFTEST_HWPT.bytes);
    SELFTEST_HWPT.write(viewOf(data), 0, { iotlb: 0, pageTable: 0 });
    const dataType = SELFTEST_HWPT_DATA;
    return { id: this.calls.hwptAlloc({ ...given, dataType, dataLength: data.length, data }) };
  }

  faultQueueAlloc(): FaultQueueFile {
    const { id, file } = this.calls.faultQueueAlloc();
    return new FaultQueueFile(id, file);
  }

  viommuAlloc(device: Named, parent: Named): Named {
    const type = SELFTEST_VIOMMU;
    return { id: this.calls.viommuAlloc({ devId: device.id, hwptId: parent.id, type }) };
  }

  vdeviceAlloc(viommu: Named, device: Named, virtId: bigint): Named {
    return { id: this.calls.vdeviceAlloc({ viommuId: viommu.id, devId: device.id, virtId }) };
  }

  /** @throws IommufdError ENOENT, EBUSY. */
  destroy(object: Named): void {
    this.calls.destroy(object.id);
  }

  /** @throws IommufdError EBADF. */
  close(): void {
    this.calls.close();
  }
}

/** An iommufd of its own, with nothing in it; its system calls are methods. */
export const openIommufd = (options: OpenOptions = {}): OpenIommufd => new OpenIommufd(options);
