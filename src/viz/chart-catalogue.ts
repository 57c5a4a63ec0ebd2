/**
 * Chart catalogue: every machine there is a chart of: those of the model, and the operations of each driver.
 *
 * Policy: operations of one driver with the same steps are one machine and share a chart.
 */
import type { AnyStateMachine } from 'xstate';

import type { OperationName } from '../actors/driver.ts';
import { driverNames, driverWith } from '../actors/drivers.ts';
import { invariant } from '../core/invariant.ts';
import { operationMachine } from '../machines/operation.ts';
import { type Chart, chartOf } from './chart.ts';
import { MACHINES } from './machine-list.ts';

export type Drawn = {
  /** `mm-notifier`, or a driver and its operation: `vtd unbind-sva`. */
  readonly name: string;
  /** Other names of the same machine. */
  readonly aliases: readonly string[];
  readonly machine: AnyStateMachine;
};

/** The model's machines, then the drivers' operations. */
export const chartCatalogue = (): readonly Drawn[] => [
  ...MACHINES.map((machine) => ({ name: machine.id, aliases: [], machine })),
  ...driverNames.flatMap((name) => driverOperations(name, [])),
];

/** Those of each, other names among them. */
export const namesOf = (catalogue: readonly Drawn[]): readonly string[] =>
  catalogue.flatMap(({ name, aliases }) => [name, ...aliases]);

export const drawnChart = ({ machine, name }: Drawn): Chart => chartOf(machine, name);

/** `vtd+quirk unbind-sva` and the like. Caller's duty: there are such a driver and such quirks. */
export function driverOperations(driver: string, quirks: readonly string[]): readonly Drawn[] {
  const found = driverWith(driver, quirks);
  invariant(found.ok, `${driver} is a driver's name`);
  const { operations } = found.value;
  const name = [driver, ...quirks].join('+');
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
