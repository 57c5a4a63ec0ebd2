/**
 * Destroy: what goes with each kind of object, and whom it no longer uses.
 *
 * Kernel: drivers/iommu/iommufd/main.c, iommufd_object_ops; the destroy functions of each kind.
 */
import { unreachable } from '../core/invariant.ts';
import { unbindDevice } from './attach.ts';
import { refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import type { AnyHwpt, HwQueue, IommufdObject, Selftest, Vdevice } from './objects.ts';
import { leaveIoas } from './page-tables.ts';

/** IOMMU_DESTROY. @throws IommufdError ENOENT, EBUSY. */
export function destroyById(state: IommufdState, id: number): void {
  const object = state.table.find(id);
  if (object?.kind === 'selftest') refuseIfPasidsLeft(object);
  state.table.remove(id);
}

/** A device leaves its iommufd only when its driver has detached every PASID: nobody else will. */
function refuseIfPasidsLeft({ device }: Selftest): void {
  const { pasids } = device.group;
  refuseIf(pasids.length > 0, 'EBUSY', `PASIDs of the device are still attached: ${pasids}`);
}

/** The object is out of the table; what it holds goes with it. */
export function destroyObject(state: IommufdState, object: IommufdObject): void {
  const { table } = state;
  switch (object.kind) {
    case 'ioas':
    case 'device':
    case 'access':
      break;
    case 'hwpt-paging':
    case 'hwpt-nested':
      destroyHwpt(state, object);
      break;
    case 'selftest':
      unbindDevice(state, object.device);
      break;
    case 'fault-queue':
      object.file.sweepAll();
      break;
    case 'viommu':
      table.unuse(object.parent.id);
      break;
    case 'vdevice':
      destroyVdevice(state, object);
      break;
    case 'event-queue': {
      const { eventQueues, id } = object.viommu;
      eventQueues.splice(eventQueues.indexOf(object), 1);
      table.unuse(id);
      break;
    }
    case 'hw-queue':
      destroyHwQueue(state, object);
      break;
    default:
      unreachable(object);
  }
}

function destroyHwpt(state: IommufdState, hwpt: AnyHwpt): void {
  const { table } = state;
  hwpt.domain.send({ type: 'domain.free' });
  if (hwpt.kind === 'hwpt-paging') leaveIoas(state, hwpt);
  else table.unuse(hwpt.viommu?.id ?? hwpt.parent.id);
  if (hwpt.fault !== undefined) table.unuse(hwpt.fault.id);
}

function destroyVdevice({ table }: IommufdState, { viommu, device, virtId }: Vdevice): void {
  viommu.vdevices.delete(virtId);
  device.vdevice = undefined;
  table.unuse(device.id);
  table.unuse(viommu.id);
}

function destroyHwQueue({ table }: IommufdState, queue: HwQueue): void {
  const { viommu, index, access, iova, length } = queue;
  viommu.hwQueues[index] = undefined;
  const previous = viommu.hwQueues[index - 1];
  if (previous !== undefined) table.unuse(previous.id);
  access.ioas.space.unlock(iova, length);
  access.ioas.space.removeAccess();
  table.unuse(access.id);
  table.revoke(access.id, false);
  table.unuse(viommu.id);
}
