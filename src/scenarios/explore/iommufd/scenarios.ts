/**
 * Iommufd scenarios: the worlds of iommufd's objects, fault file and vIOMMUs, under the names they are explored by.
 *
 * Of a driver they take the defects alone: fault files are over the mock driver's lists, the others over none.
 */
import type { World } from '../../../explore/world.ts';
import type { IommufdRules } from '../../../machines/iommufd-rules.ts';
import type { ExploreScenario } from '../explore-scenario.ts';
import { iommufdRulesOf } from './defects.ts';
import { faultWorld } from './fault-world.ts';
import { allocationWorld, removalWorld, revocationWorld } from './object-worlds.ts';
import { vdeviceWorld, vmidWorld } from './viommu-worlds.ts';

const CALLS = 2;

const scenario = (
  name: string,
  title: string,
  sentence: string,
  world: (rules: IommufdRules) => World,
): ExploreScenario => ({
  name,
  title,
  sentence,
  world: (driver) => world(iommufdRulesOf(driver)),
});

export const failedAllocation = scenario(
  'iommufd-allocation',
  'A fault queue whose allocation fails',
  'a fault queue is allocated, and telling its caller may fail with its file already open',
  allocationWorld,
);

export const objectRemoval = scenario(
  'iommufd-removal',
  'An object that is destroyed under system calls',
  'system calls look an object up and let it go while a user destroys it',
  (rules) => removalWorld(rules, CALLS),
);

export const objectRevocation = scenario(
  'iommufd-revocation',
  'An object that user and kernel destroy',
  'a driver unbinds a device whose id a user tries to destroy',
  revocationWorld,
);

export const faultFile = scenario(
  'iommufd-fault-file',
  'A fault file under detach, replace and close',
  'a VMM reads and answers two faults while their PASIDs are detached, attached and replaced',
  faultWorld,
);

export const vdeviceRemoval = scenario(
  'iommufd-vdevice',
  'A virtual device and the device behind it',
  'a user destroys a vDEVICE while the driver unbinds the device behind it',
  vdeviceWorld,
);

export const nestingParentVmid = scenario(
  'iommufd-vmid',
  'The VMID of a nesting parent',
  'a nesting parent on two units is destroyed while a vIOMMU invalidates by its VMID',
  vmidWorld,
);

/** In the order lists show them. */
export const IOMMUFD_SCENARIOS: readonly ExploreScenario[] = [
  failedAllocation,
  objectRemoval,
  objectRevocation,
  faultFile,
  vdeviceRemoval,
  nestingParentVmid,
];
