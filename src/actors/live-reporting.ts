/**
 * Live fault reporting: one device's count of fault-capable attachments, its PRI, and its place on the fault queue.
 *
 * Kernel: drivers/iommu/intel/iommu.c, intel_iommu_enable_iopf(); drivers/iommu/io-pgfault.c,
 *         iopf_queue_add_device(), iopf_queue_remove_device(); drivers/pci/ats.c.
 * Actor:  one a device: the fault-reporting, device and fault-queue machines live, joined by their effects.
 */
import { type Actor, createActor } from 'xstate';

import { watched } from '../machines/actor-watch.ts';
import { deviceMachine } from '../machines/device.ts';
import { faultQueueMachine } from '../machines/fault-queue.ts';
import { faultReportingMachine } from '../machines/fault-reporting.ts';
import type { ReportRules } from '../machines/report-rules.ts';
import { enablePri } from '../workers/function-states.ts';
import { MAIL } from '../workers/storm-layout.ts';
import type { LiveUnit } from './live-unit.ts';

const UNIT_QUEUE = 0;

type Breach = (what: string, property: string | undefined, unexpected: string) => void;

export class LiveReporting {
  /** Its PRI; undefined where requests need none. */
  readonly function: Actor<typeof deviceMachine> | undefined;
  readonly queue: Actor<typeof faultQueueMachine>;
  readonly #count: Actor<typeof faultReportingMachine>;
  readonly #unit: LiveUnit;
  readonly #device: number;
  #letter: number | undefined;

  constructor(device: number, unit: LiveUnit, rules: ReportRules, capacity: number) {
    this.#unit = unit;
    this.#device = device;
    const breach: Breach = (what, property, unexpected) =>
      unit.breach(property ?? 'S15', `the ${what} of device ${device} met ${unexpected}`);
    const heard = (what: string) => watched(unit.watch, `device-${device}/${what}`);
    this.function = this.#startFunction(device, unit, capacity, breach);
    this.queue = createActor(
      faultQueueMachine.provide({
        actions: {
          violate: (_, { property, unexpected }) => breach('fault queue', property, unexpected),
        },
      }),
      { input: { device, queue: UNIT_QUEUE, responds: true, rules }, ...heard('fault-queue') },
    ).start();
    this.#count = createActor(
      faultReportingMachine.provide({
        actions: {
          addDevice: () => {
            this.queue.send({ type: 'device.add', allocated: true });
            this.#letter = unit.mail(MAIL.addDevice, device);
          },
          removeDevice: () => {
            this.queue.send({ type: 'device.remove', queue: UNIT_QUEUE });
            this.#letter = unit.mail(MAIL.removeDevice, device);
          },
          refuse: (_, { reason }) => breach('fault reporting', undefined, `a refusal: ${reason}`),
          warn: (_, { reason }) => breach('fault reporting', undefined, `a warning: ${reason}`),
          violate: (_, { unexpected }) => breach('fault reporting', undefined, unexpected),
        },
      }),
      { input: { device, pri: true }, ...heard('fault-reporting') },
    ).start();
  }

  #startFunction(
    device: number,
    { hardware, watch }: LiveUnit,
    capacity: number,
    breach: Breach,
  ): LiveReporting['function'] {
    if (hardware.priAllocation === undefined) return undefined;
    const actor = createActor(
      deviceMachine.provide({
        actions: {
          violate: (_, { property, unexpected }) => breach('PRI function', property, unexpected),
        },
      }),
      { input: { device, capacity }, ...watched(watch, `device-${device}/pri`) },
    ).start();
    enable(actor, hardware.priAllocation);
    return actor;
  }

  /** As a function's attach does where its driver has PRI follow the function's domain. */
  enablePri(): void {
    const { memory, hardware } = this.#unit;
    if (this.function?.getSnapshot().matches('disabled') !== true) return;
    enable(this.function, hardware.priAllocation ?? 0);
    enablePri(memory.functions, this.#device);
  }

  disablePri(): void {
    this.function?.send({ type: 'pri.disable' });
  }

  /** Takes a count; the letter to wait for when the device has just joined the fault queue. */
  enable(): number | undefined {
    this.#count.send({ type: 'reporting.enable' });
    return this.#letter;
  }

  /** Drops a count; the letter to wait for when the device has just left the fault queue. */
  disable(): number | undefined {
    this.#count.send({ type: 'reporting.disable' });
    return this.#letter;
  }

  get isOff(): boolean {
    return this.#count.getSnapshot().matches('off');
  }

  get users(): number {
    return this.#count.getSnapshot().context.users;
  }
}

function enable(pri: Actor<typeof deviceMachine>, allocation: number): void {
  pri.send({ type: 'pri.reset' });
  pri.send({ type: 'pri.enable', allocation });
}
