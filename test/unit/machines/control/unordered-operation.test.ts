/** An operation that is told its steps does what the machine of their list does, whatever is found on the way. */
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createActor } from 'xstate';

import type { OperationName } from '../../../../src/actors/driver.ts';
import { operationMachine } from '../../../../src/machines/operation.ts';
import type { OperationStep } from '../../../../src/machines/operation-steps.ts';
import { NOT_BEGUN } from '../../../../src/machines/operation-terms.ts';
import { unorderedOperationMachine } from '../../../../src/machines/unordered-operation.ts';
import { driver } from './lists.ts';

const TARGET = { operation: 0, device: 0, attachment: 0 };
const NO = ['reportingIsOff', 'ringHasMine', 'overflowIsSet', 'pasidsAreAttached'];

/** Every question answered, yes but for those named. */
function answered<Machine extends AnyStateMachine>(machine: Machine, no: readonly string[]) {
  const log: string[] = [];
  const { actions, guards } = machine.implementations;
  const own = ['entryWasAbsent', 'entryWasNotPresent'];
  const provided = machine.provide({
    actions: Object.fromEntries(
      Object.keys(actions).map((name) => [name, () => void log.push(name)]),
    ),
    guards: Object.fromEntries(
      Object.keys(guards)
        .filter((name) => !own.includes(name))
        .map((name) => [name, () => !no.includes(name)]),
    ),
  });
  return { actor: createActor(provided, { input: TARGET }).start(), log };
}

const STEP = { type: 'step' };
const isDone = (of: { getSnapshot(): { status: string } }) => of.getSnapshot().status === 'done';

function runList(steps: readonly OperationStep[], no: readonly string[]): readonly string[] {
  const { actor, log } = answered(operationMachine('operation', steps), no);
  while (!isDone(actor)) actor.send(STEP);
  return log;
}

function runTold(steps: readonly OperationStep[], no: readonly string[]): readonly string[] {
  const { actor, log } = answered(unorderedOperationMachine('operation', steps), no);
  for (const step of steps) {
    if (isDone(actor)) break;
    actor.send({ type: `begin.${step}` });
    while (!isDone(actor) && !actor.getSnapshot().matches('underWay')) actor.send(STEP);
  }
  if (!isDone(actor)) actor.send({ type: 'operation.end' });
  return log;
}

describe('an operation without an order', () => {
  const lists = ['vtd', 'vtd@7.3', 'amd', 'smmuv3'].flatMap((name) =>
    (Object.keys(driver(name).operations) as OperationName[]) // keys of that record
      .map((operation) => ({ name, operation, steps: driver(name).operations[operation] })),
  );
  it.each(lists)('does what the list does: $name $operation', ({ steps }) => {
    for (const no of [NO, [...NO, 'entryIsPresent'], [...NO, 'entryIsPresent', 'entryOwesDrain']]) {
      expect(runTold(steps, no)).toEqual(runList(steps, no));
    }
  });

  it('has begun once it was told its first step, and is told nothing inside one', () => {
    const { actor } = answered(unorderedOperationMachine('operation', ['drain-ring']), NO);
    expect(actor.getSnapshot().hasTag(NOT_BEGUN)).toBe(true);
    actor.send({ type: 'begin.drain-ring' });
    expect(actor.getSnapshot().hasTag(NOT_BEGUN)).toBe(false);
    expect(actor.getSnapshot().can({ type: 'operation.end' })).toBe(false);
    expect(actor.getSnapshot().can({ type: 'begin.drain-ring' })).toBe(false);
  });
});
