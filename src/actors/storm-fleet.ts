/**
 * Storm fleet: the processes of a storm, what they are bound to, and the operations that come over them.
 *
 * Kernel: drivers/iommu/iommu-sva.c, iommu_sva_bind_device(), iommu_sva_unbind_device(): sva_lock over all, the group
 *         mutex inside it; both are p-queues of concurrency 1.
 * Actor:  one, on the main thread.
 */
import PQueue from 'p-queue';

import { word } from '../core/words.ts';
import { ACCESS_READ, ACCESS_WRITE } from '../hw/access.ts';
import { EVENT, EventLog } from '../workers/event-log.ts';
import { countLatency } from '../workers/latency-table.ts';
import {
  STREAM,
  STREAM_RUDE,
  STREAM_RUNNING,
  STREAM_STOPPED,
  THREAD,
} from '../workers/storm-memory.ts';
import type { ProcessScript, ScriptOperation, StormPlan } from '../workers/storm-plan.ts';
import { type StormLayout, scriptOf } from '../workers/storm-sizes.ts';
import { BREACH, ViolationLog } from '../workers/violation-log.ts';
import { LiveAttachment } from './live-attachment.ts';
import { LiveProcess, type ProcessParts } from './live-process.ts';
import { LiveReporting } from './live-reporting.ts';

/** One place in the fleet: a process, and after its exit the next one. */
type Member = {
  readonly index: number;
  readonly script: ProcessScript | undefined;
  /** Devices it is bound to, with the stream each makes its accesses through. */
  readonly seats: readonly { readonly device: number; readonly stream: number }[];
  /** Control operations of this process, one after the other. */
  readonly queue: PQueue;
  readonly attachments: Map<number, LiveAttachment>;
  process: LiveProcess;
};

const MICROSECONDS = 1000;

export class StormFleet {
  readonly #plan: StormPlan;
  readonly #layout: StormLayout;
  readonly #parts: ProcessParts;
  readonly #now: () => number;
  readonly #members: readonly Member[];
  readonly #reporting: readonly LiveReporting[];
  readonly #groupMutexes: readonly PQueue[];
  readonly #svaLock = new PQueue({ concurrency: 1 });
  /** Chores of one stream are done in order. */
  readonly #chores = new Map<number, Promise<void>>();
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  readonly detachLatencies: Int32Array;
  #instances = 0;
  attaches = 0;
  detaches = 0;
  exits = 0;
  strays = 0;
  /** The first operation or chore that threw; the storm can't go on. */
  failure: Error | undefined;
  #unmaps = 0;

