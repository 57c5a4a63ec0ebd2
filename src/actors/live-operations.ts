/**
 * Live operations: runs a driver's lists on the main thread against shared memory.
 *
 * Actor: one live operation machine an operation; a step is sent as soon as its question is answered yes.
 * Policy: ordering between operations (group mutex, sva_lock) is the caller's p-queues.
 */
import { createActor, type StateValue } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { EVERY_PAGE } from '../hw/vtd/invalidation-range.ts';
import { watched } from '../machines/actor-watch.ts';
import { type OperationMachine, operationMachine } from '../machines/operation.ts';
import type { OperationTarget } from '../machines/operation-terms.ts';
import { MAIL } from '../workers/storm-layout.ts';
import { ControlRecording, ownThread } from './control-recording.ts';
import type { Driver, OperationName } from './driver.ts';
import type { LiveAttachment } from './live-attachment.ts';
import type { LiveUnit } from './live-unit.ts';
import type { Invalidation } from './units/hardware.ts';

const STEP = { type: 'step' } as const;
const ATTACHES: ReadonlySet<OperationName> = new Set(['bind-sva', 'attach-pasid', 'attach-rid']);
const DETACHES: ReadonlySet<OperationName> = new Set(['unbind-sva', 'detach-pasid', 'detach-rid']);

/** What one operation under way remembers between its steps. */
type Run = {
  readonly attachment: LiveAttachment;
  readonly name: OperationName;
  /** State of its machine, dots between the parts. */
  readonly where: () => string;
  /** What it has submitted and not yet seen done. */
  tickets: readonly number[];
  pass: number;
  /** Passes begun when the thread was first found busy. */
  begun: number | undefined;
  tails: readonly number[] | undefined;
  letter: number | undefined;
  /** Of a call that has not returned. */
  call: number | undefined;
};

export class LiveOperations {
  readonly #unit: LiveUnit;
  readonly #driver: Driver;
  readonly #machines = new Map<OperationName, OperationMachine>();
  readonly #runs = new Map<number, Run>();
  readonly #recording: ControlRecording;
  #next = 1;

  constructor(unit: LiveUnit, driver: Driver) {
    this.#unit = unit;
    this.#driver = driver;
    this.#recording = new ControlRecording(unit);
  }

