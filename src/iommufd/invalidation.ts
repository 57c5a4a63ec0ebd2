/**
 * Invalidation: a VM's own invalidation requests, for a nested page table or for devices of a vIOMMU.
 *
 * Kernel: drivers/iommu/iommufd/hw_pagetable.c, iommufd_hwpt_invalidate(); selftest.c,
 *         mock_domain_cache_invalidate_user(), mock_viommu_cache_invalidate().
 *
 * Requests are done in order up to the first that is wrong; how many were done is told with the error.
 */

import { IommufdError, refuse, refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import type { HwptNested, Viommu } from './objects.ts';
import {
  SELFTEST_HWPT_INVALIDATE,
  SELFTEST_INVALIDATE_DATA,
  SELFTEST_VIOMMU_INVALIDATE,
} from './uapi.ts';
import type { UserBuffer } from './user-memory.ts';
import { structFromUser } from './user-struct.ts';

const ENTRIES_MAX = 2 ** 19;
const ENTRY_BYTES_MAX = 4096;
/** Of a request's flags: everything, not one entry. */
const INVALIDATE_ALL = 1;

export type Invalidation = {
  /** A nested page table or a vIOMMU. */
  readonly id: number;
  readonly dataType: number;
  readonly entryLength: number;
  readonly entryCount: number;
  readonly data: UserBuffer;
  readonly reserved?: number;
};

export type Invalidated = {
  readonly processed: number;
  readonly error: IommufdError | undefined;
};

/** IOMMU_HWPT_INVALIDATE: never throws for what is wrong with the requests, since the count is an answer too. */
export function invalidate(state: IommufdState, wanted: Invalidation): Invalidated {
  const done = { processed: 0 };
  try {
    perform(state, wanted, done);
    return { ...done, error: undefined };
  } catch (error) {
    if (!(error instanceof IommufdError)) throw error;
    return { ...done, error };
  }
}

type Done = { processed: number };

function perform({ table }: IommufdState, wanted: Invalidation, done: Done): void {
  const { id, entryLength, entryCount, data, reserved = 0 } = wanted;
  refuseIf(reserved !== 0, 'EOPNOTSUPP', 'a reserved field is not 0');
  if (entryCount > 0) {
    refuseIf(data === undefined, 'EINVAL', 'there are no requests where they should be');
    const unfit = entryLength === 0 || entryLength > ENTRY_BYTES_MAX;
    refuseIf(unfit, 'EINVAL', `a request of ${entryLength} bytes`);
    refuseIf(entryCount > ENTRIES_MAX, 'EINVAL', `more than ${ENTRIES_MAX} requests`);
  }
  const target = table.find(id);
  if (target === undefined) refuse('ENOENT', `no object has id ${id}`);
  else if (target.kind === 'hwpt-nested') forPageTable(target, wanted, done);
  else if (target.kind === 'viommu') forViommu(target, wanted, done);
  else refuse('EINVAL', `a ${target.kind} has nothing to invalidate`);
}

function forPageTable({ iotlb }: HwptNested, wanted: Invalidation, done: Done): void {
  const { dataType, entryLength, entryCount, data } = wanted;
  refuseIf(dataType !== SELFTEST_INVALIDATE_DATA, 'EINVAL', `no requests of type ${dataType}`);
  const layout = SELFTEST_HWPT_INVALIDATE;
  const unfit = entryCount > 0 && entryLength !== layout.bytes;
  refuseIf(unfit, 'EINVAL', `the mock takes requests of ${layout.bytes} bytes`);
  for (let entry = 0; entry < entryCount; entry += 1) {
    const offset = entry * entryLength;
    const { flags, iotlbId } = structFromUser(layout, layout.bytes, data, entryLength, offset);
    clear(iotlb, flags, iotlbId);
    done.processed += 1;
  }
}

function forViommu({ vdevices }: Viommu, wanted: Invalidation, done: Done): void {
  const { dataType, entryLength, entryCount, data } = wanted;
  refuseIf(dataType !== SELFTEST_INVALIDATE_DATA, 'EINVAL', `no requests of type ${dataType}`);
  const layout = SELFTEST_VIOMMU_INVALIDATE;
  // All are copied before the first is done.
  const requests = Array.from({ length: entryCount }, (_, entry) =>
    structFromUser(layout, 1, data, entryLength, entry * entryLength),
  );
  for (const { flags, virtId, cacheId } of requests) {
    refuseUnknown(flags, cacheId);
    const vdevice = vdevices.get(BigInt(virtId));
    if (vdevice === undefined) refuse('EINVAL', `no device has virtual id ${virtId}`);
    else clear(vdevice.device.mock.cache, flags, cacheId);
    done.processed += 1;
  }
}

function clear(entries: number[], flags: number, entry: number): void {
  refuseUnknown(flags, entry);
  if ((flags & INVALIDATE_ALL) !== 0) entries.fill(0);
  else entries[entry] = 0;
}

/** Entries of the mock's caches: 0 to 3. */
function refuseUnknown(flags: number, entry: number): void {
  refuseIf((flags & ~INVALIDATE_ALL) !== 0, 'EOPNOTSUPP', 'an unknown flag is set');
  refuseIf(entry > 3, 'EINVAL', `there is no entry ${entry}`);
}
