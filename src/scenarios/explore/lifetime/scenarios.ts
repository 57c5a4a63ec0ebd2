/**
 * Lifetime scenarios: the plans that can be explored by name.
 */
import type { ExploreScenario } from '../explore-scenario.ts';
import { intervalWorld } from './interval-world.ts';
import { checkThenQueueWorld, lastPutWorld } from './legacy-worlds.ts';
import type { LifetimePlan } from './plan.ts';
import { lifetimeWorld } from './world.ts';

const scenario = (title: string, sentence: string, plan: LifetimePlan): ExploreScenario => ({
  name: plan.name,
  title,
  sentence,
  world: (driver) => lifetimeWorld(driver, plan),
});

export const exitThenUnbind = scenario(
  'An exit, and the last unbind after it',
  'a process exits with a device bound; its file is released, and the unbind is the last to hold its memory',
  {
    name: 'exit-then-unbind',
    devices: 1,
    processes: [{ boundTo: 0, exits: true }],
    binds: [],
    unbinds: [{ process: 0, device: 0 }],
  },
);

export const mappedFile = scenario(
  'An exit with the file of the device mapped',
  "the device's file is mapped into the address space it is bound to, and the process exits",
  {
    name: 'mapped-file',
    devices: 1,
    processes: [{ boundTo: 0, exits: true, mapsFile: true }],
    binds: [],
    unbinds: [{ process: 0, device: 0 }],
  },
);

export const exitUnderDma = scenario(
  'An exit under DMA',
  'a process exits while its device reads a page of it, again and again',
  {
    name: 'exit-under-dma',
    devices: 1,
    processes: [{ boundTo: 0, exits: true }],
    binds: [],
    unbinds: [{ process: 0, device: 0 }],
    walks: true,
  },
);

export const sharedBond = scenario(
  'Two binds of one process and device',
  'two threads bind the same process to the same device, and the second gives its bond up again',
  {
    name: 'shared-bond',
    devices: 1,
    processes: [{ exits: false }],
    binds: [
      { process: 0, device: 0 },
      { process: 0, device: 0, after: 0 },
    ],
    unbinds: [{ process: 0, device: 0, after: 1 }],
  },
);

export const pasidHandedOn = scenario(
  'A PASID that is handed on',
  'a process exits with a device bound, another binds, and there is one PASID',
  {
    name: 'pasid-handed-on',
    devices: 2,
    processes: [{ boundTo: 0, exits: true }, { exits: false }],
    binds: [{ process: 1, device: 1 }],
    unbinds: [{ process: 0, device: 0 }],
  },
);

export const kernelTableFreed = scenario(
  'A page of kernel tables goes',
  'a device is bound and tries a kernel address, while a page of the tables that lead there is freed',
  {
    name: 'kernel-table-freed',
    devices: 1,
    processes: [{ exits: false }],
    binds: [{ process: 0, device: 0 }],
    unbinds: [],
    freesKernelTable: true,
  },
);

export const exitWithFault = scenario(
  'An exit with a fault queued',
  'a process exits while a fault of it waits for a worker, and its device is unbound',
  {
    name: 'exit-with-fault',
    devices: 1,
    processes: [{ boundTo: 0, exits: true }],
    binds: [],
    unbinds: [{ process: 0, device: 0 }],
    faults: true,
  },
);

export const unmapBesideUnbind = scenario(
  'An unmap beside an unbind',
  'a page is unmapped and given back while the PASID is unbound, and the device reads on',
  {
    name: 'unmap-beside-unbind',
    devices: 1,
    processes: [{ boundTo: 0, exits: false }],
    binds: [],
    unbinds: [],
    walks: true,
    unmaps: true,
    unbindsByList: true,
  },
);

export const intervalRemoval: ExploreScenario = {
  name: 'interval-removal',
  title: 'A notifier is removed during an invalidation',
  sentence: 'a subscription is removed and freed while an invalidation that noted the removal ends',
  world: intervalWorld,
};

export const checkThenQueue: ExploreScenario = {
  name: 'check-then-queue',
  title: 'A fault is queued beside mm release',
  sentence:
    'a notifier queues a fault of a process that exits, whose release flushes the workqueue',
  world: checkThenQueueWorld,
};

export const lastPut: ExploreScenario = {
  name: 'last-put',
  title: 'The last put wakes the waiter',
  sentence: 'two holders put a state, of which one waits for the other and then frees it',
  world: lastPutWorld,
};

export const LIFETIME_SCENARIOS: readonly ExploreScenario[] = [
  exitThenUnbind,
  mappedFile,
  exitUnderDma,
  sharedBond,
  pasidHandedOn,
  kernelTableFreed,
  exitWithFault,
  unmapBesideUnbind,
  intervalRemoval,
  checkThenQueue,
  lastPut,
];
