/**
 * Chart catalogue: every machine there is a chart of: those of the model, and the operations of each driver.
 *
 * Policy: operations of one driver with the same steps are one machine and share a chart.
 */
import type { AnyStateMachine } from 'xstate';

import type { OperationName } from '../actors/driver.ts';
import { driverNames, driverWith } from '../actors/drivers.ts';
import { invariant } from '../core/invariant.ts';
import { attachHandleMachine } from '../machines/attach-handle.ts';
import { deviceMachine } from '../machines/device.ts';
import { deviceGroupMachine } from '../machines/device-group.ts';
import { domainMachine } from '../machines/domain.ts';
import { drainCompletionMachine } from '../machines/drain-completion.ts';
import { faultQueueMachine } from '../machines/fault-queue.ts';
import { faultReportingMachine } from '../machines/fault-reporting.ts';
import { faultWorkerMachine } from '../machines/fault-worker.ts';
import { invalidationQueueMachine } from '../machines/invalidation-queue.ts';
import { mmMachine } from '../machines/mm.ts';
import { mmNotifierMachine } from '../machines/mm-notifier.ts';
import { operationMachine } from '../machines/operation.ts';
import { pageRequestGroupMachine } from '../machines/page-request-group.ts';
import { pageRequestQueueMachine } from '../machines/page-request-queue.ts';
import { pageRequestThreadMachine } from '../machines/page-request-thread.ts';
import { pasidAttachmentMachine } from '../machines/pasid-attachment.ts';
import { pasidEntryMachine } from '../machines/pasid-entry.ts';
import { svaBindMachine } from '../machines/sva-bind.ts';
import { svaUnbindMachine } from '../machines/sva-unbind.ts';
import { workQueueMachine } from '../machines/work-queue.ts';
import { type Chart, chartOf } from './chart.ts';

export type Drawn = {
  /** `mm-notifier`, or a driver and its operation: `vtd unbind-sva`. */
  readonly name: string;
  /** Other names of the same machine. */
  readonly aliases: readonly string[];
  readonly machine: AnyStateMachine;
};

const MACHINES: readonly AnyStateMachine[] = [
  deviceMachine,
  deviceGroupMachine,
  pageRequestQueueMachine,
  pageRequestThreadMachine,
  faultQueueMachine,
  pageRequestGroupMachine,
  workQueueMachine,
  faultWorkerMachine,
  faultReportingMachine,
  drainCompletionMachine,
  invalidationQueueMachine,
  pasidEntryMachine,
  pasidAttachmentMachine,
  attachHandleMachine,
  domainMachine,
  mmMachine,
  mmNotifierMachine,
  svaBindMachine,
  svaUnbindMachine,
];

/** In the order a page request meets them, then attach and process, then the drivers' operations. */
export const chartCatalogue = (): readonly Drawn[] => [
  ...MACHINES.map((machine) => ({ name: machine.id, aliases: [], machine })),
  ...driverNames.flatMap(operationsOf),
];

export const drawnChart = ({ machine, name }: Drawn): Chart => chartOf(machine, name);

function operationsOf(name: string): readonly Drawn[] {
  const found = driverWith(name, []);
  invariant(found.ok, `${name} is a driver's name`);
  const { operations } = found.value;
  const names = Object.keys(operations) as OperationName[]; // keys of that record
  const stepsOf = (operation: OperationName): string => operations[operation].join(' ');
  return names
    .filter((one, index) => names.findIndex((each) => stepsOf(each) === stepsOf(one)) === index)
    .map((one) => ({
      name: `${name} ${one}`,
      aliases: names
        .filter((other) => other !== one && stepsOf(other) === stepsOf(one))
        .map((other) => `${name} ${other}`),
      machine: operationMachine(one, operations[one]),
    }));
}
