/**
 * Page request thread: empties the unit's queue of requests into the fault core, pass by pass.
 *
 * Kernel: the threaded interrupts of drivers/iommu: intel/prq.c, prq_event_thread(); amd/ppr.c,
 *         amd_iommu_poll_ppr_log(); arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_evtq_thread().
 * Actor:  one, the threaded interrupt of the unit.
 *
 * What a pass does, and in which order, is the driver's and stands with the unit's queue. What others would do under
 * the fault parameter's lock comes to this thread by mail and is done between two passes.
 */
import { word } from '../core/words.ts';
import { Bell } from './bell.ts';
import { withFailedGroups } from './failed-groups.ts';
import { FaultCore } from './fault-core.ts';
import { type Misbehaviour, occasionsOf } from './misbehaviour.ts';
import { controlWord, type Role } from './role.ts';
import { CHANGE, CONTROL, MAIL, THREAD } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import { withUnaskedAnswers } from './unasked-answers.ts';
import type { FaultReports, RequestQueue } from './unit-seams.ts';
import { requestQueueOf, responseBytesOf } from './units.ts';
import { WordQueue } from './word-queue.ts';

const WATCHDOG_MILLISECONDS = 50;

export class PageRequestRole implements Role {
  readonly #control: Int32Array;
  readonly #queue: RequestQueue;
  readonly #core: FaultCore;
  readonly #reports: FaultReports;
  readonly #mailbox: WordQueue;
  readonly #waitersBell: Bell;

  constructor(memory: StormMemory, misbehaviour?: Misbehaviour) {
    this.#control = memory.control;
    this.#queue = requestQueueOf(memory);
    this.#core = new FaultCore(memory, responseBytesOf(memory.unit));
    this.#reports = misbehaving(this.#core, memory, misbehaviour);
    this.#mailbox = new WordQueue(memory.mailbox, MAIL.words);
    this.#waitersBell = new Bell(memory.bells, THREAD.waiters);
  }

  ready(): boolean {
    return this.#queue.isPending() || this.#mailbox.available() > 0;
  }

  timeoutMilliseconds(): number {
    return WATCHDOG_MILLISECONDS;
  }

  step(): number {
    const mail = this.#readMail();
    return this.#queue.isPending() ? mail + this.#pass() : mail;
  }

  #pass(): number {
    Atomics.add(this.#control, controlWord(CONTROL.passesBegun), 1);
    const work = this.#queue.pass(this.#reports);
    Atomics.add(this.#control, controlWord(CONTROL.passes), 1);
    Atomics.store(this.#control, controlWord(CONTROL.completion), 1);
    this.#waitersBell.ring(CHANGE.passes);
    return work;
  }

  #readMail(): number {
    const { words } = this.#mailbox;
    let letters = 0;
    for (; this.#mailbox.available() > 0; letters += 1) {
      const at = this.#mailbox.take();
      const device = word(words, at + 1);
      switch (word(words, at)) {
        case MAIL.addDevice:
          this.#core.addDevice(device);
          break;
        case MAIL.removeDevice:
          this.#core.removeDevice(device);
          break;
        case MAIL.discardPartials:
          this.#core.discardPartials(device, word(words, at + 2));
          break;
      }
    }
    if (letters === 0) return 0;
    this.#mailbox.release();
    Atomics.add(this.#control, controlWord(CONTROL.mailboxDone), letters);
    this.#waitersBell.ring(CHANGE.passes);
    return letters;
  }
}

/** The reports of a driver that does what it must not, if the storm has such. */
function misbehaving(
  reports: FaultCore,
  { control }: StormMemory,
  misbehaviour: Misbehaviour | undefined,
): FaultReports {
  const unasked = occasionsOf(misbehaviour, 'unasked-responses');
  if (unasked !== undefined) return withUnaskedAnswers(reports, unasked);
  const failing = occasionsOf(misbehaviour, 'fails-groups');
  if (failing === undefined) return reports;
  return withFailedGroups(reports, failing, word(control, controlWord(CONTROL.quirks)));
}
