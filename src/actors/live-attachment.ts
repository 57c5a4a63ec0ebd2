/**
 * Live attachment: one process bound to one device under one PASID: slot, handle, PASID entry.
 *
 * Kernel: drivers/iommu/iommu.c, iommu_group.pasid_array; iommu-sva.c, struct iommu_sva;
 *         drivers/iommu/intel/pasid.c.
 * Actor:  the pasid-attachment, attach-handle and pasid-entry machines live, whose effects write shared memory.
 */
import { type Actor, createActor } from 'xstate';

import { word } from '../core/words.ts';
import { NO_FRAME } from '../hw/table-memory.ts';
import { watched } from '../machines/actor-watch.ts';
import { attachHandleMachine } from '../machines/attach-handle.ts';
import type { domainMachine } from '../machines/domain.ts';
import type { lockMachine } from '../machines/lock.ts';
import { pasidAttachmentMachine } from '../machines/pasid-attachment.ts';
import { pasidEntryMachine } from '../machines/pasid-entry.ts';
import { mmWord } from '../workers/address-space.ts';
import { MM } from '../workers/storm-layout.ts';
import type { LiveReporting } from './live-reporting.ts';
import type { LiveUnit } from './live-unit.ts';
import type { Written } from './units/hardware.ts';

/** What an attachment needs of the process it binds. */
export type Bound = {
  readonly mm: number;
  /** Never used again. */
  readonly instance: number;
  readonly pasid: number;
  /** Tag of its domain in the IOTLB. */
  readonly tag: number;
  readonly domain: Actor<typeof domainMachine>;
  readonly attachments: Set<LiveAttachment>;
  readonly releaseIsIdle: boolean;
  /** Held from the first to the last of the domain's list of (device, PASID). */
  readonly domainLock: Actor<typeof lockMachine>;
};

/**
 * The machines of all attachments, their effects provided once: an attachment's own copies would cost more than its
 * actors. Effects find the attachment they are about by its id.
 */
export class AttachmentMachines {
  readonly attachment: typeof pasidAttachmentMachine;
  readonly handle: typeof attachHandleMachine;
  readonly entry: typeof pasidEntryMachine;
  readonly #attachments = new Map<number, LiveAttachment>();
  #entered = 0;

  constructor(unit: LiveUnit) {
    const { slots } = unit.memory;
    this.attachment = pasidAttachmentMachine.provide({
      actions: {
        storeSlot: (_, { slot, handle }) => void Atomics.store(slots, slot, handle),
        clearSlot: (_, { slot }) => void Atomics.store(slots, slot, 0),
        violate: (_, { unexpected }) => unit.breach('S20', `an attachment met ${unexpected}`),
      },
    });
    this.handle = attachHandleMachine.provide({
      actions: {
        violate: (_, { unexpected }) => unit.breach('S8', `an attach handle met ${unexpected}`),
      },
    });
    this.entry = pasidEntryMachine.provide({
      actions: {
        writeEntry: (_, { entry, as }) => this.#attachments.get(entry)?.writeEntry(as),
        violate: (_, { unexpected }) => unit.breach('S13', `a PASID entry met ${unexpected}`),
      },
    });
  }

  enter(attachment: LiveAttachment): number {
    this.#entered += 1;
    this.#attachments.set(this.#entered, attachment);
    return this.#entered;
  }

  /** The attachment is detached; nothing is about it any more. */
  leave({ id }: LiveAttachment): void {
    this.#attachments.delete(id);
  }
}

export class LiveAttachment {
  /** Never used again: what effects name the attachment by. */
  readonly id: number;
  readonly device: number;
  readonly stream: number;
  readonly pasid: number;
  /** Index into the attach-handle store: device * pasidSpace + PASID. */
  readonly slot: number;
  readonly store: Actor<typeof pasidAttachmentMachine>;
  readonly handle: Actor<typeof attachHandleMachine>;
  readonly entry: Actor<typeof pasidEntryMachine>;
  readonly reporting: LiveReporting;
  readonly #unit: LiveUnit;
  readonly #process: Bound;
  /** First word of the PASID entry. */
  readonly #entryWord: number;
  #generation = 0;

  constructor(
    unit: LiveUnit,
    machines: AttachmentMachines,
    process: Bound,
    device: number,
    stream: number,
    reporting: LiveReporting,
  ) {
    this.#unit = unit;
    this.#process = process;
    this.device = device;
    this.stream = stream;
    this.pasid = process.pasid;
    this.reporting = reporting;
    this.slot = device * unit.memory.sizes.pasidSpace + process.pasid;
    this.#entryWord = unit.hardware.tables.entryWord(device, process.pasid);
    this.id = machines.enter(this);
    const heard = (what: string) => watched(unit.watch, `attachment-${this.id}/${what}`);
    this.store = createActor(machines.attachment, {
      input: { slot: this.slot },
      ...heard('pasid-attachment'),
    }).start();
    this.handle = createActor(machines.handle, heard('attach-handle')).start();
    this.entry = createActor(machines.entry, {
      input: { entry: this.id },
      ...heard('pasid-entry'),
    }).start();
  }

  get domain(): Actor<typeof domainMachine> {
    return this.#process.domain;
  }

  /** The process it is bound to. */
  get instance(): number {
    return this.#process.instance;
  }

  /** Attachments that share the IOTLB's tag. */
  get tagUsers(): number {
    return this.#process.attachments.size;
  }

  get entryWord(): number {
    return this.#entryWord;
  }

  get tag(): number {
    return this.#process.tag;
  }

  get domainLock(): Actor<typeof lockMachine> {
    return this.#process.domainLock;
  }

  get releaseIsIdle(): boolean {
    return this.#process.releaseIsIdle;
  }

  writeEntry(as: Written): void {
    const { memory, hardware } = this.#unit;
    const { mm } = this.#process;
    // A read outside an array would make every read of the thread slow, and a function's own domain has no mm.
    const root = mm < 0 ? NO_FRAME : word(memory.mms, mmWord(mm, MM.root));
    hardware.tables.write(this.device, this.pasid, as, { root, tag: this.tag });
  }

  allocateHandle(): void {
    const { handles, handleMms } = this.#unit.memory;
    this.#generation = this.#unit.nextHandle();
    this.handle.send({ type: 'handle.allocate' });
    handleMms[this.slot] = this.#process.mm;
    Atomics.store(handles, this.slot, this.#generation);
  }

  publishHandle(): void {
    this.store.send({ type: 'handle.publish', handle: this.#generation });
  }

  replaceHandle(): void {
    this.store.send({ type: 'handle.replace', handle: this.#generation });
  }

  freeHandle(): void {
    this.handle.send({ type: 'handle.free' });
    Atomics.store(this.#unit.memory.handles, this.slot, 0);
  }

  program(how: 'entry.program' | 'entry.rewrite'): void {
    this.entry.send({ type: how, domain: this.#process.mm });
  }

  /** Links the (device, PASID) into the domain's list, or unlinks it. */
  track(linked: boolean): void {
    if (linked) this.#process.attachments.add(this);
    else this.#process.attachments.delete(this);
  }
}
