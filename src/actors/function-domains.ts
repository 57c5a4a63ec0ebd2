/**
 * Function domains: the domain of each function itself, attached before processes are bound and detached after them.
 *
 * Kernel: drivers/iommu/amd/iommu.c, attach_device(), detach_device(): that is what puts a function on the fault queue,
 *         whatever its PASIDs do. Drivers that count the PASIDs which handle faults need no such domain in a storm.
 * Actor:  one on the main thread; a function's domain is an identity domain, and no device sends requests through it.
 */
import { type Actor, createActor } from 'xstate';

import { watched } from '../machines/actor-watch.ts';
import { domainMachine } from '../machines/domain.ts';
import type { lockMachine } from '../machines/lock.ts';
import { plugIn } from '../workers/function-states.ts';
import { domainLock } from './domain-lock.ts';
import type { Driver } from './driver.ts';
import { type AttachmentMachines, type Bound, LiveAttachment } from './live-attachment.ts';
import type { LiveOperations } from './live-operations.ts';
import type { LiveReporting } from './live-reporting.ts';
import type { LiveUnit } from './live-unit.ts';

/** PASID 0, no address space and no stream: a function as what an attachment binds. */
const FUNCTION = 0;
const NO_ADDRESS_SPACE = -1;
const NO_STREAM = -1;
/** Processes are numbered from 1. */
const NO_PROCESS = 0;

class FunctionDomain implements Bound {
  readonly mm = NO_ADDRESS_SPACE;
  readonly instance = NO_PROCESS;
  readonly pasid = FUNCTION;
  readonly tag = 0;
  readonly attachments = new Set<LiveAttachment>();
  readonly domainLock: Actor<typeof lockMachine>;
  readonly releaseIsIdle = true;
  readonly domain: Actor<typeof domainMachine>;

  constructor(device: number, unit: LiveUnit) {
    this.domain = createActor(
      domainMachine.provide({
        actions: {
          violate: (_, { unexpected }) =>
            unit.breach('S8', `the domain of function ${device} met ${unexpected}`),
        },
      }),
      {
        input: { domain: device, kind: 'identity', handlesFaults: false },
        ...watched(unit.watch, `device-${device}/domain`),
      },
    ).start();
    this.domain.send({ type: 'domain.allocate' });
    this.domainLock = domainLock(unit, `function ${device}`, `device-${device}/domain-lock`);
  }
}

type FunctionParts = {
  readonly unit: LiveUnit;
  readonly operations: LiveOperations;
  readonly machines: AttachmentMachines;
  /** One a device. */
  readonly reporting: readonly LiveReporting[];
};

export class FunctionDomains {
  readonly #parts: FunctionParts;
  /** One a device, where functions need one. */
  readonly #domains: readonly FunctionDomain[];
  readonly #attached = new Map<number, LiveAttachment>();
  switches = 0;
  joins = 0;

  constructor(parts: FunctionParts, { traits }: Driver) {
    this.#parts = parts;
    const functions = traits.pasidsHangOnFunction ? parts.reporting : [];
    this.#domains = functions.map((_, device) => new FunctionDomain(device, parts.unit));
  }

  async attach(): Promise<void> {
    for (const device of this.#domains.keys()) await this.#attach(device);
  }

  /** Caller's duty: nothing is bound to the functions any more. */
  async detach(): Promise<void> {
    for (const device of this.#domains.keys()) await this.#detach(device);
  }

  /** A function that is gone has no domain any more. Caller's duty: nothing is bound to it. */
  async leave(device: number): Promise<void> {
    await this.#detach(device);
  }

  /** Another function takes the place of one that has left, and is probed. Caller's duty: it has. */
  async join(device: number): Promise<void> {
    plugIn(this.#parts.unit.memory.functions, device);
    await this.#attach(device);
    this.joins += 1;
  }

  /** Takes a function off its domain and puts it there again. Caller's duty: nothing is bound to it. */
  async switch(device: number): Promise<void> {
    await this.#detach(device);
    await this.#attach(device);
    this.switches += 1;
  }

  async #attach(device: number): Promise<void> {
    const { unit, operations, machines, reporting } = this.#parts;
    const domain = this.#domains[device];
    const own = reporting[device];
    if (domain === undefined || own === undefined || !unit.isPresent(device)) return;
    own.enablePri();
    const attachment = new LiveAttachment(unit, machines, domain, device, NO_STREAM, own);
    this.#attached.set(device, attachment);
    await operations.run('attach-rid', attachment);
  }

  async #detach(device: number): Promise<void> {
    const { operations, machines } = this.#parts;
    const attachment = this.#attached.get(device);
    if (attachment === undefined) return;
    await operations.run('detach-rid', attachment);
    attachment.reporting.disablePri();
    machines.leave(attachment);
    this.#attached.delete(device);
  }
}
