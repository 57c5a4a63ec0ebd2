/**
 * Live unit: the main thread's hands on one IOMMU unit: command queue, mailbox, work queues, stops.
 *
 * Actor: one.
 */
import { FIRST_GLOBAL_PASID } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import type { ActorWatch } from '../machines/actor-watch.ts';
import { Bell } from '../workers/bell.ts';
import { EventRecording } from '../workers/event-recording.ts';
import { isPresent } from '../workers/function-states.ts';
import type { Misbehaviour } from '../workers/misbehaviour.ts';
import { controlWord } from '../workers/role.ts';
import {
  CHANGE,
  CONTROL,
  GROUP_RECORD,
  MAIL,
  RESPONSE,
  STREAM,
  THREAD,
} from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type { Violation } from '../workers/storm-plan.ts';
import { distance, WordQueue } from '../workers/word-queue.ts';
import type { Changes } from './changes.ts';
import { LiveCommandQueue } from './live-command-queue.ts';
import type { SubmitterParts } from './submission.ts';
import type { Invalidation, LiveHardware } from './units/hardware.ts';

const HANDLES_MAX = 0x7fffffff;

export class LiveUnit {
  readonly memory: StormMemory;
  readonly changes: Changes;
  /** Who hears of every live actor. */
  readonly watch: ActorWatch | undefined;
  readonly hardware: LiveHardware;
  readonly #queues: readonly WordQueue[];
  readonly #responses: readonly WordQueue[];
  readonly #mailbox: WordQueue;
  readonly #recording: EventRecording;
  readonly #deviceBell: Bell;
  readonly #prqBell: Bell;
  readonly commands: LiveCommandQueue;
  /** What a machine on the main thread said must not happen. */
  readonly breaches: Violation[] = [];
  #nextHandle = 0;
  #letters = 0;

  constructor(
    memory: StormMemory,
    changes: Changes,
    hardware: LiveHardware,
    watch: ActorWatch | undefined,
    parts: SubmitterParts,
    misbehaviour?: Misbehaviour,
  ) {
    this.memory = memory;
    this.watch = watch;
    this.changes = changes;
    this.hardware = hardware;
    this.#queues = memory.queues.map((queue) => new WordQueue(queue, GROUP_RECORD.words));
    this.#responses = memory.responses.map((ring) => new WordQueue(ring, RESPONSE.words));
    this.#mailbox = new WordQueue(memory.mailbox, MAIL.words);
    this.#recording = new EventRecording(memory);
    this.#deviceBell = new Bell(memory.bells, THREAD.device);
    this.#prqBell = new Bell(memory.bells, THREAD.prq);
    this.commands = new LiveCommandQueue(
      memory,
      hardware.commands,
      watch,
      misbehaviour,
      (property, message) => this.breach(property, message),
      parts,
    );
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

  /** Queues commands, and what tells their end, as soon as entries are free; `isDone` says when they are done. */
  submit(invalidations: readonly Invalidation[], drain = false): number {
    return this.commands.submit(invalidations, drain);
  }

  isDone(ticket: number): boolean {
    return this.commands.isDone(ticket);
  }

  /** Who submitted these goes without having seen their end; their entries are free once they are done. */
  leave(tickets: readonly number[]): void {
    this.commands.leave(tickets);
  }

  /** Submits and waits: qi_submit_sync(). */
  async invalidate(invalidations: readonly Invalidation[]): Promise<void> {
    const ticket = this.submit(invalidations);
    await this.changes.until(() => this.isDone(ticket), CHANGE.commands);
  }

  /** Whether a function answers when it is asked: pci_device_is_present(). */
  isPresent(device: number): boolean {
    return isPresent(this.memory.functions, device);
  }

  get passes(): number {
    return Atomics.load(this.memory.control, controlWord(CONTROL.passes));
  }

  /** Passes of the PRQ thread begun so far: once as many are finished, it is out of the one it is in now. */
  get passesBegun(): number {
    return Atomics.load(this.memory.control, controlWord(CONTROL.passesBegun));
  }

  passesReached(begun: number): boolean {
    return distance(this.passes, begun) >= 0;
  }

  /**
   * What each resolver queue must have released for everything now in it to be answered; undefined while a group
   * that was recorded as reported is not in it yet.
   */
  workQueueTails(): readonly number[] | undefined {
    if (this.#recording.isHeld) return undefined;
    return this.#queues.map((queue) => queue.tail());
  }

  workQueueReached(tails: readonly number[]): boolean {
    return this.#queues.every((queue, index) => distance(queue.head(), tails[index] ?? 0) >= 0);
  }

  /** Whether every group that was queued for the handle in this slot is answered. Caller's duty: no more are coming. */
  groupsAreFinished(slot: number): boolean {
    if (this.#recording.isHeld) return false;
    return this.memory.lastGroups.every((words, resolver) => {
      const queue = this.#queues[resolver];
      if (queue === undefined) return true;
      const last = word(words, slot);
      // What lies ahead of the tail was noted so long ago that the count has come round since.
      return distance(queue.head(), last) >= 0 || distance(queue.tail(), last) < 0;
    });
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
      CHANGE.stops,
    );
  }

  /** Resolves when every answer that software has given by now has reached its device. */
  async answersArrived(): Promise<void> {
    const tails = this.#responses.map((ring) => ring.tail());
    await this.changes.until(
      () => this.#responses.every((ring, index) => distance(ring.head(), tails[index] ?? 0) >= 0),
      CHANGE.answers,
    );
  }

  /** Whether a PASID of the function is attached. */
  hasPasids(device: number): boolean {
    const { slots, sizes } = this.memory;
    const first = device * sizes.pasidSpace + FIRST_GLOBAL_PASID;
    return slots.subarray(first, (device + 1) * sizes.pasidSpace).some((handle) => handle !== 0);
  }

  /** Wakes the devices: a stream has something new. */
  wakeDevices(): void {
    this.#deviceBell.ring();
  }

  outstanding(stream: number): number {
    return Atomics.load(this.memory.streams, stream * STREAM.words + STREAM.outstanding);
  }
}
