/**
 * Live command queue: the main thread's side of a unit's command queue, and what it does when the unit stops it.
 *
 * Kernel: drivers/iommu/intel/dmar.c, qi_submit_sync(), qi_check_fault(); arm/arm-smmu-v3/arm-smmu-v3.c,
 *         __arm_smmu_cmdq_skip_err(); and what the AMD driver has in their place.
 * Actor:  one; runs the invalidation-queue machine live, whose effects its hardware writes down.
 */
import { type Actor, createActor } from 'xstate';

import { word } from '../core/words.ts';
import { type ActorWatch, watched } from '../machines/actor-watch.ts';
import { invalidationQueueMachine } from '../machines/invalidation-queue.ts';
import { Bell } from '../workers/bell.ts';
import { isPresent } from '../workers/function-states.ts';
import { type Misbehaviour, type Occasions, occasionsOf } from '../workers/misbehaviour.ts';
import { SOFTWARE_PATIENCE_MILLISECONDS } from '../workers/slow-unit.ts';
import { COMMAND_QUEUE, THREAD } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import { distance } from '../workers/word-queue.ts';
import {
  type CommandMishaps,
  noMishaps,
  type Submission,
  type SubmitterParts,
} from './submission.ts';
import type { Command, CommandFault, CommandQueue, Invalidation } from './units/hardware.ts';

const NOBODY = -1;
/** Commands of a submission that others of the machine make, as many as Linux flushes at once. */
const BATCH = 16;

export class LiveCommandQueue {
  readonly mishaps: CommandMishaps = noMishaps();
  readonly #words: Int32Array;
  readonly #functions: Int32Array;
  readonly #commands: CommandQueue;
  readonly #deviceBell: Bell;
  readonly #machine: Actor<typeof invalidationQueueMachine>;
  readonly #breach: (property: string, message: string) => void;
  readonly #malformed: Occasions | undefined;
  readonly #fills: Occasions | undefined;
  readonly #now: () => number;
  readonly #endsLooker: boolean;
  /** Milliseconds that a submitter waits. */
  readonly #patience: number;
  /** Oldest first. */
  readonly #tickets = new Map<number, Submission>();
  readonly #unwritten: number[] = [];
  /** The queue refused a submission, and none has ended since. */
  #isFull = false;
  /** Nobody will ask for their end. */
  #left: readonly number[] = [];
  #next = 1;

