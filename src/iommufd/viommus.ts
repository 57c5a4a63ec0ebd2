/**
 * vIOMMUs: a VM's share of an IOMMU, with its virtual devices, event queues and hardware queues.
 *
 * Kernel: drivers/iommu/iommufd/viommu.c; eventq.c, iommufd_veventq_alloc(); selftest.c, mock_viommu_ops.
 */

import { EventFile } from './event-file.ts';
import { refuse, refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import type { Access, EventQueue, HwQueue, Vdevice, Viommu } from './objects.ts';
import { SELFTEST_HW_QUEUE, SELFTEST_VIOMMU, SELFTEST_VIOMMU_DATA } from './uapi.ts';
import { type UserBuffer, viewOf } from './user-memory.ts';
import { structFromUser } from './user-struct.ts';

const EVENT_QUEUE_DEPTH_MAX = 2 ** 19;
/** Hardware queues of one mock vIOMMU. */
const HW_QUEUES_MAX = 2;
const MMAP_LENGTH = 8192;
const ADDRESS_MAX = 0xffff_ffff_ffff_ffffn;

export type ViommuAllocation = {
  readonly devId: number;
  readonly hwptId: number;
  readonly type: number;
  readonly flags?: number;
  /** The driver's own; it answers in the same place. */
  readonly data?: UserBuffer;
  readonly dataLength?: number;
};

/** IOMMU_VIOMMU_ALLOC. @throws IommufdError EOPNOTSUPP, ENOENT, EINVAL. */
export function viommuAlloc({ table }: IommufdState, wanted: ViommuAllocation): Viommu {
  const { devId, hwptId, type, flags = 0, data, dataLength = 0 } = wanted;
  refuseIf(flags !== 0 || type === 0, 'EOPNOTSUPP', 'an unknown flag is set, or no type given');
  return table.using(devId, ['device'], () => {
    refuseIf(type !== SELFTEST_VIOMMU, 'EOPNOTSUPP', `the driver has no vIOMMU of type ${type}`);
    return table.using(hwptId, ['hwpt-paging'], (parent) => {
      refuseIf(!parent.nestParent, 'EINVAL', 'the page table was not made as a nesting parent');
      return table.create((id) => {
        if (dataLength > 0) answerMock(data, dataLength);
        table.use(parent.id);
        const vdevices = new Map<bigint, Vdevice>();
        return { kind: 'viommu', id, type, parent, vdevices, eventQueues: [], hwQueues: [] };
      });
    });
  });
}

/** The mock says what it was told, and how much of itself the caller may map. */
function answerMock(data: UserBuffer, dataLength: number): void {
  const layout = SELFTEST_VIOMMU_DATA;
  const { inData } = structFromUser(layout, layout.bytes, data, dataLength);
  const answer = {
    inData,
    outData: inData,
    mmapOffset: 0,
    mmapOffsetHigh: 0,
    mmapLength: MMAP_LENGTH,
    mmapLengthHigh: 0,
  };
  if (data !== undefined) layout.write(viewOf(data), 0, answer);
}

export type VdeviceAllocation = {
  readonly viommuId: number;
  readonly devId: number;
  readonly virtId: bigint;
};

/** IOMMU_VDEVICE_ALLOC. @throws IommufdError ENOENT, EEXIST. */
export function vdeviceAlloc({ table }: IommufdState, wanted: VdeviceAllocation): Vdevice {
  const { viommuId, devId, virtId } = wanted;
  return table.using(viommuId, ['viommu'], (viommu) =>
    table.using(devId, ['device'], (device) => {
      refuseIf(device.vdevice !== undefined, 'EEXIST', 'the device has a vDEVICE');
      const taken = viommu.vdevices.has(virtId);
      refuseIf(taken, 'EEXIST', `virtual id ${virtId} is taken on the vIOMMU`);
      return table.create((id) => {
        const vdevice: Vdevice = { kind: 'vdevice', id, viommu, device, virtId };
        viommu.vdevices.set(virtId, vdevice);
        device.vdevice = vdevice;
        table.use(viommu.id);
        table.use(device.id);
        return vdevice;
      });
    }),
  );
}

export type VeventqAllocation = {
  readonly viommuId: number;
  readonly type: number;
  readonly depth: number;
  readonly flags?: number;
};

/** IOMMU_VEVENTQ_ALLOC. @throws IommufdError EOPNOTSUPP, EINVAL, ENOENT, EEXIST. */
export function veventqAlloc(
  { table, breach }: IommufdState,
  wanted: VeventqAllocation,
): EventQueue {
  const { viommuId, type, depth, flags = 0 } = wanted;
  refuseIf(flags !== 0 || type === 0, 'EOPNOTSUPP', 'an unknown flag is set, or no type given');
  const unfit = depth === 0 || depth > EVENT_QUEUE_DEPTH_MAX;
  refuseIf(unfit, 'EINVAL', `a depth of ${depth} is not 1 to ${EVENT_QUEUE_DEPTH_MAX}`);
  return table.using(viommuId, ['viommu'], (viommu) => {
    const exists = viommu.eventQueues.some((queue) => queue.type === type);
    refuseIf(exists, 'EEXIST', 'the vIOMMU has an event queue of this type');
    return table.create((id) => {
      const file = new EventFile(depth, breach);
      const queue: EventQueue = { kind: 'event-queue', id, viommu, type, file };
      viommu.eventQueues.push(queue);
      table.use(viommu.id);
      table.use(id);
      return queue;
    });
  });
}

export type HwQueueAllocation = {
  readonly viommuId: number;
  readonly type: number;
  readonly index: number;
  readonly iova: bigint;
  readonly length: bigint;
  readonly flags?: number;
};

/** IOMMU_HW_QUEUE_ALLOC. @throws IommufdError EOPNOTSUPP, EINVAL, EOVERFLOW, ENOENT, EADDRINUSE, EPERM, EEXIST, EIO. */
export function hwQueueAlloc({ table }: IommufdState, wanted: HwQueueAllocation): HwQueue {
  const { viommuId, type, index, iova, length, flags = 0 } = wanted;
  refuseIf(flags !== 0 || type === 0, 'EOPNOTSUPP', 'an unknown flag is set, or no type given');
  refuseIf(length === 0n, 'EINVAL', 'a length of 0');
  refuseIf(iova + length - 1n > ADDRESS_MAX, 'EOVERFLOW', 'the range goes beyond 64 bits');
  return table.using(viommuId, ['viommu'], (viommu) => {
    const unknown = type !== SELFTEST_HW_QUEUE;
    refuseIf(unknown, 'EOPNOTSUPP', `the driver has no hardware queue of type ${type}`);
    const { ioas } = viommu.parent;
    return table.create((id) => {
      const access = table.create<Access>((accessId) => {
        ioas.space.addAccess();
        try {
          ioas.space.lock(iova, length);
          try {
            refuseUnfitIndex(viommu, index);
          } catch (error) {
            ioas.space.unlock(iova, length);
            throw error;
          }
        } catch (error) {
          ioas.space.removeAccess();
          throw error;
        }
        return { kind: 'access', id: accessId, ioas };
      });
      table.use(access.id);
      table.use(viommu.id);
      const previous = viommu.hwQueues[index - 1];
      if (previous !== undefined) table.use(previous.id);
      const queue: HwQueue = { kind: 'hw-queue', id, viommu, index, access, iova, length };
      viommu.hwQueues[index] = queue;
      return queue;
    });
  });
}

/** The mock's own rules: two queues, made in order. */
function refuseUnfitIndex({ hwQueues }: Viommu, index: number): void {
  refuseIf(index >= HW_QUEUES_MAX, 'EINVAL', `the vIOMMU has no hardware queue ${index}`);
  refuseIf(hwQueues[index] !== undefined, 'EEXIST', `hardware queue ${index} exists`);
  const early = index > 0 && hwQueues[index - 1] === undefined;
  if (early) refuse('EIO', `hardware queue ${index - 1} must be made first`);
}