  async run(name: OperationName, attachment: LiveAttachment): Promise<void> {
    const operation = this.#next;
    this.#next += 1;
    const actor = createActor(this.#machine(name), {
      input: { operation, device: attachment.device, attachment: attachment.slot },
      ...watched(this.#unit.watch, `operation-${operation}/${name}`),
    });
    const where = (): string => `${name} in ${stateText(actor.getSnapshot().value)}`;
    this.#runs.set(operation, {
      attachment,
      name,
      where,
      tickets: [],
      pass: 0,
      begun: undefined,
      tails: undefined,
      letter: undefined,
      call: undefined,
    });
    actor.start();
    while (actor.getSnapshot().status !== 'done') {
      await this.#unit.changes.until(
        () => this.#hasReturned(operation) && actor.getSnapshot().can(STEP),
      );
      actor.send(STEP);
    }
    this.#unit.leave(this.#of({ operation }).tickets);
    this.#runs.delete(operation);
    const { device, pasid, instance } = attachment;
    const attaches = ATTACHES.has(name);
    if (attaches || DETACHES.has(name)) {
      this.#recording.returned(ownThread(instance), device, pasid, attaches);
    }
  }

  /** What is under way, one phrase each. */
  whereabouts(): string[] {
    return [...this.#runs.values()].map(
      ({ attachment, where }) =>
        `${where()} for PASID ${attachment.pasid} of device ${attachment.device}`,
    );
  }

  #machine(name: OperationName): OperationMachine {
    const found = this.#machines.get(name);
    if (found !== undefined) return found;
    const { operations, ownSteps } = this.#driver;
    const machine = this.#provided(operationMachine(name, operations[name], ownSteps));
    this.#machines.set(name, machine);
    return machine;
  }

  #of({ operation }: Pick<OperationTarget, 'operation'>): Run {
    const run = this.#runs.get(operation);
    invariant(run !== undefined, `operation ${operation} is not under way`);
    return run;
  }

  #submit(target: OperationTarget, kinds: readonly Invalidation['kind'][], drain = false): void {
    const run = this.#of(target);
    const { device, pasid, tag, instance } = run.attachment;
    const about = { device, pasid, tag, range: EVERY_PAGE };
    const invalidations = kinds.map((kind) => ({ kind, ...about }));
    // A release holds its domain's lock from its first entry to its last.
    const locks = run.name === 'mm-release' ? 1 : 0;
    this.#recording.submitted(ownThread(instance), invalidations, locks);
    run.tickets = [...run.tickets, this.#unit.submit(invalidations, drain)];
  }

  #track(target: OperationTarget, linked: boolean): void {
    const { attachment } = this.#of(target);
    if (linked) attachment.track(true);
    this.#recording.tagged(ownThread(attachment.instance), attachment, linked);
    if (!linked) attachment.track(false);
  }

  /** What the PRQ thread does in the caller's place, under a lock that the caller would hold: it returns when done. */
  #call(target: OperationTarget, kind: number): void {
    const run = this.#of(target);
    run.call = this.#unit.mail(kind, run.attachment.device, run.attachment.pasid);
  }

  #hasReturned(operation: number): boolean {
    const { call } = this.#of({ operation });
    return call === undefined || this.#unit.mailIsRead(call);
  }

  #provided(machine: OperationMachine): OperationMachine {
    const unit = this.#unit;
    const attachment = (target: OperationTarget): LiveAttachment => this.#of(target).attachment;
    return machine.provide({
      actions: {
        clearPresent: (_, target) => attachment(target).entry.send({ type: 'present.clear' }),
        finishZeroing: (_, target) => attachment(target).entry.send({ type: 'entry.zero' }),
        zeroEntry: (_, target) => attachment(target).entry.send({ type: 'entry.zero' }),
        markFaultDisabled: (_, target) =>
          attachment(target).entry.send({ type: 'fault-disable.mark' }),
        markFaultDisabledIfPresent: (_, target) =>
          attachment(target).entry.send({ type: 'fault-disable.mark-if-present' }),
        programEntry: (_, target) => attachment(target).program('entry.program'),
        rewriteEntry: (_, target) => attachment(target).program('entry.rewrite'),
        allocateHandle: (_, target) => attachment(target).allocateHandle(),
        reserveSlot: (_, target) => attachment(target).store.send({ type: 'slot.reserve' }),
        publishHandle: (_, target) => attachment(target).publishHandle(),
        replaceHandle: (_, target) => attachment(target).replaceHandle(),
        eraseSlot: (_, target) => attachment(target).store.send({ type: 'slot.erase' }),
        freeHandle: (_, target) => attachment(target).freeHandle(),
        getDomain: (_, target) => attachment(target).domain.send({ type: 'user.attached' }),
        putDomain: (_, target) => attachment(target).domain.send({ type: 'user.detached' }),
        putOldDomain: (_, target) => attachment(target).domain.send({ type: 'user.detached' }),
        trackPasid: (_, target) => this.#track(target, true),
        untrackPasid: (_, target) => this.#track(target, false),
        untrackOldPasid: (_, target) => this.#track(target, false),
        lockDomain: (_, target) => attachment(target).domainLock.send({ type: 'lock.take' }),
        unlockDomain: (_, target) => attachment(target).domainLock.send({ type: 'lock.drop' }),
        buildPasidTable: () => {}, // the tables of a storm are there from its start to its end
        freePasidTable: () => {},
        enableReporting: (_, target) => {
          this.#of(target).letter = attachment(target).reporting.enable();
        },
        dropReporting: (_, target) => {
          this.#of(target).letter = attachment(target).reporting.disable();
        },
        dropOldReporting: (_, target) => {
          this.#of(target).letter = attachment(target).reporting.disable();
        },
        discardPartials: (_, target) => this.#call(target, MAIL.discardPartials),
        answerInvalid: () => {}, // an SVA bond has no groups of its own: the workers answered them all
        notePass: (_, target) => {
          this.#of(target).pass = unit.passes;
        },
        noteWorkQueue: (_, target) => {
          this.#of(target).tails = unit.workQueueTails();
        },
        rearmCompletion: () => unit.rearmCompletion(),
        consumeCompletion: () => unit.rearmCompletion(),
        submitContextInvalidation: (_, target) => this.#submit(target, ['function-entry']),
        submitPasidCacheInvalidation: (_, target) => this.#submit(target, ['pasid-entry']),
        submitIotlbInvalidation: (_, target) => this.#submit(target, ['iotlb']),
        submitDeviceTlbInvalidation: (_, target) => {
          const isAsked = !unit.hardware.asksPresence || unit.isPresent(target.device);
          if (isAsked) this.#submit(target, ['device-tlb']);
        },
        // The drain's own three: fence, everything of the PASID out of IOTLB and device TLB.
        submitDrain: (_, target) => this.#submit(target, ['fence', 'iotlb', 'device-tlb'], true),
      },
      guards: {
        entryIsPresent: (_, target) => attachment(target).entry.getSnapshot().matches('present'),
        entryOwesDrain: (_, target) => attachment(target).entry.getSnapshot().hasTag('owes-drain'),
        reportingIsOff: (_, target) => attachment(target).reporting.isOff,
        ringHasMine: (_, target) =>
          unit.hardware.holdsRequest(target.device, attachment(target).pasid),
        passIsComplete: (_, target) => unit.passes !== this.#of(target).pass,
        completionIsDone: () => unit.completionIsDone(),
        workQueueIsFlushed: (_, target) => {
          const run = this.#of(target);
          run.tails ??= unit.workQueueTails();
          return run.tails !== undefined && unit.workQueueReached(run.tails);
        },
        groupsAreFinished: (_, target) => unit.groupsAreFinished(attachment(target).slot),
        invalidationIsDone: (_, target) => {
          const run = this.#of(target);
          run.tickets = run.tickets.filter((ticket) => !unit.isDone(ticket));
          return run.tickets.length === 0;
        },
        overflowIsSet: () => unit.hardware.isOverflowed(),
        threadIsIdle: (_, target) => {
          const run = this.#of(target);
          run.begun ??= unit.passesBegun;
          return unit.passesReached(run.begun);
        },
        releaseIsIdle: (_, target) => attachment(target).releaseIsIdle,
        domainLockIsFree: (_, target) =>
          attachment(target).domainLock.getSnapshot().matches('free'),
        pasidsAreAttached: (_, target) => unit.hasPasids(target.device),
        reportingIsSettled: (_, target) => {
          const { letter } = this.#of(target);
          return letter === undefined || unit.mailIsRead(letter);
        },
      },
    });
  }
}

const stateText = (value: StateValue): string =>
  typeof value === 'string'
    ? value
    : Object.entries(value)
        .map(([state, inner]) => `${state}.${inner === undefined ? '' : stateText(inner)}`)
        .join(' ');
