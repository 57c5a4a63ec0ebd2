/**
 * Live unit: the main thread's hands on one IOMMU unit: PASID tables, invalidation queue, ring, mailbox, stops.
 *
 * Kernel: drivers/iommu/intel/dmar.c, qi_submit_sync(); prq.c; pasid.c.
 * Actor:  one; runs the invalidation-queue machine live and writes the bytes its effects name.
 */
import { type Actor, createActor } from 'xstate';

import { FLPT_DEFAULT_DID, type Pasid, requesterId } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import { QI_ENTRIES } from '../core/limits.ts';
import { word } from '../core/words.ts';
import {
  completion,
  fence,
  pasidCache,
  pasidDeviceTlb,
  pasidIotlb,
  QI_DONE,
} from '../hw/vtd/invalidation-constructors.ts';
import type { InvalidationDescriptor } from '../hw/vtd/invalidation-descriptors.ts';
import { writeInvalidationWords } from '../hw/vtd/invalidation-encoding.ts';
import { EVERY_PAGE, type InvalidationRange } from '../hw/vtd/invalidation-range.ts';
import { requestPasid, requestRid } from '../hw/vtd/page-request-descriptor.ts';
import { type PageRequestRing, pageRequestRing } from '../hw/vtd/page-request-ring.ts';
import {
  directoryFrames,
  type PasidTable,
  pasidEntryAt,
  pasidEntryOrCreate,
} from '../hw/vtd/pasid-table.ts';
import { type ActorWatch, watched } from '../machines/actor-watch.ts';
import { invalidationQueueMachine } from '../machines/invalidation-queue.ts';
import { Bell } from '../workers/bell.ts';
import { deviceRid } from '../workers/requester.ts';
import { controlWord } from '../workers/role.ts';
import { CONTROL, GROUP_RECORD, MAIL, QI, STREAM, THREAD } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type { Violation } from '../workers/storm-plan.ts';
import { distance, WordQueue } from '../workers/word-queue.ts';
import type { Changes } from './changes.ts';
import type { FrameStore } from './frame-store.ts';

const HANDLES_MAX = 0x7fffffff;

/** A submission under way: what to look at to see it done. */
type Ticket = {
  /** Index of its wait descriptor's status word, or UNWRITTEN. */
  readonly status: number;
  readonly descriptors: readonly InvalidationDescriptor[];
  readonly drain: boolean;
};

const UNWRITTEN = -1;

export class LiveUnit {
  readonly memory: StormMemory;
  readonly changes: Changes;
  /** Who hears of every live actor. */
  readonly watch: ActorWatch | undefined;
  readonly ring: PageRequestRing;
  readonly #queues: readonly WordQueue[];
  readonly #mailbox: WordQueue;
  readonly #deviceBell: Bell;
  readonly #prqBell: Bell;
  readonly #pasidTables: readonly PasidTable[];
  readonly #invalidations: Actor<typeof invalidationQueueMachine>;
  readonly #tickets = new Map<number, Ticket>();
  readonly #unwritten: number[] = [];
  /** What a machine on the main thread said must not happen. */
  readonly breaches: Violation[] = [];
  #nextTicket = 1;
  #nextHandle = 0;
  #letters = 0;

