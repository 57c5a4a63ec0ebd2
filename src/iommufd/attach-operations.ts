/**
 * Attach operations: runs a driver's lists of attach, replace and detach for one iommufd, one after the other.
 *
 * Kernel: drivers/iommu/iommufd/device.c, iommufd_hwpt_attach_device(), iommufd_hwpt_replace_device(),
 *         iommufd_hwpt_detach_device(); drivers/iommu/iommu.c.
 * Actor:  one live operation machine an operation. What could refuse was asked before: a list doesn't fail half-way.
 */
import { createActor } from 'xstate';

import type { Driver, OperationName } from '../actors/driver.ts';
import { invariant } from '../core/invariant.ts';
import { type OperationMachine, operationMachine } from '../machines/operation.ts';
import type { DeviceHandles } from './device-handles.ts';
import { type AnyHwpt, type Device, mockTarget } from './objects.ts';
import { Owners } from './owners.ts';

const STEP = { type: 'step' } as const;

/** What an operation works on: the page table it goes to, the one it leaves. */
export type OperationSubject = {
  readonly device: Device;
  readonly pasid: number;
  readonly next: AnyHwpt | undefined;
  readonly previous: AnyHwpt | undefined;
};

type Run = OperationSubject & {
  readonly handles: DeviceHandles;
  readonly slot: ReturnType<Device['group']['slot']>;
  /** Allocated by this operation. */
  handle: number | undefined;
  /** Found in the slot when it began. */
  readonly oldHandle: number | undefined;
};

type Machines = Map<OperationName, OperationMachine>;

/** Of each driver, as its lists say; made when first wanted. */
const machines = new WeakMap<Driver, Machines>();
const runs = new Owners<Run>();

export class AttachOperations {
  readonly #driver: Driver;
  readonly #handles: DeviceHandles;
  readonly #machines: Machines;

  constructor(driver: Driver, handles: DeviceHandles) {
    this.#driver = driver;
    this.#handles = handles;
    this.#machines = machinesOf(driver);
  }

  attach(subject: OperationSubject): void {
    this.#perform(subject.pasid === 0 ? 'attach-rid' : 'attach-pasid', subject);
  }

  replace(subject: OperationSubject): void {
    this.#perform(subject.pasid === 0 ? 'replace-rid' : 'replace-pasid', subject);
  }

  detach(subject: OperationSubject): void {
    this.#perform(subject.pasid === 0 ? 'detach-rid' : 'detach-pasid', subject);
  }

  #perform(name: OperationName, subject: OperationSubject): void {
    const { group, id } = subject.device;
    const oldHandle = group.handle(subject.pasid);
    const slot = group.slot(subject.pasid);
    const run: Run = { ...subject, slot, handles: this.#handles, handle: undefined, oldHandle };
    const input = { operation: 0, device: id, attachment: subject.pasid };
    const actor = runs.enter(createActor(this.#machine(name), { input }), run).start();
    while (actor.getSnapshot().status !== 'done') {
      invariant(actor.getSnapshot().can(STEP), `${name} waits for something that never comes`);
      actor.send(STEP);
    }
  }

  #machine(name: OperationName): OperationMachine {
    const found = this.#machines.get(name);
    if (found !== undefined) return found;
    const { operations, ownSteps } = this.#driver;
    const machine = provided(operationMachine(name, operations[name], ownSteps));
    this.#machines.set(name, machine);
    return machine;
  }
}

function machinesOf(driver: Driver): Machines {
  const known = machines.get(driver) ?? new Map();
  machines.set(driver, known);
  return known;
}

function handleOf(handle: number | undefined): number {
  invariant(handle !== undefined, 'the operation has no such handle');
  return handle;
}
function hwptOf(hwpt: AnyHwpt | undefined): AnyHwpt {
  invariant(hwpt !== undefined, 'the operation has no such page table');
  return hwpt;
}
function enable({ device }: Run, hwpt: AnyHwpt | undefined): void {
  if (hwptOf(hwpt).fault !== undefined) device.group.source.enable();
}
function disable({ device }: Run, hwpt: AnyHwpt | undefined): void {
  if (hwptOf(hwpt).fault !== undefined) device.group.source.disable();
}

const provided = (machine: OperationMachine): OperationMachine =>
  machine.provide({
    actions: {
      allocateHandle: ({ self }) => {
        const run = runs.of(self);
        run.handle = run.handles.allocate({ device: run.device, hwpt: hwptOf(run.next) });
      },
      reserveSlot: ({ self }) => runs.of(self).slot.send({ type: 'slot.reserve' }),
      publishHandle: ({ self }) => {
        const run = runs.of(self);
        run.slot.send({ type: 'handle.publish', handle: handleOf(run.handle) });
      },
      replaceHandle: ({ self }) => {
        const run = runs.of(self);
        run.slot.send({ type: 'handle.replace', handle: handleOf(run.handle) });
      },
      eraseSlot: ({ self }) => runs.of(self).slot.send({ type: 'slot.erase' }),
      freeHandle: ({ self }) => {
        const { handles, oldHandle } = runs.of(self);
        handles.free(handleOf(oldHandle));
      },
      getDomain: ({ self }) => hwptOf(runs.of(self).next).domain.send({ type: 'user.attached' }),
      putDomain: ({ self }) =>
        hwptOf(runs.of(self).previous).domain.send({ type: 'user.detached' }),
      putOldDomain: ({ self }) =>
        hwptOf(runs.of(self).previous).domain.send({ type: 'user.detached' }),
      programEntry: ({ self }) => {
        const { device, pasid, next } = runs.of(self);
        if (pasid === 0) device.mock.program(mockTarget(device, hwptOf(next)));
      },
      zeroEntry: ({ self }) => {
        const { device, pasid } = runs.of(self);
        device.mock.block(pasid);
      },
      enableReporting: ({ self }) => enable(runs.of(self), runs.of(self).next),
      dropReporting: ({ self }) => disable(runs.of(self), runs.of(self).previous),
      dropOldReporting: ({ self }) => disable(runs.of(self), runs.of(self).previous),
      answerInvalid: ({ self }) => {
        const { previous, oldHandle } = runs.of(self);
        hwptOf(previous).fault?.file.sweep(handleOf(oldHandle));
      },
    },
  });
