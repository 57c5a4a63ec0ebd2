/**
 * Layout: which guest devices reach one second stage by which way, and who holds the VMIDs that mark it.
 *
 * Source: the review of the vIOMMU series, May 2024; Linux 7.3 as drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3-iommufd.c
 *         has it: the second stage has the VMID, a vIOMMU copies it, and neither leaves its SMMU.
 *
 * A *proxy* is a stage 1 that maps one to one: a device without one of its own belongs to a vIOMMU all the same.
 */
import type { InvalidationRoute, VmidTarget } from '../../../machines/vmid-invalidation.ts';

export type Way = 'nested' | 'proxy' | 'plain';

export type DeviceSetting = {
  readonly name: string;
  /** The SMMU it is behind. */
  readonly unit: number;
  readonly way: Way;
  /** The vIOMMU it belongs to; undefined where it hangs on the second stage itself. */
  readonly viommu: number | undefined;
};

export type Layout = {
  readonly name: string;
  readonly sentence: string;
  /** Who a VMID is allocated for: the second stage once, or each of those who use it. */
  readonly holders: 'second-stage' | 'users';
  readonly devices: readonly DeviceSetting[];
};

const SECOND_STAGE = 0;
const HOME = 0;
const PLAIN = 8;

/** By layout's device: who holds the VMID that marks its translations. Plain users share one on each unit. */
export const holderOf = ({ holders }: Layout, { viommu }: DeviceSetting): number => {
  if (holders === 'second-stage') return SECOND_STAGE;
  return viommu === undefined ? PLAIN : 1 + viommu;
};

/** A second stage that has its VMID is of one unit: nothing of another may use it. */
export const isRefused = ({ holders }: Layout, { unit }: DeviceSetting): boolean =>
  holders === 'second-stage' && unit !== HOME;

export const usersOf = (layout: Layout): readonly DeviceSetting[] =>
  layout.devices.filter((device) => !isRefused(layout, device));

/** A VMID for each (unit, holder), in order. */
export const holdersOf = (layout: Layout): readonly Omit<VmidTarget, 'by'>[] =>
  usersOf(layout)
    .map((device) => ({ unit: device.unit, holder: holderOf(layout, device) }))
    .filter(
      (one, at, all) =>
        all.findIndex(({ unit, holder }) => unit === one.unit && holder === one.holder) === at,
    );

/** How a guest has what a device cached forgotten; undefined: 7.3 has no such call, an unmap by the host does it. */
export function routeOf({ holders }: Layout, device: DeviceSetting): InvalidationRoute | undefined {
  if (device.viommu !== undefined) return 'viommu';
  return holders === 'second-stage' ? undefined : 'device';
}

const device = (
  name: string,
  way: Way,
  viommu: number | undefined,
  unit = HOME,
): DeviceSetting => ({
  name,
  way,
  viommu,
  unit,
});
const NESTED = [device('deva', 'nested', 0), device('devb', 'nested', 1)];

export const LAYOUTS: readonly Layout[] = [
  {
    name: 'vmids-of-linux',
    sentence: 'two vIOMMUs and a plain device use a second stage that has a VMID of its own',
    holders: 'second-stage',
    devices: [...NESTED, device('devc', 'plain', undefined)],
  },
  {
    name: 'vmids-of-users',
    sentence: 'two vIOMMUs and a plain device use a second stage, each with a VMID of its own',
    holders: 'users',
    devices: [...NESTED, device('devc', 'plain', undefined)],
  },
  {
    name: 'vmids-by-proxy',
    sentence: 'two vIOMMUs use a second stage, and a device joins the first by way of a proxy',
    holders: 'users',
    devices: [...NESTED, device('devc', 'proxy', 0)],
  },
  {
    name: 'vmids-of-users-apart',
    sentence:
      'as by proxy, and the third device is behind another SMMU, with a vIOMMU of its own there',
    holders: 'users',
    devices: [...NESTED, device('devc', 'proxy', 2, 1)],
  },
  {
    name: 'vmids-of-linux-apart',
    sentence: 'a vIOMMU and a device of another SMMU ask for a second stage that has its VMID',
    holders: 'second-stage',
    devices: [device('deva', 'nested', 0), device('devb', 'nested', 1, 1)],
  },
];
