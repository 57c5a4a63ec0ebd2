/** A driver's lists as running operations: 7.3 as it is, and repaired. */
import type { Driver, OperationName } from '../../../../src/actors/driver.ts';
import { driverWith } from '../../../../src/actors/drivers.ts';
import { type OperationMachine, operationMachine } from '../../../../src/machines/operation.ts';
import { type Answer, Recording } from './recorder.ts';

export const TARGET = { operation: 1, device: 2, attachment: 3 };

export function driver(name: string, ...quirks: readonly string[]): Driver {
  const found = driverWith(name, quirks);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  return found.value;
}

export const listOf = (name: string, operation: OperationName): readonly string[] =>
  driver(name).operations[operation];

/** An attachment with a present entry, fault reporting on, an empty ring, and hardware that is quick. */
const HEALTHY: Record<string, Answer> = {
  entryIsPresent: true,
  invalidationIsDone: true,
  workQueueIsFlushed: true,
  reportingIsSettled: true,
  releaseIsIdle: true,
};

export const begun = (
  name: string,
  operation: OperationName,
  answers: Record<string, Answer> = {},
): Recording<OperationMachine> =>
  new Recording(operationMachine('under-test', driver(name).operations[operation]), TARGET, {
    ...HEALTHY,
    ...answers,
  });

/** Effects that only a drain has. */
const DRAIN: readonly string[] = [
  'rearmCompletion',
  'consumeCompletion',
  'notePass',
  'noteWorkQueue',
  'submitDrain',
  'discardPartials',
];
export const drainOf = (recording: Recording<OperationMachine>): readonly string[] =>
  recording.effects().filter((type) => DRAIN.includes(type));