  constructor(
    memory: StormMemory,
    changes: Changes,
    frames: FrameStore,
    watch: ActorWatch | undefined,
  ) {
    this.memory = memory;
    this.watch = watch;
    this.changes = changes;
    this.ring = pageRequestRing(memory.ring, 0, memory.sizes.ringEntries);
    this.#queues = memory.queues.map((queue) => new WordQueue(queue, GROUP_RECORD.words));
    this.#mailbox = new WordQueue(memory.mailbox, MAIL.words);
    this.#deviceBell = new Bell(memory.bells, THREAD.device);
    this.#prqBell = new Bell(memory.bells, THREAD.prq);
    this.#pasidTables = Array.from({ length: memory.sizes.devices }, () =>
      pasidTable(memory, frames),
    );
    this.#invalidations = createActor(
      invalidationQueueMachine.provide({
        actions: {
          writeDescriptors: (_, { ticket, drain }) => this.#write(ticket, drain),
          violate: (_, { unexpected }) =>
            this.breach('S10', `the invalidation queue met ${unexpected}`),
        },
      }),
      { input: { entriesMax: QI_ENTRIES }, ...watched(watch, 'invalidation-queue') },
    ).start();
  }

  /** Each is kept once: what goes wrong once tends to go wrong for ever. */
  breach(property: string, message: string): void {
    if (this.breaches.some((known) => known.property === property)) return;
    this.breaches.push({ property, message, events: [] });
  }

  /** A generation no live handle of any slot has; 0 is "no handle". */
  nextHandle(): number {
    this.#nextHandle = this.#nextHandle === HANDLES_MAX ? 1 : this.#nextHandle + 1;
    return this.#nextHandle;
  }

  pasidTable(device: number): PasidTable {
    const table = this.#pasidTables[device];
    invariant(table !== undefined, `device ${device} has no PASID table`);
    return table;
  }

  /** First word of a PASID's entry. */
  pasidEntry(device: number, pasidNumber: number): number {
    const entry = pasidEntryAt(this.pasidTable(device), pasidNumber);
    invariant(entry >= 0, `device ${device} has no entry for PASID ${pasidNumber}`);
    return entry;
  }

  /** Queues descriptors and their wait descriptor as soon as entries are free; `isDone` says when they are done. */
  submit(descriptors: readonly InvalidationDescriptor[], drain = false): number {
    const ticket = this.#nextTicket;
    this.#nextTicket += 1;
    this.#tickets.set(ticket, { status: UNWRITTEN, descriptors, drain });
    this.#unwritten.push(ticket);
    this.#writeWaiting();
    return ticket;
  }

  isDone(ticket: number): boolean {
    this.#writeWaiting();
    const found = this.#tickets.get(ticket);
    if (found === undefined) return true;
    if (found.status === UNWRITTEN) return false;
    if (Atomics.load(this.memory.invalidation, QI.status + found.status) !== QI_DONE) return false;
    this.#tickets.delete(ticket);
    this.#invalidations.send({ type: 'wait.executed', ticket });
    return true;
  }

  /** Submits and waits: qi_submit_sync(). */
  async invalidate(descriptors: readonly InvalidationDescriptor[], drain = false): Promise<void> {
    const ticket = this.submit(descriptors, drain);
    await this.changes.until(() => this.isDone(ticket));
  }

  /** Lets the queue take what waits, in order, as far as it has room: the submitters spin. */
  #writeWaiting(): void {
    for (let next = this.#unwritten[0]; next !== undefined; next = this.#unwritten[0]) {
      const ticket = next;
      const waiting = this.#tickets.get(ticket);
      if (waiting === undefined) return;
      const { descriptors, drain } = waiting;
      this.#invalidations.send({
        type: 'descriptors.submit',
        ticket,
        descriptors: descriptors.length,
        drain,
      });
      if (this.#tickets.get(ticket)?.status === UNWRITTEN) return;
      this.#unwritten.shift();
    }
  }

  #write(ticket: number, drain: boolean): void {
    const { invalidation } = this.memory;
    const found = this.#tickets.get(ticket);
    if (found === undefined) return;
    let tail = word(invalidation, QI.tail);
    const slotOf = (count: number): number => count & (QI_ENTRIES - 1);
    for (const descriptor of found.descriptors) {
      writeInvalidationWords(invalidation, QI.entries + slotOf(tail) * QI.entryWords, descriptor);
      tail = (tail + 1) | 0;
    }
    const status = slotOf(tail);
    Atomics.store(invalidation, QI.status + status, 0);
    writeInvalidationWords(
      invalidation,
      QI.entries + status * QI.entryWords,
      completion(0, status, drain),
    );
    this.#tickets.set(ticket, { ...found, status });
    Atomics.store(invalidation, QI.tail, (tail + 1) | 0);
    this.#deviceBell.ring();
  }

  /** Whether the ring holds a request of the device for the PASID, in process or not. */
  ringHolds(device: number, pasidNumber: number): boolean {
    const { ring } = this;
    const rid = deviceRid(device);
    const tail = ring.tail();
    for (let count = ring.head(); count !== tail; count = (count + 1) | 0) {
      const at = ring.wordOf(count);
      if (requestRid(ring.words, at) === rid && requestPasid(ring.words, at) === pasidNumber) {
        return true;
      }
    }
    return false;
  }

  get passes(): number {
    return Atomics.load(this.memory.control, controlWord(CONTROL.passes));
  }

  /** What each resolver queue must have released for everything now in it to be answered. */
  workQueueTails(): readonly number[] {
    return this.#queues.map((queue) => queue.tail());
  }

  workQueueReached(tails: readonly number[]): boolean {
    return this.#queues.every((queue, index) => distance(queue.head(), tails[index] ?? 0) >= 0);
  }

  rearmCompletion(): void {
    Atomics.store(this.memory.control, controlWord(CONTROL.completion), 0);
  }

  completionIsDone(): boolean {
    return Atomics.load(this.memory.control, controlWord(CONTROL.completion)) === 1;
  }

  /** Sends the PRQ thread a letter; returns what `mailIsRead` wants. */
  mail(kind: number, device: number, pasidNumber = 0): number {
    invariant(this.#mailbox.room() > 0, 'the mailbox of the PRQ thread is full');
    const at = this.#mailbox.push();
    this.#mailbox.words[at] = kind;
    this.#mailbox.words[at + 1] = device;
    this.#mailbox.words[at + 2] = pasidNumber;
    this.#mailbox.publish();
    this.#prqBell.ring();
    this.#letters = (this.#letters + 1) | 0;
    return this.#letters;
  }

  mailIsRead(letter: number): boolean {
    const done = Atomics.load(this.memory.control, controlWord(CONTROL.mailboxDone));
    return distance(done, letter) >= 0;
  }

  /** Tells the devices that streams stopped; resolves when they have, with all earlier requests in the ring. */
  async stopsAcknowledged(): Promise<void> {
    const { control } = this.memory;
    const request = Atomics.add(control, controlWord(CONTROL.stopRequest), 1) + 1;
    this.#deviceBell.ring();
    await this.changes.until(
      () => distance(Atomics.load(control, controlWord(CONTROL.stopAcknowledged)), request) >= 0,
    );
  }

  /** Wakes the devices: a stream has something new. */
  wakeDevices(): void {
    this.#deviceBell.ring();
  }

  outstanding(stream: number): number {
    return Atomics.load(this.memory.streams, stream * STREAM.words + STREAM.outstanding);
  }
}

