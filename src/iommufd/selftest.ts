/**
 * Self-test: what the kernel's self-test does to an iommufd from below: devices come and go, fault, and are probed.
 *
 * Kernel: drivers/iommu/iommufd/selftest.c, iommufd_test(), and the calls that a VFIO driver makes in its place.
 */
import type { Errno } from '../machines/wiring-types.ts';
import { attach, unbindDevice } from './attach.ts';
import { IommuGroup } from './iommu-group.ts';
import { refuse, refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import { MOCK_DEVICE_FLAGS, MockDevice } from './mock-device.ts';
import type { AnyHwpt, Device, Selftest, Viommu } from './objects.ts';
import type { ReportedFault } from './report-path.ts';
import { SELFTEST_EVENT_QUEUE } from './uapi.ts';

const MOCK_PAGE = 2048n;

export type MockDomain = {
  readonly selftest: Selftest;
  readonly device: Device;
  /** What its function was attached to. */
  readonly hwptId: number;
};

/** Makes a device, binds it and attaches its function. @throws IommufdError EINVAL, and those of attach. */
export function mockDomain(state: IommufdState, ptId: number, flags: number): MockDomain {
  const { table } = state;
  let hwptId = 0;
  const selftest = table.create<Selftest>((id) => {
    refuseIf((flags & ~MOCK_DEVICE_FLAGS) !== 0, 'EINVAL', 'an unknown flag is set');
    const bound = bind(state, new MockDevice(flags));
    try {
      hwptId = attach(state, bound, 0, ptId);
    } catch (error) {
      unbindDevice(state, bound);
      throw error;
    }
    return { kind: 'selftest', id, device: bound };
  });
  return { selftest, device: selftest.device, hwptId };
}

function bind(state: IommufdState, mock: MockDevice<Viommu>): Device {
  const { table, path, groups } = state;
  const source = path.addSource();
  const group = new IommuGroup<AnyHwpt>(source, state.breach);
  groups.set(source, group);
  const device = table.create<Device>((id) => ({
    kind: 'device',
    id,
    group,
    mock,
    vdevice: undefined,
  }));
  table.use(device.id);
  return device;
}

/** The driver reports a fault. @throws IommufdError ENOENT. */
export function reportFault(state: IommufdState, devId: number, fault: ReportedFault): Errno {
  return state.table.using(devId, ['device'], ({ group }) =>
    state.path.report(group.source, fault),
  );
}

/** The driver reports an event of the device. @throws IommufdError ENOENT, EOPNOTSUPP. */
export function reportEvent({ table }: IommufdState, devId: number): void {
  table.using(devId, ['device'], ({ mock: { viommu, virtId } }) => {
    if (viommu === undefined || virtId === 0n) {
      return refuse('ENOENT', 'the device has no virtual id on a vIOMMU');
    }
    const queue = viommu.eventQueues.find(({ type }) => type === SELFTEST_EVENT_QUEUE);
    if (queue === undefined) return refuse('EOPNOTSUPP', 'the vIOMMU has no such event queue');
    queue.file.report(Number(virtId & 0xffff_ffffn));
  });
}

/** Whether `iova` and what follows lead to the user memory given. @throws IommufdError ENOENT, EINVAL. */
export function checkMap(
  { table }: IommufdState,
  hwptId: number,
  iova: bigint,
  length: bigint,
  userAddress: bigint,
): void {
  table.using(hwptId, ['hwpt-paging'], ({ ioas }) => {
    const crooked = [iova, length, userAddress].some((value) => value % MOCK_PAGE !== 0n);
    refuseIf(crooked, 'EINVAL', `the mock maps pages of ${MOCK_PAGE} bytes`);
    for (let at = 0n; at < length; at += MOCK_PAGE) {
      const other = ioas.space.translate(iova + at) !== userAddress + at;
      refuseIf(other, 'EINVAL', 'something else is mapped there, or nothing');
    }
  });
}

/** Whether the page table, or nothing for id 0, is attached to the PASID. @throws IommufdError ENOENT, EINVAL. */
export function checkAttached(
  { table }: IommufdState,
  selftestId: number,
  pasid: number,
  hwptId: number,
): void {
  table.using(selftestId, ['selftest'], ({ device }) => {
    const attached = device.group.attached(pasid);
    if (hwptId === 0) {
      refuseIf(attached !== undefined, 'EINVAL', 'something is attached');
      return;
    }
    const wanted = table.find(hwptId);
    refuseIf(wanted === undefined, 'ENOENT', `no object has id ${hwptId}`);
    refuseIf(wanted !== attached, 'EINVAL', 'something else is attached, or nothing');
  });
}
