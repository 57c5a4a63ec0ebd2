/**
 * Attach: a PASID of a device, or its function, comes to a page table, changes it, and leaves it.
 *
 * Kernel: drivers/iommu/iommufd/device.c, iommufd_device_change_pt(), iommufd_device_auto_get_domain(),
 *         iommufd_hw_pagetable_attach(), iommufd_device_do_replace(), iommufd_hwpt_pasid_compat();
 *         drivers/iommu/iommu.c, iommu_attach_device_pasid().
 *
 * What may refuse is asked first, in the kernel's order, so that a refusal leaves everything as it was.
 */
import { IommufdError, refuse, refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import { type AnyHwpt, type Device, type HwptPaging, type Ioas, mockTarget } from './objects.ts';
import { autoPageTable, joinIoas, leaveIoas } from './page-tables.ts';

/** Puts a PASID, 0 for the function, on a page table; returns the one that was replaced. */
type Switch = (device: Device, pasid: number, hwpt: AnyHwpt) => AnyHwpt | undefined;

/** @returns the id of the page table, which is another's when `ptId` is an IOAS. @throws IommufdError. */
export function attach(state: IommufdState, device: Device, pasid: number, ptId: number): number {
  return changePageTable(state, device, pasid, ptId, 'attach');
}

/** As attach, where something is attached already. */
export function replace(state: IommufdState, device: Device, pasid: number, ptId: number): number {
  return changePageTable(state, device, pasid, ptId, 'replace');
}

/** Detaches what is attached, if anything is; its pending faults are answered. */
export function detach(state: IommufdState, device: Device, pasid: number): void {
  const { table, operations } = state;
  const previous = device.group.attached(pasid);
  if (previous === undefined) return;
  operations.detach({ device, pasid, next: undefined, previous });
  device.group.detach(pasid);
  putPageTable(state, previous);
  table.unuse(device.id);
}

/** The device leaves its iommufd. Caller's duty: no PASID is attached. */
export function unbindDevice(state: IommufdState, device: Device): void {
  const { table, path, groups } = state;
  detach(state, device, 0);
  // Its vDEVICE's id stays reserved: the user didn't destroy it and may still believe in it.
  if (device.vdevice !== undefined) table.revoke(device.vdevice.id, true);
  table.unuse(device.id);
  table.revoke(device.id, false);
  groups.delete(device.group.source);
  path.removeSource(device.group.source);
}

function changePageTable(
  state: IommufdState,
  device: Device,
  pasid: number,
  ptId: number,
  how: 'attach' | 'replace',
): number {
  const target = state.table.find(ptId);
  if (target === undefined) return refuse('ENOENT', `no object has id ${ptId}`);
  const doSwitch: Switch = (of, number, hwpt) =>
    how === 'attach' ? doAttach(state, of, number, hwpt) : doReplace(state, of, number, hwpt);
  switch (target.kind) {
    case 'hwpt-paging':
    case 'hwpt-nested': {
      const replaced = doSwitch(device, pasid, target);
      if (replaced !== undefined) putPageTable(state, replaced);
      return ptId;
    }
    case 'ioas': {
      const { id, replaced } = switchToIoas(state, device, pasid, target, how, doSwitch);
      if (replaced !== undefined) putPageTable(state, replaced);
      return id;
    }
    default:
      return refuse('EINVAL', `a ${target.kind} is nothing to attach to`);
  }
}

/** Tries the automatic page tables of the IOAS, then makes one. */
function switchToIoas(
  state: IommufdState,
  device: Device,
  pasid: number,
  ioas: Ioas,
  how: 'attach' | 'replace',
  doSwitch: Switch,
): { readonly id: number; readonly replaced: AnyHwpt | undefined } {
  for (const hwpt of ioas.pageTables.filter(({ auto }) => auto)) {
    try {
      return { id: hwpt.id, replaced: doSwitch(device, pasid, hwpt) };
    } catch (error) {
      // EINVAL says that this page table doesn't suit the device; another may.
      if (!(error instanceof IommufdError) || error.errno !== 'EINVAL') throw error;
    }
  }
  let replaced: AnyHwpt | undefined;
  const made = state.table.create((id) => {
    const hwpt = autoPageTable(state, id, ioas);
    if (how === 'attach') attachThenJoin(state, device, pasid, hwpt, doSwitch);
    else replaced = joinThenReplace(state, device, pasid, hwpt, doSwitch);
    return hwpt;
  });
  return { id: made.id, replaced };
}

function attachThenJoin(
  state: IommufdState,
  device: Device,
  pasid: number,
  hwpt: HwptPaging,
  doSwitch: Switch,
): void {
  doSwitch(device, pasid, hwpt);
  try {
    joinIoas(state, hwpt);
  } catch (error) {
    detach(state, device, pasid);
    throw error;
  }
}

function joinThenReplace(
  state: IommufdState,
  device: Device,
  pasid: number,
  hwpt: HwptPaging,
  doSwitch: Switch,
): AnyHwpt | undefined {
  joinIoas(state, hwpt);
  try {
    return doSwitch(device, pasid, hwpt);
  } catch (error) {
    leaveIoas(state, hwpt);
    throw error;
  }
}

function doAttach(state: IommufdState, device: Device, pasid: number, next: AnyHwpt): undefined {
  const { table, operations } = state;
  const { group } = device;
  const taken = group.attached(pasid) !== undefined;
  refuseIf(taken, 'EBUSY', `the device has something attached to ${slotName(pasid)}`);
  refuseUnsuited(device, pasid, next);
  operations.attach({ device, pasid, next, previous: undefined });
  group.attach(pasid, next);
  table.use(next.id);
  table.use(device.id);
  return undefined;
}

function doReplace(
  state: IommufdState,
  device: Device,
  pasid: number,
  next: AnyHwpt,
): AnyHwpt | undefined {
  const { table, operations } = state;
  const previous = device.group.attached(pasid);
  if (previous === undefined) {
    return refuse('EINVAL', `the device has nothing attached to ${slotName(pasid)}`);
  }
  if (previous === next) return undefined;
  refuseUnsuited(device, pasid, next);
  operations.replace({ device, pasid, next, previous });
  device.group.attach(pasid, next);
  table.use(next.id);
  return previous;
}

/** @throws IommufdError when core or driver would refuse the switch. */
function refuseUnsuited(device: Device, pasid: number, hwpt: AnyHwpt): void {
  const { group, mock } = device;
  if (pasid === 0) {
    const shared = !hwpt.pasidCompatible && group.pasids.length > 0;
    refuseIf(shared, 'EINVAL', 'PASIDs are attached, and the page table is not made for them');
  } else {
    refuseIf(!hwpt.pasidCompatible, 'EINVAL', 'the page table is not made for a PASID');
    const own = group.attached(0);
    const alone = own !== undefined && !own.pasidCompatible;
    refuseIf(alone, 'EINVAL', 'the page table of the function is not made for PASIDs beside it');
    refuseIf(pasid >= mock.pasidsMax, 'EINVAL', `the device has no PASID ${pasid}`);
  }
  const refusal =
    pasid === 0 ? mock.refusesFunction(mockTarget(device, hwpt)) : mock.refusesPasid(pasid);
  if (refusal !== undefined) refuse(refusal.errno, refusal.reason);
}

/** One attachment fewer; an automatic page table goes with its last. */
function putPageTable({ table }: IommufdState, hwpt: AnyHwpt): void {
  table.unuse(hwpt.id);
  if (hwpt.kind === 'hwpt-paging' && hwpt.auto) table.removeIfUnused(hwpt.id);
}

const slotName = (pasid: number): string => (pasid === 0 ? 'its function' : `PASID ${pasid}`);