/** A device's table with all its leaf tables: Linux makes them when first needed, and never frees them either. */
function pasidTable(memory: StormMemory, frames: FrameStore): PasidTable {
  const { pasidSpace } = memory.sizes;
  const table: PasidTable = {
    words: memory.tables,
    directory: frames.takeTables(directoryFrames(pasidSpace)),
    pasids: pasidSpace,
    takeFrame: () => frames.takeTables(1),
    giveBack: (frame) => frames.giveTable(frame),
  };
  for (let number = 0; number < pasidSpace; number += 1) pasidEntryOrCreate(table, number);
  return table;
}

/** What a driver submits for one (device, PASID). */
export const descriptorsOf = {
  pasidCache: (number: Pasid) => pasidCache('pasid', FLPT_DEFAULT_DID, number),
  iotlb: (number: Pasid, range: InvalidationRange = EVERY_PAGE) =>
    pasidIotlb(FLPT_DEFAULT_DID, number, { ...range, leafOnly: false }),
  deviceTlb: (device: number, number: Pasid, range: InvalidationRange = EVERY_PAGE) =>
    pasidDeviceTlb(requesterId(deviceRid(device)), number, range),
  /** The drain's own three: fence, everything of the PASID out of IOTLB and device TLB. */
  drain: (device: number, number: Pasid) => [
    fence(),
    pasidIotlb(FLPT_DEFAULT_DID, number, undefined),
    pasidDeviceTlb(requesterId(deviceRid(device)), number, EVERY_PAGE),
  ],
} as const;
