/**
 * IOMMU group: what each PASID of a device is attached to, and the slots of its attach-handle store.
 *
 * Kernel: drivers/iommu/iommufd/device.c, struct iommufd_group, struct iommufd_attach; drivers/iommu/iommu.c,
 *         iommu_group.pasid_array.
 * Actor:  a pasid-attachment machine live for each PASID that was ever attached; PASID 0 is the function itself.
 * Policy: a group has one device, as with the mock.
 */
import { type Actor, createActor } from 'xstate';

import { pasidAttachmentMachine } from '../machines/pasid-attachment.ts';
import type { FaultSource } from './fault-source.ts';
import { Owners } from './owners.ts';

const owners = new Owners<(sentence: string) => void>();
const MACHINE = pasidAttachmentMachine.provide({
  actions: {
    refuse: ({ self }, { reason }) => owners.of(self)(`a slot refused: ${reason}`),
    violate: ({ self }, { unexpected }) => owners.of(self)(`a slot met ${unexpected}`),
  },
});

export class IommuGroup<PageTable> {
  readonly source: FaultSource;
  readonly #breach: (sentence: string) => void;
  readonly #attached = new Map<number, PageTable>();
  readonly #slots = new Map<number, Actor<typeof pasidAttachmentMachine>>();

  constructor(source: FaultSource, breach: (sentence: string) => void) {
    this.source = source;
    this.#breach = breach;
  }

  attached(pasid: number): PageTable | undefined {
    return this.#attached.get(pasid);
  }

  /** PASIDs attached, ascending, without the function itself. */
  get pasids(): readonly number[] {
    return [...this.#attached.keys()].filter((pasid) => pasid !== 0).sort((a, b) => a - b);
  }

  attach(pasid: number, hwpt: PageTable): void {
    this.#attached.set(pasid, hwpt);
  }

  detach(pasid: number): void {
    this.#attached.delete(pasid);
  }

  slot(pasid: number): Actor<typeof pasidAttachmentMachine> {
    const found = this.#slots.get(pasid);
    if (found !== undefined) return found;
    const actor = createActor(MACHINE, { input: { slot: pasid } });
    const slot = owners.enter(actor, this.#breach).start();
    this.#slots.set(pasid, slot);
    return slot;
  }

  /** The handle a fault finds; a reserved slot reads as empty. */
  handle(pasid: number): number | undefined {
    const slot = this.#slots.get(pasid)?.getSnapshot();
    return slot?.matches('attached') === true ? slot.context.handle : undefined;
  }
}
