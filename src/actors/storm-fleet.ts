/**
 * Storm fleet: the processes of a storm, their mappings, exits and successors, and what devices ask of them.
 *
 * Actor:  one, on the main thread; the control operations of one process come one after the other.
 */
import PQueue from 'p-queue';

import { word } from '../core/words.ts';
import { ACCESS_READ, ACCESS_WRITE } from '../hw/access.ts';
import { STREAM } from '../workers/storm-layout.ts';
import type { ProcessScript, ScriptOperation, StormPlan } from '../workers/storm-plan.ts';
import { type StormLayout, scriptOf } from '../workers/storm-sizes.ts';
import { Barrier } from './barrier.ts';
import type { LiveAttachment } from './live-attachment.ts';
import { LiveProcess, type ProcessParts } from './live-process.ts';
import type { SvaBonds } from './sva-bonds.ts';

type Seat = { readonly device: number; readonly stream: number };

/** One place in the fleet: a process, and after its exit the next one. */
type Member = {
  readonly index: number;
  readonly script: ProcessScript | undefined;
  /** Devices it is bound to, with the stream each makes its accesses through. */
  readonly seats: readonly Seat[];
  /** Control operations of this process, one after the other. */
  readonly queue: PQueue;
  readonly attachments: Map<number, LiveAttachment>;
  process: LiveProcess;
};

const NO_SCRIPT = -1;
/** More at once would not be faster, but every one that waits is asked again at each wake-up. */
const CHORES_MAX = 32;

export class StormFleet {
  readonly #plan: StormPlan;
  readonly #layout: StormLayout;
  readonly #parts: ProcessParts;
  readonly #members: readonly Member[];
  readonly #bonds: SvaBonds;
  /** Chores under way at once: each waits for hardware, and all that wait are looked at when it moves. */
  readonly #choreGate = new PQueue({ concurrency: CHORES_MAX });
  /** Chores of one stream are done in order. */
  readonly #chores = new Map<number, Promise<void>>();
  #instances = 0;
  exits = 0;
  /** The first operation or chore that threw; the storm can't go on. */
  failure: Error | undefined;
  #unmaps = 0;

  constructor(plan: StormPlan, layout: StormLayout, parts: ProcessParts, bonds: SvaBonds) {
    this.#plan = plan;
    this.#layout = layout;
    this.#parts = parts;
    this.#bonds = bonds;
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
    await member.process.publish();
    const ready = await this.#firstMappings(member);
    for (const seat of member.seats) await this.#bind(member, seat, ready);
  }

  async #bind(member: Member, { device, stream }: Seat, ready: number): Promise<void> {
    if (!this.#parts.unit.isPresent(device)) return;
    const script =
      member.script === undefined ? NO_SCRIPT : member.index % this.#plan.processes.length;
    const firstPage = this.#layout.basePfn + device * 2 * this.#layout.windowPages;
    const attachment = await this.#bonds.bind(member.process, device, stream, {
      ready,
      script,
      firstPage,
    });
    if (attachment !== undefined) member.attachments.set(device, attachment);
  }

  async #unbind(member: Member, device: number, rude: boolean): Promise<void> {
    const attachment = member.attachments.get(device);
    if (attachment === undefined) return;
    await this.#bonds.unbind(attachment, rude);
    member.attachments.delete(device);
  }

  async #firstMappings(member: Member): Promise<number> {
    if (member.script !== undefined) return this.#runScript(member, member.process, 0);
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

  /** Unbinds a process from a device and binds it again. */
  async rebind(index: number, seat: number, rude: boolean): Promise<void> {
    const member = this.#members[index % this.#members.length];
    const place = member?.seats[seat % (member.seats.length || 1)];
    if (member === undefined || place === undefined) return;
    await member.queue.add(async () => {
      if (!member.process.isAlive) return;
      await this.#unbind(member, place.device, rude);
      await this.#bindAnew(member, place);
    });
  }

  async #bindAnew(member: Member, place: Seat): Promise<void> {
    const fresh = member.script === undefined;
    if (fresh) {
      await this.#recycle(member, place.device, 0);
      await this.#recycle(member, place.device, 1);
    }
    const ready = fresh ? 2 : await this.#runScript(member, member.process, 0);
    await this.#bind(member, place, ready);
  }

  /** Unbinds every process from a device, does `work` with the function, and binds them again if it is there. */
  async without(device: number, work: () => Promise<void>): Promise<void> {
    const barrier = new Barrier(this.#members.length, work);
    const all = this.#members.map((member) =>
      member.queue.add(async () => {
        const place = member.seats.find((seat) => seat.device === device);
        if (place !== undefined) await this.#unbind(member, device, false);
        await barrier.passed();
        if (place !== undefined && member.process.isAlive) await this.#bindAnew(member, place);
      }),
    );
    await Promise.all(all);
  }

  readonly fail = (error: unknown): void => {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
  };

  /** Kills a process: its address space ends first, its bonds after, as when files are closed after exit_mm(). */
  async kill(index: number): Promise<void> {
    const member = this.#members[index % this.#members.length];
    if (member === undefined) return;
    await member.queue.add(() => this.#replace(member, member.process));
  }

  /** Lets `process` exit and another take its place, unless that has happened already. */
  async #replace(member: Member, process: LiveProcess): Promise<void> {
    if (member.process !== process || !process.isAlive) return;
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
    const work = () => this.#doChore(stream, generation, position);
    const done = earlier.then(() => this.#choreGate.add(work));
    this.#chores.set(stream, done.catch(this.fail));
  }

  async #doChore(stream: number, generation: number, position: number): Promise<void> {
    const { streams } = this.#parts.unit.memory;
    const base = stream * STREAM.words;
    const recorded = this.#plan.processes.length > 0;
    const member = this.#members[recorded ? stream : stream % this.#layout.streamsPerDevice];
    if (member === undefined || word(streams, base + STREAM.generation) !== generation) return;
    const { process } = member;
    if (!process.isAlive) return;
    if (recorded) {
      const ready = await this.#runScript(member, process, position);
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

  /** Carries out a process's operations from `position` up to the next touch; returns where that is. */
  async #runScript(member: Member, process: LiveProcess, position: number): Promise<number> {
    const operations = member.script?.operations ?? [];
    let next = position;
    for (; next < operations.length && process.isAlive; next += 1) {
      const operation = operations[next];
      if (operation === undefined || operation.kind === 'touch') break;
      if (operation.kind === 'exit') {
        void member.queue.add(() => this.#replace(member, process)).catch(this.fail);
        break;
      }
      await process.change(changeOf(operation));
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

  /** What is under way, one phrase each. */
  whereabouts(): string[] {
    const { size, pending } = this.#choreGate;
    const chores = size + pending === 0 ? [] : [`${size + pending} chores of devices`];
    const busy = this.#members
      .filter(({ queue }) => queue.size + queue.pending > 0)
      .map(({ index, process }) => `process ${index} (${describe(process)})`);
    return [...this.#bonds.whereabouts(), ...chores, ...busy];
  }

  /** Resolves when no chore and no control operation is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#chores.values());
    await Promise.all(this.#members.map((member) => member.queue.onIdle()));
    await this.#bonds.idle();
  }
}

const describe = ({ structure, notifier, domain }: LiveProcess): string =>
  [structure, notifier, domain].map((actor) => String(actor.getSnapshot().value)).join(', ');

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
