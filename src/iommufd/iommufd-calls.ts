/**
 * Iommufd calls: the system calls of one opened iommufd, objects named by their ids as in the uAPI.
 *
 * Kernel: drivers/iommu/iommufd/main.c, iommufd_fops_ioctl(), iommufd_fops_release(); include/uapi/linux/iommufd.h.
 *
 * Every call throws IommufdError when the kernel would refuse it; EBADF once the iommufd is closed.
 */
import type { Driver } from '../actors/driver.ts';
import type { Errno } from '../machines/wiring-types.ts';
import { attach, detach, replace } from './attach.ts';
import { destroyById } from './destroy.ts';
import type { EventFile } from './event-file.ts';
import { FaultFile } from './fault-file.ts';
import { type HwInfo, hwInfo } from './hw-info.ts';
import { type Invalidated, type Invalidation, invalidate } from './invalidation.ts';
import {
  type IoasCopy,
  type IoasMap,
  type IovaRanges,
  ioasAlloc,
  ioasCopy,
  ioasMap,
  ioasUnmap,
  iovaRanges,
} from './ioas-calls.ts';
import { refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import type { Device, EventQueue, FaultQueue, IommufdObject } from './objects.ts';
import { OpenFile } from './open-file.ts';
import { openState } from './open-state.ts';
import { type HwptAllocation, hwptAlloc } from './page-tables.ts';
import type { PageResponse, ReportedFault } from './report-path.ts';
import * as selftest from './selftest.ts';
import {
  type HwQueueAllocation,
  hwQueueAlloc,
  type VdeviceAllocation,
  type VeventqAllocation,
  type ViommuAllocation,
  vdeviceAlloc,
  veventqAlloc,
  viommuAlloc,
} from './viommus.ts';

/** An object with a file of its own. */
export type WithFile = { readonly id: number; readonly file: OpenFile };
export type MockDomainIds = {
  readonly selftestId: number;
  readonly devId: number;
  readonly hwptId: number;
};

export class IommufdCalls {
  readonly #state: IommufdState;
  #open = true;
  /** Files of fault and event queues that keep everything alive. */
  #files = 0;

  constructor(driver: Driver, respond: (response: PageResponse) => void) {
    this.#state = openState(driver, respond);
  }

  ioasAlloc(flags = 0): number {
    return this.#call((state) => ioasAlloc(state, flags).id);
  }
  ioasMap(wanted: IoasMap): bigint {
    return this.#call((state) => ioasMap(state, wanted));
  }
  ioasCopy(wanted: IoasCopy): bigint {
    return this.#call((state) => ioasCopy(state, wanted));
  }
  ioasUnmap(ioasId: number, iova: bigint, length: bigint): bigint {
    return this.#call((state) => ioasUnmap(state, ioasId, iova, length));
  }
  iovaRanges(ioasId: number): IovaRanges {
    return this.#call((state) => iovaRanges(state, ioasId));
  }

  hwptAlloc(wanted: HwptAllocation): number {
    return this.#call((state) => hwptAlloc(state, wanted).id);
  }
  setDirtyTracking(hwptId: number, flags: number): void {
    this.#call(({ table }) => {
      refuseIf((flags & ~1) !== 0, 'EOPNOTSUPP', 'an unknown flag is set');
      table.using(hwptId, ['hwpt-paging'], ({ tracksDirty }) =>
        refuseIf(!tracksDirty, 'EOPNOTSUPP', 'the page table was not made to track dirty pages'),
      );
    });
  }
  invalidate(wanted: Invalidation): Invalidated {
    return this.#call((state) => invalidate(state, wanted));
  }
  hwInfo(devId: number, flags = 0, dataType = 0): HwInfo {
    return this.#call((state) => hwInfo(state, devId, flags, dataType));
  }

  faultQueueAlloc(flags = 0): WithFile {
    return this.#call((state) => {
      refuseIf(flags !== 0, 'EOPNOTSUPP', 'an unknown flag is set');
      const { table, path, handles, breach } = state;
      const devIdOf = (handle: number): number => {
        handles.dereference(handle);
        return handles.of(handle).device.id;
      };
      const queue = table.create<FaultQueue>((id) => {
        table.use(id);
        return { kind: 'fault-queue', id, file: new FaultFile(path, devIdOf, breach) };
      });
      return this.#openFile(queue);
    });
  }

  viommuAlloc(wanted: ViommuAllocation): number {
    return this.#call((state) => viommuAlloc(state, wanted).id);
  }
  vdeviceAlloc(wanted: VdeviceAllocation): number {
    return this.#call((state) => vdeviceAlloc(state, wanted).id);
  }
  veventqAlloc(wanted: VeventqAllocation): WithFile {
    return this.#call((state) => this.#openFile(veventqAlloc(state, wanted)));
  }
  hwQueueAlloc(wanted: HwQueueAllocation): number {
    return this.#call((state) => hwQueueAlloc(state, wanted).id);
  }

  destroy(id: number): void {
    this.#call((state) => destroyById(state, id));
  }

  /** Makes a mock device, binds it, attaches its function. */
  mockDomain(ptId: number, flags = 0): MockDomainIds {
    return this.#call((state) => {
      const { selftest: made, device, hwptId } = selftest.mockDomain(state, ptId, flags);
      return { selftestId: made.id, devId: device.id, hwptId };
    });
  }
  /** PASID 0 is the function, here and below. */
  attach(selftestId: number, pasid: number, ptId: number): number {
    return this.#bound(selftestId, (state, device) => attach(state, device, pasid, ptId));
  }
  replace(selftestId: number, pasid: number, ptId: number): number {
    return this.#bound(selftestId, (state, device) => replace(state, device, pasid, ptId));
  }
  detach(selftestId: number, pasid: number): void {
    this.#bound(selftestId, (state, device) => detach(state, device, pasid));
  }
  /** @returns what the kernel's report did: 0, or why there was nobody to handle the fault. */
  reportFault(devId: number, fault: ReportedFault): Errno {
    return this.#call((state) => selftest.reportFault(state, devId, fault));
  }
  reportEvent(devId: number): void {
    this.#call((state) => selftest.reportEvent(state, devId));
  }
  checkMap(hwptId: number, iova: bigint, length: bigint, userAddress: bigint): void {
    this.#call((state) => selftest.checkMap(state, hwptId, iova, length, userAddress));
  }
  checkAttached(selftestId: number, pasid: number, hwptId = 0): void {
    this.#call((state) => selftest.checkAttached(state, selftestId, pasid, hwptId));
  }
  /** The mock's cached translations of a nested page table. */
  iotlb(hwptId: number): readonly number[] {
    return this.#call(({ table }) => [...table.get(hwptId, 'hwpt-nested').iotlb]);
  }
  /** The mock's cached translations of a device. */
  cache(devId: number): readonly number[] {
    return this.#call(({ table }) => [...table.get(devId, 'device').mock.cache]);
  }

  /** Closes the iommufd; while a file of it is open, everything stays. @throws IommufdError EBADF. */
  close(): void {
    this.#call(() => {
      this.#open = false;
      this.#endIfUnused();
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** What is alive, ascending by id. */
  get objects(): readonly IommufdObject[] {
    return this.#state.table.live();
  }

  /** What must be nothing once everything is closed. */
  get left(): { readonly [what: string]: number } {
    const { table, handles, path } = this.#state;
    return { objects: table.live().length, handles: handles.live, ...path.left };
  }

  #call<Answer>(call: (state: IommufdState) => Answer): Answer {
    refuseIf(!this.#open, 'EBADF', 'the iommufd is closed');
    return this.#state.checked(() => call(this.#state));
  }

  #bound<Answer>(id: number, call: (state: IommufdState, device: Device) => Answer): Answer {
    return this.#call((state) =>
      state.table.using(id, ['selftest'], ({ device }) => call(state, device)),
    );
  }

  #openFile(object: FaultQueue | EventQueue): WithFile {
    const { id } = object;
    const inner: FaultFile | EventFile = object.file;
    this.#files += 1;
    const release = (): void => {
      this.#files -= 1;
      this.#state.table.unuse(id);
      this.#endIfUnused();
    };
    return { id, file: new OpenFile(inner, this.#state.checked, release) };
  }

  /** The last close. What drivers should have detached before is detached first. */
  #endIfUnused(): void {
    if (this.#open || this.#files > 0) return;
    const { table } = this.#state;
    for (const object of table.live()) {
      if (object.kind !== 'selftest') continue;
      for (const pasid of object.device.group.pasids) detach(this.#state, object.device, pasid);
    }
    table.drain();
  }
}
