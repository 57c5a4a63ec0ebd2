/**
 * Fault source: one device's place on the fault queue of its unit, and who keeps it there.
 *
 * Kernel: drivers/iommu/io-pgfault.c, struct iommu_fault_param; drivers/iommu/iommufd/selftest.c,
 *         mock_dev_enable_iopf(), mock_dev_disable_iopf().
 * Actor:  the fault-queue and fault-reporting machines live, once a device.
 */
import { type Actor, createActor } from 'xstate';

import type { Driver } from '../actors/driver.ts';
import type { RequesterId } from '../core/ids.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import { faultQueueMachine } from '../machines/fault-queue.ts';
import { faultReportingMachine } from '../machines/fault-reporting.ts';
import type { RequestRecord } from '../machines/page-request-queue.ts';
import { Owners } from './owners.ts';

export type FilledGroup = {
  readonly param: number;
  readonly requests: readonly RequestRecord[];
  readonly onStack: boolean;
};

export type FaultSourceHands = {
  readonly fill: (group: number, filled: FilledGroup) => void;
  readonly retire: (group: number, code: PageResponseCode) => void;
  readonly forget: (requests: readonly RequestRecord[]) => void;
  readonly breach: (sentence: string) => void;
};

export type FaultSource = {
  readonly rid: RequesterId;
  /** The published fault parameter; undefined when the device is on no fault queue. */
  readonly param: number | undefined;
  enable(): void;
  disable(): void;
  takeReference(param: number): void;
  putReference(param: number): void;
  storePartial(param: number, request: RequestRecord): void;
  buildGroup(build: {
    readonly param: number;
    readonly group: number;
    readonly request: RequestRecord;
    readonly onStack: boolean;
  }): void;
  /** The group leaves the pending list without an answer. */
  dequeue(param: number, group: number): void;
};

type QueueActor = Actor<typeof faultQueueMachine>;

const queueOwners = new Owners<FaultSourceHands>();
const QUEUE = faultQueueMachine.provide({
  actions: {
    fillGroup: ({ self }, { group, ...filled }) => queueOwners.of(self).fill(group, filled),
    answerAndFree: ({ self }, { groups, code }) => {
      for (const group of groups) queueOwners.of(self).retire(group, code);
    },
    freePartials: ({ self }, { requests }) => queueOwners.of(self).forget(requests),
    violate: ({ self }, { unexpected, sentence }) =>
      queueOwners.of(self).breach(`the fault queue of a device met ${unexpected}: ${sentence}`),
  },
});
type Reporting = { readonly queue: QueueActor; readonly breach: (sentence: string) => void };
const reportingOwners = new Owners<Reporting>();
const REPORTING = faultReportingMachine.provide({
  actions: {
    addDevice: ({ self }) =>
      reportingOwners.of(self).queue.send({ type: 'device.add', allocated: true }),
    removeDevice: ({ self }) =>
      reportingOwners.of(self).queue.send({ type: 'device.remove', queue: 0 }),
    warn: ({ self }, { reason }) =>
      reportingOwners.of(self).breach(`fault reporting of a device is ${reason}`),
    violate: ({ self }, { unexpected }) =>
      reportingOwners.of(self).breach(`fault reporting met ${unexpected}`),
  },
});

export function faultSource(
  rid: RequesterId,
  driver: Driver,
  hands: FaultSourceHands,
): FaultSource {
  const queue = queueOwners
    .enter(
      createActor(QUEUE, {
        input: { device: rid, queue: 0, responds: true, rules: driver.rules, unbounded: true },
      }),
      hands,
    )
    .start();
  const { breach } = hands;
  const reporting = reportingOwners
    .enter(createActor(REPORTING, { input: { device: rid, pri: true } }), { queue, breach })
    .start();
  return {
    rid,
    get param() {
      const { users, param } = queue.getSnapshot().context;
      return users > 0 ? param : undefined;
    },
    enable: () => reporting.send({ type: 'reporting.enable' }),
    disable: () => reporting.send({ type: 'reporting.disable' }),
    takeReference: (param) => queue.send({ type: 'reference.take', param }),
    putReference: (param) => queue.send({ type: 'reference.put', param }),
    storePartial: (param, request) => queue.send({ type: 'partial.store', param, request }),
    buildGroup: (build) => queue.send({ type: 'group.build', ...build }),
    dequeue: (param, group) => queue.send({ type: 'group.dequeue', param, group }),
  };
}
