/**
 * Iommufd defects: one changed rule each, the world that shows it and the property it breaks there.
 *
 * Names are those of the race catalogue, section 1D. Three of that section are about the lists of drivers, not about
 * iommufd's own code: iopf-off-while-pasid-needs-it, iopf-count-imbalance, replace-drops-to-zero.
 */
import type { World } from '../../../explore/world.ts';
import { IOMMUFD_REPAIRED, type IommufdRules } from '../../../machines/iommufd-rules.ts';
import { faultWorld } from './fault-world.ts';
import { allocationWorld, removalWorld, revocationWorld } from './object-worlds.ts';
import { vdeviceWorld, vmidWorld } from './viommu-worlds.ts';

export type IommufdDefect = {
  /** As a quirk is named. */
  readonly id: string;
  readonly race: string;
  /** What iommufd does with it on. */
  readonly sentence: string;
  readonly rules: Partial<IommufdRules>;
  readonly world: (rules: IommufdRules) => World;
  readonly property: string;
};

const CALLS = 2;

export const IOMMUFD_DEFECTS: readonly IommufdDefect[] = [
  {
    id: 'failed-file-released-later',
    race: 'fault-fd-abort-fput',
    sentence: 'the file of a failed allocation is released after its object was freed',
    rules: { failedFileRelease: 'after-abort' },
    world: allocationWorld,
    property: 'S17',
  },
  {
    id: 'failed-file-released-twice',
    race: 'fault-fd-double-put',
    sentence: 'a failed allocation drops its file and repeats what the release does',
    rules: { failedFileRelease: 'twice' },
    world: allocationWorld,
    property: 'S17',
  },
  {
    id: 'put-touches-object',
    race: 'object-put-after-unlock',
    sentence: 'a system call that has let an object go still unlocks something inside it',
    rules: { putTouchesObject: true },
    world: (rules) => removalWorld(rules, CALLS),
    property: 'S8',
  },
  {
    id: 'destroy-counts-itself',
    race: 'destroy-elevates-count',
    sentence: "a user's destroy is a user of the object while it looks at the count",
    rules: { destroyCountsItself: true },
    world: revocationWorld,
    property: 'L8',
  },
  {
    id: 'deliver-under-mutex',
    race: 'fault-mutex-held-over-usercopy',
    sentence:
      'faults are delivered under the mutex that a reader holds while its buffer is faulted in',
    rules: { deliverLock: 'mutex' },
    world: faultWorld,
    property: 'L5',
  },
  {
    id: 'failed-copy-loses-group',
    race: 'fault-read-loses-group',
    sentence: 'a read whose copy fails forgets the group',
    rules: { onCopyFault: 'lose' },
    world: faultWorld,
    property: 'S7',
  },
  {
    id: 'failed-copy-retried',
    race: 'fault-read-spins',
    sentence: 'a read whose copy fails puts the group back and fetches it again',
    rules: { onCopyFault: 'restore-and-retry' },
    world: faultWorld,
    property: 'L2',
  },
  {
    id: 'cookies-without-use',
    race: 'fault-cookie-aba',
    sentence: 'a cookie is a number that the next group gets as soon as it is free',
    rules: { cookies: 'number' },
    world: faultWorld,
    property: 'S3',
  },
  {
    id: 'vdevice-found-by-id',
    race: 'vdevice-outlives-device',
    sentence:
      'a device that leaves looks its vDEVICE up by id and finds none that is being destroyed',
    rules: { vdeviceFoundBy: 'id' },
    world: vdeviceWorld,
    property: 'S18',
  },
  {
    id: 'viommu-forgets-parent',
    race: 'vmid-lifetime',
    sentence: 'a vIOMMU uses the VMID of a nesting parent that it does not keep',
    rules: { viommuKeepsParent: false },
    world: vmidWorld,
    property: 'S11',
  },
  {
    id: 'vmid-follows-parent',
    race: 'vmid-lifetime',
    sentence: 'a nesting parent brings its VMID to another unit, where it may be taken',
    rules: { vmidFollowsParent: true },
    world: vmidWorld,
    property: 'S11',
  },
];

/** The repaired iommufd with that one defect. */
export const withDefect = ({ rules }: IommufdDefect): IommufdRules => ({
  ...IOMMUFD_REPAIRED,
  ...rules,
});
