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
import {
  type OperationMachine,
  type OperationTarget,
  operationMachine,
} from '../machines/operation.ts';
import type { DeviceHandles } from './device-handles.ts';
import { type AnyHwpt, type Device, mockTarget } from './objects.ts';

const STEP = { type: 'step' } as const;

/** What an operation works on: the page table it goes to, the one it leaves. */
export type OperationSubject = {
  readonly device: Device;
  readonly pasid: number;
  readonly next: AnyHwpt | undefined;
  readonly previous: AnyHwpt | undefined;
};

type Run = OperationSubject & {
  /** Allocated by this operation. */
  handle: number | undefined;
  /** Found in the slot when it began. */
  readonly oldHandle: number | undefined;
};

export class AttachOperations {
  readonly #driver: Driver;
  readonly #handles: DeviceHandles;
  readonly #machines = new Map<OperationName, OperationMachine>();
  #run: Run | undefined;

  constructor(driver: Driver, handles: DeviceHandles) {
    this.#driver = driver;
    this.#handles = handles;
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
    this.#run = { ...subject, handle: undefined, oldHandle: group.handle(subject.pasid) };
    const actor = createActor(this.#machine(name), {
      input: { operation: 0, device: id, attachment: subject.pasid },
    }).start();
    while (actor.getSnapshot().status !== 'done') {
      invariant(actor.getSnapshot().can(STEP), `${name} waits for something that never comes`);
      actor.send(STEP);
    }
    this.#run = undefined;
  }

  #machine(name: OperationName): OperationMachine {
    const found = this.#machines.get(name);
    if (found !== undefined) return found;
    const machine = this.#provided(operationMachine(name, this.#driver.operations[name]));
    this.#machines.set(name, machine);
    return machine;
  }

  #now(): Run {
    invariant(this.#run !== undefined, 'no operation is under way');
    return this.#run;
  }

  #provided(machine: OperationMachine): OperationMachine {
    const slot = ({ attachment }: OperationTarget) => this.#now().device.group.slot(attachment);
    const handleOf = (handle: number | undefined): number => {
      invariant(handle !== undefined, 'the operation has no such handle');
      return handle;
    };
    const hwptOf = (hwpt: AnyHwpt | undefined): AnyHwpt => {
      invariant(hwpt !== undefined, 'the operation has no such page table');
      return hwpt;
    };
    const source = () => this.#now().device.group.source;
    const enable = (hwpt: AnyHwpt | undefined): void => {
      if (hwptOf(hwpt).fault !== undefined) source().enable();
    };
    const disable = (hwpt: AnyHwpt | undefined): void => {
      if (hwptOf(hwpt).fault !== undefined) source().disable();
    };
    return machine.provide({
      actions: {
        allocateHandle: () => {
          const run = this.#now();
          run.handle = this.#handles.allocate({ device: run.device, hwpt: hwptOf(run.next) });
        },
        reserveSlot: (_, target) => slot(target).send({ type: 'slot.reserve' }),
        publishHandle: (_, target) =>
          slot(target).send({ type: 'handle.publish', handle: handleOf(this.#now().handle) }),
        replaceHandle: (_, target) =>
          slot(target).send({ type: 'handle.replace', handle: handleOf(this.#now().handle) }),
        eraseSlot: (_, target) => slot(target).send({ type: 'slot.erase' }),
        freeHandle: () => this.#handles.free(handleOf(this.#now().oldHandle)),
        getDomain: () => hwptOf(this.#now().next).domain.send({ type: 'user.attached' }),
        putDomain: () => hwptOf(this.#now().previous).domain.send({ type: 'user.detached' }),
        putOldDomain: () => hwptOf(this.#now().previous).domain.send({ type: 'user.detached' }),
        programEntry: () => {
          const { device, pasid, next } = this.#now();
          if (pasid === 0) device.mock.program(mockTarget(device, hwptOf(next)));
        },
        zeroEntry: () => this.#now().device.mock.block(this.#now().pasid),
        enableReporting: () => enable(this.#now().next),
        dropReporting: () => disable(this.#now().previous),
        dropOldReporting: () => disable(this.#now().previous),
        answerInvalid: () => {
          const { previous, oldHandle } = this.#now();
          hwptOf(previous).fault?.file.sweep(handleOf(oldHandle));
        },
      },
    });
  }
}