  constructor(
    plan: StormPlan,
    layout: StormLayout,
    parts: ProcessParts,
    detachLatencies: Int32Array,
    now: () => number,
  ) {
    const { memory } = parts.unit;
    this.#plan = plan;
    this.#layout = layout;
    this.#parts = parts;
    this.#now = now;
    this.detachLatencies = detachLatencies;
    this.#violations = new ViolationLog(memory, THREAD.main);
    this.#events = new EventLog(memory, THREAD.main);
    const devices = Array.from({ length: plan.devices }, (_, device) => device);
    this.#groupMutexes = devices.map(() => new PQueue({ concurrency: 1 }));
    this.#reporting = devices.map(
      (device) => new LiveReporting(device, parts.unit, parts.driver.rules, plan.creditsPerDevice),
    );
    this.#members = Array.from({ length: layout.sizes.mms }, (_, index) => this.#member(index));
  }

  #member(index: number): Member {
    const { streamsPerDevice } = this.#layout;
    const recorded = this.#plan.processes.length > 0;
    const seats = recorded
      ? [{ device: Math.floor(index / streamsPerDevice), stream: index }]
      : Array.from({ length: this.#plan.devices }, (_, device) => ({
          device,
          stream: device * streamsPerDevice + index,
        }));
    return {
      index,
      script: recorded ? scriptOf(this.#plan, index) : undefined,
      seats,
      queue: new PQueue({ concurrency: 1 }),
      attachments: new Map(),
      process: this.#newProcess(index),
    };
  }

  #newProcess(index: number): LiveProcess {
    this.#instances += 1;
    return new LiveProcess(this.#parts, index, this.#instances);
  }

  get unmaps(): number {
    return this.#unmaps + this.#members.reduce((sum, { process }) => sum + process.unmaps, 0);
  }

  get size(): number {
    return this.#members.length;
  }

  async start(): Promise<void> {
    await Promise.all(this.#members.map((member) => this.#populate(member)));
  }

  /** Gives a new process its first mappings and binds it to its devices. */
  async #populate(member: Member): Promise<void> {
    const ready = await this.#firstMappings(member);
    for (const { device, stream } of member.seats) await this.#bind(member, device, stream, ready);
  }

  async #firstMappings(member: Member): Promise<number> {
    if (member.script !== undefined) return this.#runScript(member, 0);
    const { windowPages, basePfn } = this.#layout;
    const pages = this.#plan.devices * 2 * windowPages;
    await member.process.change({
      type: 'range.map',
      pfn: basePfn,
      pages,
      bits: ACCESS_READ | ACCESS_WRITE,
    });
    return 2;
  }

  async #bind(member: Member, device: number, stream: number, ready: number): Promise<void> {
    const { process } = member;
    await this.#locked(device, async () => {
      if (!process.isAlive) return;
      const { unit, operations } = this.#parts;
      const reporting = this.#reporting[device];
      if (reporting === undefined) return;
      await process.provideDomain();
      const attachment = new LiveAttachment(unit, process, device, stream, reporting);
      member.attachments.set(device, attachment);
      await operations.run('bind-sva', attachment);
      this.attaches += 1;
      this.#startStream(member, attachment, ready);
    });
  }

  #startStream(member: Member, attachment: LiveAttachment, ready: number): void {
    const { memory } = this.#parts.unit;
    const { streams, streamBases } = memory;
    const base = attachment.stream * STREAM.words;
    streams[base + STREAM.pasid] = attachment.pasid;
    streams[base + STREAM.owner] = member.process.instance;
    streams[base + STREAM.mm] = member.process.mm;
    streams[base + STREAM.entry] = attachment.entryWord;
    streams[base + STREAM.script] =
      member.script === undefined ? -1 : member.index % this.#plan.processes.length;
    streamBases[attachment.stream] =
      this.#layout.basePfn + attachment.device * 2 * this.#layout.windowPages;
    Atomics.store(streams, base + STREAM.ready, ready);
    Atomics.add(streams, base + STREAM.generation, 1);
    Atomics.store(streams, base + STREAM.state, STREAM_RUNNING);
    this.#parts.unit.wakeDevices();
  }

  /** Stops the device's use of the PASID, unless it is rude, and carries out the driver's unbind. */
  async #unbind(member: Member, device: number, rude: boolean): Promise<void> {
    const attachment = member.attachments.get(device);
    if (attachment === undefined) return;
    await this.#locked(device, async () => {
      const { unit, operations } = this.#parts;
      const { streams } = unit.memory;
      const state = attachment.stream * STREAM.words + STREAM.state;
      const start = this.#now();
      Atomics.store(streams, state, rude ? STREAM_RUDE : STREAM_STOPPED);
      if (!rude) await unit.stopsAcknowledged();
      await operations.run('unbind-sva', attachment);
      countLatency(this.detachLatencies, (this.#now() - start) * MICROSECONDS);
      this.detaches += 1;
      await this.#auditDetach(attachment, rude);
      member.attachments.delete(device);
    });
  }

  /** S6: nothing of the attachment may be in flight once its detach has returned. */
  async #auditDetach(attachment: LiveAttachment, rude: boolean): Promise<void> {
    const { unit } = this.#parts;
    const { device, pasid, stream } = attachment;
    this.#events.add(EVENT.detached, device, 0, pasid, 0);
    const inFlight = unit.outstanding(stream);
    if (!rude) {
      if (inFlight > 0) {
        this.#violations.add(BREACH.detachNotQuiet, device, 0, pasid, 0, inFlight);
      }
      return;
    }
    const state = stream * STREAM.words + STREAM.state;
    Atomics.store(unit.memory.streams, state, STREAM_STOPPED);
    await unit.stopsAcknowledged();
    this.strays += unit.outstanding(stream);
    await unit.changes.until(() => unit.outstanding(stream) === 0);
  }

  #locked<Value>(device: number, work: () => Promise<Value>): Promise<Value> {
    const mutex = this.#groupMutexes[device];
    return this.#svaLock.add(() => (mutex === undefined ? work() : mutex.add(work)));
  }

  /** Unbinds a process from a device and binds it again. */
  async rebind(index: number, seat: number, rude: boolean): Promise<void> {
    const member = this.#members[index % this.#members.length];
    const place = member?.seats[seat % (member.seats.length || 1)];
    if (member === undefined || place === undefined) return;
    await member.queue.add(async () => {
      if (!member.process.isAlive) return;
      const fresh = member.script === undefined;
      await this.#unbind(member, place.device, rude);
      if (fresh) {
        await this.#recycle(member, place.device, 0);
        await this.#recycle(member, place.device, 1);
      }
      const ready = fresh ? 2 : await this.#runScript(member, 0);
      await this.#bind(member, place.device, place.stream, ready);
    });
  }

  readonly fail = (error: unknown): void => {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
  };

  /** Kills a process: its address space ends first, its bonds after, as when files are closed after exit_mm(). */
  async kill(index: number): Promise<void> {
    const member = this.#members[index % this.#members.length];
    if (member !== undefined) await member.queue.add(() => this.#replace(member));
  }

  async #replace(member: Member): Promise<void> {
    if (!member.process.isAlive) return;
    await this.#end(member);
    member.process = this.#newProcess(member.index);
    await this.#populate(member);
  }

  async #end(member: Member): Promise<void> {
    await member.process.exit();
    this.exits += 1;
    for (const { device } of member.seats) await this.#unbind(member, device, false);
    await this.#parts.unit.changes.until(() => member.process.isDropped);
    this.#unmaps += member.process.unmaps;
    member.process.unmaps = 0;
  }

  /** Does what a device asked a process for; chores of one stream wait for each other. */
  chore(stream: number, generation: number, position: number): void {
    const earlier = this.#chores.get(stream) ?? Promise.resolve();
    const done = earlier.then(() => this.#doChore(stream, generation, position));
    this.#chores.set(stream, done.catch(this.fail));
  }

  async #doChore(stream: number, generation: number, position: number): Promise<void> {
    const { streams } = this.#parts.unit.memory;
    const base = stream * STREAM.words;
    const recorded = this.#plan.processes.length > 0;
    const member = this.#members[recorded ? stream : stream % this.#layout.streamsPerDevice];
    if (member === undefined || word(streams, base + STREAM.generation) !== generation) return;
    if (!member.process.isAlive) return;
    if (recorded) {
      const ready = await this.#runScript(member, position);
      if (word(streams, base + STREAM.generation) !== generation) return;
      Atomics.store(streams, base + STREAM.ready, ready);
    } else {
      const device = Math.floor(stream / this.#layout.streamsPerDevice);
      await this.#recycle(member, device, position & 1);
      if (word(streams, base + STREAM.generation) !== generation) return;
      Atomics.add(streams, base + STREAM.ready, 1);
    }
    this.#parts.unit.wakeDevices();
  }

  /** Maps fresh pages over a window: the old ones are unmapped, invalidated and freed. */
  async #recycle(member: Member, device: number, parity: number): Promise<void> {
    const { windowPages, basePfn } = this.#layout;
    const pfn = basePfn + (device * 2 + parity) * windowPages;
    await member.process.change({
      type: 'range.map',
      pfn,
      pages: windowPages,
      bits: ACCESS_READ | ACCESS_WRITE,
    });
  }

  /** Carries out the operations from `position` up to the next touch; returns where that is. */
  async #runScript(member: Member, position: number): Promise<number> {
    const operations = member.script?.operations ?? [];
    let next = position;
    for (; next < operations.length; next += 1) {
      const operation = operations[next];
      if (operation === undefined || operation.kind === 'touch') break;
      if (operation.kind === 'exit') {
        void member.queue.add(() => this.#replace(member)).catch(this.fail);
        break;
      }
      await member.process.change(changeOf(operation));
    }
    return next;
  }

  /** Unbinds and ends every process. */
  async stop(): Promise<void> {
    await this.idle();
    await Promise.all(this.#members.map((member) => member.queue.add(() => this.#finish(member))));
  }

  async #finish(member: Member): Promise<void> {
    if (!member.process.isAlive) return;
    for (const { device } of member.seats) await this.#unbind(member, device, false);
    await member.process.exit();
    await this.#parts.unit.changes.until(() => member.process.isDropped);
  }

  /** Resolves when no chore and no control operation is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#chores.values());
    await Promise.all(this.#members.map((member) => member.queue.onIdle()));
    await this.#svaLock.onIdle();
  }
}

function changeOf({ kind, pfn, pages, bits }: ScriptOperation) {
  switch (kind) {
    case 'map':
      return { type: 'range.map', pfn, pages, bits } as const;
    case 'protect':
      return { type: 'range.protect', pfn, pages, bits } as const;
    default:
      return { type: 'range.unmap', pfn, pages } as const;
  }
}
