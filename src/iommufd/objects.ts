/**
 * Objects: what the ids of an iommufd name, and what each of them holds.
 *
 * Kernel: drivers/iommu/iommufd/iommufd_private.h; include/linux/iommufd.h.
 */
import type { Actor } from 'xstate';

import type { domainMachine } from '../machines/domain.ts';
import type { EventFile } from './event-file.ts';
import type { FaultFile } from './fault-file.ts';
import type { IoAddressSpace } from './io-address-space.ts';
import type { IommuGroup } from './iommu-group.ts';
import type { MockDevice, MockTarget } from './mock-device.ts';

export type Ioas = {
  readonly kind: 'ioas';
  readonly id: number;
  readonly space: IoAddressSpace;
  /** In the order they were made. */
  readonly pageTables: HwptPaging[];
};

type Hwpt = {
  readonly id: number;
  /** May share a function with attached PASIDs, and be attached to one. */
  readonly pasidCompatible: boolean;
  readonly domain: Actor<typeof domainMachine>;
  /** Undefined: its faults have no handler. */
  readonly fault: FaultQueue | undefined;
};

export type HwptPaging = Hwpt & {
  readonly kind: 'hwpt-paging';
  readonly ioas: Ioas;
  readonly nestParent: boolean;
  readonly tracksDirty: boolean;
  /** Made by an attach to the IOAS, and gone with its last attachment. */
  readonly auto: boolean;
};

export type HwptNested = Hwpt & {
  readonly kind: 'hwpt-nested';
  readonly parent: HwptPaging;
  /** Which it was made through, if any: then it uses this in place of the parent. */
  readonly viommu: Viommu | undefined;
  /** The mock's cached translations. */
  readonly iotlb: number[];
};

export type AnyHwpt = HwptPaging | HwptNested;

export type Device = {
  readonly kind: 'device';
  readonly id: number;
  readonly group: IommuGroup<AnyHwpt>;
  readonly mock: MockDevice<Viommu>;
  vdevice: Vdevice | undefined;
};

/** The handle by which the self-test unbinds what it bound. */
export type Selftest = {
  readonly kind: 'selftest';
  readonly id: number;
  readonly device: Device;
};

export type FaultQueue = {
  readonly kind: 'fault-queue';
  readonly id: number;
  readonly file: FaultFile;
};

export type Viommu = {
  readonly kind: 'viommu';
  readonly id: number;
  readonly type: number;
  readonly parent: HwptPaging;
  /** By virtual id. */
  readonly vdevices: Map<bigint, Vdevice>;
  readonly eventQueues: EventQueue[];
  /** By index. */
  readonly hwQueues: (HwQueue | undefined)[];
};

export type Vdevice = {
  readonly kind: 'vdevice';
  readonly id: number;
  readonly viommu: Viommu;
  readonly device: Device;
  readonly virtId: bigint;
};

export type EventQueue = {
  readonly kind: 'event-queue';
  readonly id: number;
  readonly viommu: Viommu;
  readonly type: number;
  readonly file: EventFile;
};

export type HwQueue = {
  readonly kind: 'hw-queue';
  readonly id: number;
  readonly viommu: Viommu;
  readonly index: number;
  readonly access: Access;
  readonly iova: bigint;
  readonly length: bigint;
};

/** What pins a range of an IOAS for a hardware queue. */
export type Access = {
  readonly kind: 'access';
  readonly id: number;
  readonly ioas: Ioas;
};

export type IommufdObject =
  | Ioas
  | HwptPaging
  | HwptNested
  | Device
  | Selftest
  | FaultQueue
  | Viommu
  | Vdevice
  | EventQueue
  | HwQueue
  | Access;

export type ObjectKind = IommufdObject['kind'];
export type ObjectOf<Kind extends ObjectKind> = Extract<IommufdObject, { readonly kind: Kind }>;

/** What the mock looks at when `device` is to go to `hwpt`. */
export function mockTarget(device: Device, hwpt: AnyHwpt): MockTarget<Viommu> {
  const tracksDirty = hwpt.kind === 'hwpt-paging' && hwpt.tracksDirty;
  const viommu = hwpt.kind === 'hwpt-nested' ? hwpt.viommu : undefined;
  const { vdevice } = device;
  const virtId = vdevice?.viommu === viommu ? vdevice?.virtId : undefined;
  return { tracksDirty, viommu, virtId };
}
