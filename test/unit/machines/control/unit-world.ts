/**
 * One IOMMU unit with the processes and operations above it: the report path's world, and the control path's machines
 * as live actors wired to it. A test decides which thread steps.
 *
 * Method: operations run a driver's lists; `log` is each of their effects in order. Invalidations are done when
 * hardware steps, oldest first.
 */
import { type Actor, createActor } from 'xstate';

import type { Driver, OperationName } from '../../../../src/actors/driver.ts';
import { type Pasid, pasid, type RequesterId } from '../../../../src/core/ids.ts';
import { drainCompletionMachine } from '../../../../src/machines/drain-completion.ts';
import { faultReportingMachine } from '../../../../src/machines/fault-reporting.ts';
import { invalidationQueueMachine } from '../../../../src/machines/invalidation-queue.ts';
import { OTHER_RID, ReportWorld, RID } from '../report/harness.ts';
import { Attachment, type Bond } from './attachment.ts';
import { driver as driverOf } from './lists.ts';
import { Process } from './process.ts';
import { RunningOperation } from './running-operation.ts';
import type { Unit } from './unit.ts';

export class UnitWorld implements Unit {
  readonly driver: Driver;
  readonly report: ReportWorld;
  readonly log: string[] = [];
  readonly operations: RunningOperation[] = [];
  readonly completion: Actor<typeof drainCompletionMachine>;
  readonly invalidations: Actor<typeof invalidationQueueMachine>;
  readonly #reporting: ReadonlyMap<RequesterId, Actor<typeof faultReportingMachine>>;
  readonly #processes = new Map<number, Process>();
  readonly #submitted: number[] = [];
  #tickets = 0;
  passes = 0;

  constructor(name: string, ...quirks: readonly string[]) {
    this.driver = driverOf(name, ...quirks);
    this.report = new ReportWorld({ rules: this.driver.rules });
    this.completion = createActor(drainCompletionMachine).start();
    this.invalidations = createActor(
      invalidationQueueMachine.provide({
        actions: { writeDescriptors: (_, { ticket }) => void this.#submitted.push(ticket) },
      }),
      { input: { entriesMax: 64 } },
    ).start();
    this.#reporting = new Map(
      [RID, OTHER_RID].map((rid) => {
        const queue = this.report.queue(rid);
        const provided = faultReportingMachine.provide({
          actions: {
            addDevice: () => queue.send({ type: 'device.add', allocated: true }),
            removeDevice: () => queue.send({ type: 'device.remove', queue: 0 }),
          },
        });
        return [rid, createActor(provided, { input: { device: rid, pri: true } }).start()];
      }),
    );
  }

  /** A process with these frames mapped. */
  process(mm: number, ...pfns: readonly number[]): Process {
    const process = new Process(this, mm, pfns.length === 0 ? [0x10, 0x11, 0x12] : pfns);
    this.#processes.set(mm, process);
    return process;
  }

  /** What hangs on one PASID of one device; without one, on the function itself. */
  attachment(rid: RequesterId, which?: number): Attachment {
    return new Attachment(this, rid, which === undefined ? undefined : pasid(which));
  }

  attach(rid: RequesterId, which: number | undefined, bond: Bond): Attachment {
    const attachment = this.attachment(rid, which);
    attachment.next = bond;
    const name = which === undefined ? 'attach-rid' : 'attach-pasid';
    this.begin(name, attachment).finish();
    return attachment;
  }

  begin(name: OperationName, attachment: Attachment, label: string = name): RunningOperation {
    const operation = new RunningOperation(
      this,
      label,
      this.operations.length + 1,
      this.driver.operations[name],
      attachment,
    );
    this.operations.push(operation);
    return operation;
  }

  reporting(rid: RequesterId): Actor<typeof faultReportingMachine> {
    const reporting = this.#reporting.get(rid);
    if (reporting === undefined) throw new Error(`no device ${rid}`);
    return reporting;
  }

  ringHas(rid: RequesterId, which: Pasid | undefined): boolean {
    const { entries } = this.report.ring.getSnapshot().context;
    return entries.some((entry) => entry.rid === rid && entry.pasid === which);
  }

  submit(descriptors: number, drain: boolean): number {
    this.#tickets += 1;
    const ticket = this.#tickets;
    this.invalidations.send({ type: 'descriptors.submit', ticket, descriptors, drain });
    return ticket;
  }

  isExecuted(ticket: number): boolean {
    return !this.#submitted.includes(ticket);
  }

  stepHardware(): boolean {
    const ticket = this.#submitted.shift();
    if (ticket === undefined) return false;
    this.invalidations.send({ type: 'wait.executed', ticket });
    return true;
  }

  stepThread(): boolean {
    const stepped = this.report.stepThread();
    const passes = this.report.logOf('thread').filter((line) => line === 'complete').length;
    if (passes > this.passes) this.completion.send({ type: 'completion.complete' });
    this.passes = passes;
    return stepped;
  }

  /** Steps the thread until one pass has ended. */
  runPass(): this {
    const { passes } = this;
    while (this.passes === passes && this.stepThread());
    return this;
  }

  /** A worker's step; raising and dropping users is the address space's business. */
  stepWorker(index = 0): boolean {
    const held = this.report.workers[index]?.getSnapshot().context.mm;
    const from = this.report.log.length;
    if (!this.report.stepWorker(index)) return false;
    const effects = this.report.log.slice(from);
    const now = this.report.workers[index]?.getSnapshot().context.mm;
    if (effects.includes('worker.getUsers')) this.#mmOf(now).send({ type: 'users.get' });
    if (effects.includes('worker.putUsers')) this.#mmOf(held).send({ type: 'users.put' });
    return true;
  }

  #mmOf(mm: number | undefined): Process['mm'] {
    const process = mm === undefined ? undefined : this.#processes.get(mm);
    if (process === undefined) throw new Error(`no process ${mm}`);
    return process.mm;
  }

  /** Runs thread, workers and hardware until they can't step, and all operations too. */
  settle(): this {
    const anybody = (): boolean =>
      this.stepThread() ||
      this.report.workers.some((_, index) => this.stepWorker(index)) ||
      this.stepHardware() ||
      this.operations.some((operation) => operation.step());
    while (anybody());
    return this;
  }
}
