/**
 * Device handles: the attach handles of one iommufd, each with the device and the page table it stands for.
 *
 * Kernel: drivers/iommu/iommufd/iommufd_private.h, struct iommufd_attach_handle.
 * Actor:  an attach-handle machine live for each handle that was ever in use at once.
 */
import { type Actor, createActor } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { attachHandleMachine } from '../machines/attach-handle.ts';
import type { AnyHwpt, Device } from './objects.ts';
import { Owners } from './owners.ts';

export type DeviceHandle = { readonly device: Device; readonly hwpt: AnyHwpt };

type Slot = { readonly state: Actor<typeof attachHandleMachine>; of: DeviceHandle | undefined };

const owners = new Owners<(sentence: string) => void>();
const MACHINE = attachHandleMachine.provide({
  actions: {
    violate: ({ self }, { unexpected }) =>
      owners.of(self)(`a freed attach handle met ${unexpected}`),
  },
});

export class DeviceHandles {
  readonly #breach: (sentence: string) => void;
  readonly #slots: Slot[] = [];
  readonly #free: number[] = [];

  constructor(breach: (sentence: string) => void) {
    this.#breach = breach;
  }

  allocate(of: DeviceHandle): number {
    const handle = this.#free.pop() ?? this.#slots.length;
    const slot = this.#slots[handle] ?? { state: this.#start(), of };
    slot.of = of;
    this.#slots[handle] = slot;
    slot.state.send({ type: 'handle.allocate' });
    return handle;
  }

  free(handle: number): void {
    const slot = this.#slot(handle);
    slot.state.send({ type: 'handle.free' });
    slot.of = undefined;
    this.#free.push(handle);
  }

  /** Follows the pointer. */
  dereference(handle: number): void {
    this.#slot(handle).state.send({ type: 'handle.dereference' });
  }

  of(handle: number): DeviceHandle {
    const { of } = this.#slot(handle);
    invariant(of !== undefined, `attach handle ${handle} is freed`);
    return of;
  }

  get live(): number {
    return this.#slots.length - this.#free.length;
  }

  #start(): Actor<typeof attachHandleMachine> {
    return owners.enter(createActor(MACHINE), this.#breach).start();
  }

  #slot(handle: number): Slot {
    const slot = this.#slots[handle];
    invariant(slot !== undefined, `there is no attach handle ${handle}`);
    return slot;
  }
}
