/** One operation under way in the test world: a driver's list, its effects wired to the attachment and the unit. */
import { type AnyActor, createActor } from 'xstate';

import { type OperationMachine, operationMachine } from '../../../../src/machines/operation.ts';
import type { OperationStep } from '../../../../src/machines/operation-steps.ts';
import type { Attachment } from './attachment.ts';
import type { Unit } from './unit.ts';

const STEP = { type: 'step' } as const;
const STEPS_MAX = 500;

export class RunningOperation {
  readonly label: string;
  readonly #world: Unit;
  readonly #number: number;
  readonly #attachment: Attachment;
  readonly #start: () => AnyActor;
  #started: AnyActor | undefined;
  #ticket = 0;
  #pass = 0;
  readonly #done: () => void;

  constructor(
    world: Unit,
    label: string,
    number: number,
    steps: readonly OperationStep[],
    attachment: Attachment,
    done: () => void = () => {},
  ) {
    this.label = label;
    this.#world = world;
    this.#number = number;
    this.#attachment = attachment;
    this.#done = done;
    this.#start = () =>
      createActor(this.#provided(operationMachine(label, steps)), {
        input: { operation: number, device: attachment.rid, attachment: attachment.pasid ?? 0 },
      }).start();
  }

  /** Made at its first use: an actor must not be made inside another one's effect. */
  get #actor(): AnyActor {
    this.#started ??= this.#start();
    return this.#started;
  }

  get isDone(): boolean {
    return this.#actor.getSnapshot().status === 'done';
  }
  get at(): string {
    return JSON.stringify(this.#actor.getSnapshot().value).replaceAll(/[{}"]/g, '');
  }
  /** Its effects so far, by name. */
  get effects(): readonly string[] {
    return this.#world.log
      .filter((line) => line.startsWith(`${this.label}.`))
      .map((line) => line.slice(this.label.length + 1));
  }

  step(): boolean {
    if (this.isDone || !this.#actor.getSnapshot().can(STEP)) return false;
    this.#actor.send(STEP);
    if (this.isDone) this.#done();
    return true;
  }

  /** Steps it as far as it goes with hardware that executes at once. */
  run(): this {
    for (let step = 0; step < STEPS_MAX && (this.step() || this.#world.stepHardware()); step += 1);
    return this;
  }

  /** Steps it up to, not through, the list's step of that name. */
  runTo(step: string): this {
    while (!this.at.startsWith(step)) {
      if (!this.step() && !this.#world.stepHardware()) throw new Error(`stuck at ${this.at}`);
    }
    return this;
  }

  /** @throws when it sleeps with nobody else stepping. */
  finish(): this {
    this.run();
    if (!this.isDone) throw new Error(`${this.label} sleeps at ${this.at}`);
    return this;
  }

  #provided(machine: OperationMachine): OperationMachine {
    const world = this.#world;
    const of = this.#attachment;
    const actions = this.#actions();
    return machine.provide({
      actions: Object.fromEntries(
        Object.entries(actions).map(([name, perform]) => [
          name,
          () => {
            world.log.push(`${this.label}.${name}`);
            perform();
          },
        ]),
      ),
      guards: {
        entryIsPresent: () => of.entry.getSnapshot().matches('present'),
        entryOwesDrain: () => of.entry.getSnapshot().hasTag('owes-drain'),
        reportingIsOff: () => world.reporting(of.rid).getSnapshot().matches('off'),
        ringHasMine: () => world.ringHas(of.rid, of.pasid),
        passIsComplete: () => world.passes > this.#pass,
        completionIsDone: () => world.completion.getSnapshot().matches('done'),
        workQueueIsFlushed: () => world.report.flushed(this.#number),
        invalidationIsDone: () => world.isExecuted(this.#ticket),
        overflowIsSet: () => world.report.ring.getSnapshot().matches({ overflow: 'set' }),
        releaseIsIdle: () => of.releases === 0,
        reportingIsSettled: () => true, // the fault queue is no thread of its own here
      },
    });
  }

  #actions(): Readonly<Record<string, () => void>> {
    const world = this.#world;
    const of = this.#attachment;
    const reporting = (type: 'reporting.enable' | 'reporting.disable', handles: boolean) => {
      if (handles) world.reporting(of.rid).send({ type });
    };
    const submit =
      (descriptors: number, drain = false) =>
      () => {
        this.#ticket = world.submit(descriptors, drain);
      };
    const rearm = () => world.completion.send({ type: 'completion.rearm' });
    return {
      clearPresent: () => of.entry.send({ type: 'present.clear' }),
      finishZeroing: () => of.entry.send({ type: 'entry.zero' }),
      zeroEntry: () => of.entry.send({ type: 'entry.zero' }),
      markFaultDisabled: () => of.entry.send({ type: 'fault-disable.mark' }),
      markFaultDisabledIfPresent: () => of.entry.send({ type: 'fault-disable.mark-if-present' }),
      programEntry: () => of.entry.send({ type: 'entry.program', domain: of.coming.mm }),
      allocateHandle: () => of.coming.allocate(),
      reserveSlot: () => of.store.send({ type: 'slot.reserve' }),
      publishHandle: () => of.publish(),
      replaceHandle: () => of.replace(),
      eraseSlot: () => of.erase(),
      freeHandle: () => of.going.free(),
      getDomain: () => of.coming.domain.send({ type: 'user.attached' }),
      putDomain: () => of.going.domain.send({ type: 'user.detached' }),
      putOldDomain: () => of.going.domain.send({ type: 'user.detached' }),
      trackPasid: () => void of.coming.tracked.add(of),
      untrackPasid: () => void of.going.tracked.delete(of),
      untrackOldPasid: () => void of.going.tracked.delete(of),
      enableReporting: () => reporting('reporting.enable', of.coming.handlesFaults),
      dropReporting: () => reporting('reporting.disable', of.going.handlesFaults),
      dropOldReporting: () => reporting('reporting.disable', of.going.handlesFaults),
      discardPartials: () =>
        world.report.queue(of.rid).send({ type: 'partials.discard-pasid', pasid: of.pasid }),
      answerInvalid: () => {}, // groups of an SVA handler belong to its workers
      notePass: () => {
        this.#pass = world.passes;
      },
      noteWorkQueue: () =>
        world.report.workQueue.send({ type: 'flush.begin', operation: this.#number }),
      rearmCompletion: rearm,
      consumeCompletion: () => world.completion.send({ type: 'completion.consume' }),
      submitContextInvalidation: submit(1),
      submitPasidCacheInvalidation: submit(1),
      submitIotlbInvalidation: submit(1),
      submitDeviceTlbInvalidation: submit(1),
      submitDrain: submit(3, true),
    };
  }
}