  constructor(
    memory: StormMemory,
    commands: CommandQueue,
    watch: ActorWatch | undefined,
    misbehaviour: Misbehaviour | undefined,
    breach: (property: string, message: string) => void,
    { now, timeOut }: SubmitterParts,
  ) {
    this.#words = memory.invalidation;
    this.#functions = memory.functions;
    this.#commands = commands;
    this.#breach = breach;
    this.#malformed = occasionsOf(misbehaviour, 'malformed-commands');
    this.#fills = occasionsOf(misbehaviour, 'full-command-queue');
    this.#now = now;
    this.#endsLooker = timeOut !== 'restarts';
    const isHurried = commands.givesUp && misbehaviour?.how === 'slow-unit';
    this.#patience = isHurried ? SOFTWARE_PATIENCE_MILLISECONDS : Number.POSITIVE_INFINITY;
    this.#deviceBell = new Bell(memory.bells, THREAD.device);
    this.#machine = createActor(
      invalidationQueueMachine.provide({
        actions: {
          writeDescriptors: (_, { ticket, drain }) => this.#write(ticket, drain),
          refuse: () => {
            this.#isFull = true;
          },
          fail: (_, { tickets }) => {
            for (const ticket of tickets) this.#tickets.delete(ticket);
          },
          restart: (_, { tickets }) => {
            for (const ticket of tickets) this.#restart(ticket);
          },
          violate: (_, { unexpected }) => breach('S10', `the command queue met ${unexpected}`),
        },
      }),
      { input: { entriesMax: commands.entries }, ...watched(watch, 'invalidation-queue') },
    ).start();
  }

  /** Queues commands, and what tells their end, as soon as entries are free; `isDone` says when they are done. */
  submit(invalidations: readonly Invalidation[], drain: boolean): number {
    this.#reap();
    if (this.#fills?.next() === true) this.#fill();
    if (this.#malformed?.next() === true) {
      this.leave([
        this.#add({ commands: [this.#commands.malformed], drain: false, malformed: true }),
      ]);
    }
    const commands = this.#commandsFor(invalidations);
    const ticket = this.#add({ commands, invalidations, drain, malformed: false });
    if (this.#tickets.get(ticket)?.end === undefined) this.mishaps.refused += 1;
    return ticket;
  }

  /** What others of the machine have to do with the unit, until there is no room. */
  #fill(): void {
    const fences = Array.from({ length: BATCH }, (): Invalidation => ({ kind: 'fence' }));
    const batch = { commands: this.#commandsFor(fences), drain: false, malformed: false };
    while (!this.#isFull) this.leave([this.#add(batch)]);
  }

  /** A repaired driver asks a function that is gone for nothing. */
  #commandsFor(invalidations: readonly Invalidation[]): readonly Command[] {
    return invalidations
      .filter(
        (each) => this.#endsLooker || each.kind !== 'device-tlb' || this.#isThere(each.device),
      )
      .flatMap((each) => this.#commands.commandsFor(each));
  }

  #add(asked: Omit<Submission, 'end' | 'since'>): number {
    const ticket = this.#next;
    this.#next += 1;
    this.#tickets.set(ticket, { ...asked, end: undefined, since: this.#now() });
    this.#unwritten.push(ticket);
    this.#writeWaiting();
    return ticket;
  }

  isDone(ticket: number): boolean {
    this.#checkFault(ticket);
    if (this.#isFull) this.#reap();
    const found = this.#tickets.get(ticket);
    if (found === undefined) return true;
    if (!this.#isExecuted(ticket, found)) return this.#isGivenUp(ticket, found);
    this.#writeWaiting();
    return true;
  }

  /** -EIO and -ETIMEDOUT, which no caller looks at: it goes on, and the unit may do what it was asked later. */
  #isGivenUp(ticket: number, { since }: Submission): boolean {
    if (this.#now() - since < this.#patience) return false;
    this.mishaps.givenUp += 1;
    this.leave([ticket]);
    return true;
  }

  /** Frees the entries of those that nobody asks for, as far as they are done. */
  #reap(): void {
    const left = this.#left;
    this.#left = [];
    const open = left.filter((ticket) => {
      const found = this.#tickets.get(ticket);
      return found !== undefined && !this.#isExecuted(ticket, found);
    });
    this.#left = [...open, ...this.#left];
    this.#writeWaiting();
  }

  /** Who submitted these goes without having seen their end; their entries are free once they are done. */
  leave(tickets: readonly number[]): void {
    if (tickets.length > 0) this.#left = [...this.#left, ...tickets];
  }

  #isExecuted(ticket: number, { end }: Submission): boolean {
    if (end === undefined || !this.#commands.isDone(end)) return false;
    this.#tickets.delete(ticket);
    this.#isFull = false;
    this.#machine.send({ type: 'wait.executed', ticket });
    return true;
  }

  /** Lets the queue take what waits, in order, as far as it has room: the submitters spin. */
  #writeWaiting(): void {
    for (
      let next = this.#unwritten[0];
      next !== undefined && !this.#isFull;
      next = this.#unwritten[0]
    ) {
      const ticket = next;
      const waiting = this.#tickets.get(ticket);
      if (waiting === undefined) return;
      const { commands, drain } = waiting;
      this.#machine.send({
        type: 'descriptors.submit',
        ticket,
        descriptors: commands.length,
        drain,
      });
      if (this.#isFull) return;
      this.#unwritten.shift();
    }
  }

  #write(ticket: number, drain: boolean): void {
    const found = this.#tickets.get(ticket);
    if (found === undefined) return;
    let tail = word(this.#words, COMMAND_QUEUE.tail);
    for (const command of found.commands) {
      this.#commands.write(tail, command);
      tail = (tail + 1) | 0;
    }
    this.#commands.writeEnd(tail, drain);
    this.#tickets.set(ticket, { ...found, end: tail });
    Atomics.store(this.#words, COMMAND_QUEUE.tail, (tail + 1) | 0);
    this.#deviceBell.ring();
  }

  /** Whoever spins looks at it: the submitter of `ticket`. */
  #checkFault(ticket: number): void {
    const fault = this.#commands.fault();
    if (fault === undefined) return;
    switch (fault.kind) {
      case 'rejected':
        this.#replace(fault);
        break;
      case 'timed-out':
        this.#abort(ticket, fault);
        break;
      case 'end-timed-out':
        this.mishaps.repeatedEnds += 1;
        break;
      case 'completed-unasked':
        this.mishaps.unexpected += 1;
        break;
    }
    this.#commands.clearFault(fault.kind);
    this.#deviceBell.ring();
    this.#isFull = false;
    this.#writeWaiting();
  }

  /** What is no command gives way to the end of its submission, which fails where its submitter is told. */
  #replace({ head }: CommandFault): void {
    const [ticket, found] = this.#holderOf(head) ?? [];
    if (ticket === undefined || found?.end === undefined) return;
    this.mishaps.rejected += 1;
    if (!found.malformed) this.#breach('S10', 'the unit refused a command of a driver');
    this.#commands.replace(head, found.end);
    if (!this.#commands.tellsSubmitter) return;
    this.#machine.send({ type: 'descriptor.rejected', ticket });
  }

  /**
   * Submissions whose end was fetched and is not done are made again: EAGAIN. In 7.3, when the function is gone, the
   * looker's own is not, whatever it was about, and ends in ETIMEDOUT; one that waits for room looks at nothing.
   */
  #abort(looker: number, { head, source = NOBODY }: CommandFault): void {
    for (const [ticket, found] of [...this.#tickets]) this.#isExecuted(ticket, found);
    const fetched = [...this.#tickets].filter(
      ([, { end }]) => end !== undefined && distance(head, end) > 0,
    );
    const tickets = fetched.map(([ticket]) => ticket);
    const end = this.#tickets.get(looker)?.end;
    const present = !this.#endsLooker || end === undefined || this.#isThere(source);
    if (!present) {
      this.mishaps.timedOut += 1;
      if (!tickets.includes(looker)) this.mishaps.notFetched += 1;
    }
    this.#machine.send({ type: 'device.timed-out', ticket: looker, present, tickets });
  }

  #restart(ticket: number): void {
    const found = this.#tickets.get(ticket);
    if (found === undefined) return;
    this.mishaps.restarted += 1;
    const { invalidations } = found;
    const commands = invalidations ? this.#commandsFor(invalidations) : found.commands;
    this.#tickets.set(ticket, { ...found, commands, end: undefined });
    this.#unwritten.push(ticket);
  }

  #holderOf(command: number): readonly [number, Submission] | undefined {
    return [...this.#tickets].find(
      ([, { end, commands }]) =>
        end !== undefined &&
        distance(end, command) >= 0 &&
        distance(command, (end - commands.length) | 0) >= 0,
    );
  }

  #isThere(device: number): boolean {
    return isPresent(this.#functions, device);
  }
}
