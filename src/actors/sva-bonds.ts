/**
 * SVA bonds: binding processes to devices and unbinding them, in the kernel's order of locks, and the detach audit.
 *
 * Kernel: drivers/iommu/iommu-sva.c, iommu_sva_bind_device(), iommu_sva_unbind_device(): sva_lock over all, the group
 *         mutex inside it; both are p-queues of concurrency 1.
 * Actor:  one, on the main thread.
 */
import PQueue from 'p-queue';

import { EVENT, EventLog } from '../workers/event-log.ts';
import { countLatency } from '../workers/latency-table.ts';
import { sharedWords } from '../workers/lines.ts';
import {
  CHANGE,
  LATENCY_WORDS,
  STREAM,
  STREAM_RUDE,
  STREAM_RUNNING,
  STREAM_STOPPED,
  THREAD,
} from '../workers/storm-layout.ts';
import { BREACH, ViolationLog } from '../workers/violation-log.ts';
import { type AttachmentMachines, LiveAttachment } from './live-attachment.ts';
import type { LiveOperations } from './live-operations.ts';
import type { LiveProcess } from './live-process.ts';
import type { LiveReporting } from './live-reporting.ts';
import type { LiveUnit } from './live-unit.ts';

export type BondParts = {
  readonly unit: LiveUnit;
  readonly operations: LiveOperations;
  readonly machines: AttachmentMachines;
  /** One a device. */
  readonly reporting: readonly LiveReporting[];
  /** Milliseconds. */
  readonly now: () => number;
};

/** Where the accesses of a new bond begin. */
export type StreamStart = {
  readonly ready: number;
  readonly script: number;
  readonly firstPage: number;
};

const MICROSECONDS = 1000;

export class SvaBonds {
  readonly #parts: BondParts;
  readonly #machines: AttachmentMachines;
  readonly #svaLock = new PQueue({ concurrency: 1 });
  readonly #groupMutexes: readonly PQueue[];
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  /** From the stop of the device to the return of the unbind, without the wait for the locks. */
  readonly detachLatencies: Int32Array = sharedWords(LATENCY_WORDS);
  attaches = 0;
  detaches = 0;
  strays = 0;

  constructor(parts: BondParts) {
    this.#parts = parts;
    this.#machines = parts.machines;
    this.#groupMutexes = parts.reporting.map(() => new PQueue({ concurrency: 1 }));
    this.#violations = new ViolationLog(parts.unit.memory, THREAD.main);
    this.#events = new EventLog(parts.unit.memory, THREAD.main);
  }

  /** Binds, publishes and lets the device go; undefined when the process has died meanwhile. */
  bind(
    process: LiveProcess,
    device: number,
    stream: number,
    start: StreamStart,
  ): Promise<LiveAttachment | undefined> {
    return this.#locked(device, async () => {
      const reporting = this.#parts.reporting[device];
      if (!process.isAlive || reporting === undefined) return undefined;
      const { unit, operations } = this.#parts;
      await process.provideDomain();
      const attachment = new LiveAttachment(
        unit,
        this.#machines,
        process,
        device,
        stream,
        reporting,
      );
      await operations.run('bind-sva', attachment);
      this.#events.add(EVENT.attached, device, 0, attachment.pasid, 0);
      this.attaches += 1;
      this.#startStream(process, attachment, start);
      return attachment;
    });
  }

  #startStream(process: LiveProcess, attachment: LiveAttachment, start: StreamStart): void {
    const { unit } = this.#parts;
    const { streams, streamBases } = unit.memory;
    const base = attachment.stream * STREAM.words;
    streams[base + STREAM.pasid] = attachment.pasid;
    streams[base + STREAM.owner] = process.instance;
    streams[base + STREAM.mm] = process.mm;
    streams[base + STREAM.entry] = attachment.entryWord;
    streams[base + STREAM.script] = start.script;
    streamBases[attachment.stream] = start.firstPage;
    Atomics.store(streams, base + STREAM.ready, start.ready);
    Atomics.add(streams, base + STREAM.generation, 1);
    Atomics.store(streams, base + STREAM.state, STREAM_RUNNING);
    unit.wakeDevices();
  }

  /** Stops the device's use of the PASID, unless it is rude, and carries out the driver's unbind. */
  unbind(attachment: LiveAttachment, rude: boolean): Promise<void> {
    return this.#locked(attachment.device, async () => {
      const { unit, operations, now } = this.#parts;
      const start = now();
      this.#setStream(attachment, rude ? STREAM_RUDE : STREAM_STOPPED);
      if (!rude) await unit.stopsAcknowledged();
      await operations.run('unbind-sva', attachment);
      this.#events.add(EVENT.detached, attachment.device, 0, attachment.pasid, 0);
      countLatency(this.detachLatencies, (now() - start) * MICROSECONDS);
      this.detaches += 1;
      if (rude) await this.#stopStrays(attachment);
      else await this.#audit(attachment);
      this.#machines.leave(attachment);
    });
  }

  #setStream({ stream }: LiveAttachment, state: number): void {
    Atomics.store(this.#parts.unit.memory.streams, stream * STREAM.words + STREAM.state, state);
  }

  /** S6: software owes nothing for the attachment once its detach has returned, nor does hardware that has a drain. */
  async #audit({ device, pasid, stream }: LiveAttachment): Promise<void> {
    const { unit } = this.#parts;
    if (!unit.hardware.drainsAnswers) await unit.answersArrived();
    const inFlight = unit.outstanding(stream);
    if (inFlight === 0) return;
    this.#violations.add(BREACH.detachNotQuiet, device, 0, pasid, 0, inFlight);
  }

  /** What a rude device has in flight is its own fault; it must be over before the PASID has another owner. */
  async #stopStrays(attachment: LiveAttachment): Promise<void> {
    const { unit } = this.#parts;
    const { stream } = attachment;
    this.#setStream(attachment, STREAM_STOPPED);
    await unit.stopsAcknowledged();
    this.strays += unit.outstanding(stream);
    await unit.changes.until(() => unit.outstanding(stream) === 0, CHANGE.answers);
  }

  async #locked<Value>(device: number, work: () => Promise<Value>): Promise<Value> {
    const mutex = this.#groupMutexes[device];
    return this.#svaLock.add(() => (mutex === undefined ? work() : mutex.add(work)));
  }

  /** What is under way, one phrase each. */
  whereabouts(): string[] {
    const { size, pending } = this.#svaLock;
    const waiting = size + pending === 0 ? [] : [`${size + pending} users of sva_lock`];
    return [...waiting, ...this.#parts.operations.whereabouts()];
  }

  /** Resolves when no bind or unbind is under way. */
  async idle(): Promise<void> {
    await this.#svaLock.onIdle();
  }
}
