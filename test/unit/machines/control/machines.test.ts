/**
 * What every machine of the control path must be: startable, named throughout, every target there, nothing in it
 * that can't happen.
 *
 * Method: a walk over the public state nodes of each machine, and a bounded breadth-first walk of its snapshots, with
 * every question answered both ways.
 */
import { expect, test } from 'vitest';
import { type AnyStateMachine, createActor } from 'xstate';

import type { OperationName } from '../../../../src/actors/driver.ts';
import { driverNames } from '../../../../src/actors/drivers.ts';
import { operationMachine } from '../../../../src/machines/operation.ts';
import { driver, TARGET } from './lists.ts';
import { effectsOf } from './recorder.ts';
import { SUBJECTS } from './subjects.ts';
import { TAG_SUBJECTS } from './tag-subjects.ts';
import { walk } from './walk.ts';

const subjects = [...SUBJECTS, ...TAG_SUBJECTS].map((subject) => ({
  id: subject.machine.id,
  ...subject,
}));

const nodesOf = (machine: AnyStateMachine) => {
  const nodes = [machine.root];
  for (const node of nodes) nodes.push(...Object.values(node.states));
  return nodes;
};
const transitionsOf = (machine: AnyStateMachine) =>
  nodesOf(machine).flatMap((node) =>
    [...node.transitions.values()].flat().concat(node.always ?? []),
  );

test.each(subjects)('$id is constructed and starts', ({ machine, inputs }) => {
  for (const input of inputs) {
    expect(createActor(machine, { input }).start().getSnapshot().status).toBe('active');
  }
});

test.each(subjects)('$id: every target that its chart names is a state of it', ({ machine }) => {
  const nodes = new Set(nodesOf(machine));
  for (const node of nodesOf(machine)) {
    for (const configs of Object.values(node.config.on ?? {})) {
      for (const config of [configs].flat()) {
        const named = typeof config === 'string' ? config : Object(config).target;
        if (named === undefined) continue;
        const resolved = transitionsOf(machine).filter(
          ({ source, target }) => source === node && target !== undefined,
        );
        expect(resolved.length, `${node.id} -> ${named}`).toBeGreaterThan(0);
      }
    }
  }
  for (const { target, source } of transitionsOf(machine)) {
    for (const each of target ?? []) expect(nodes.has(each), source.id).toBe(true);
  }
});

test.each(subjects)(
  '$id names every action and every guard, and has nothing timed or invoked',
  ({ machine }) => {
    const { actions, guards } = machine.implementations;
    for (const node of nodesOf(machine)) {
      expect(node.invoke, node.id).toEqual([]);
      expect(node.after, node.id).toEqual([]);
    }
    for (const each of transitionsOf(machine)) {
      for (const action of each.actions) {
        // An assignment beside its chart is made by setup().assign and carries its own type.
        const name = Object(action).type;
        expect(name === 'xstate.assign' || name in actions || String(action) in actions).toBe(true);
      }
      const { guard } = each;
      if (guard === undefined) continue;
      expect(typeof guard).not.toBe('function');
      expect(typeof guard === 'string' ? guard in guards : Object(guard).type in guards).toBe(true);
    }
  },
);

test.each(subjects)('$id: every effect it names can happen, and no other does', (subject) => {
  expect([...walk(subject).effects].filter((type) => !type.startsWith('xstate.')).sort()).toEqual(
    [...effectsOf(subject.machine)].sort(),
  );
});

test.each(subjects)('$id: every guard it names is tested somewhere', ({ machine }) => {
  const tested = transitionsOf(machine).map(({ guard }) =>
    typeof guard === 'string' ? guard : Object(guard).type,
  );
  const { guards } = machine.implementations;
  // A guard may be made of others: and([...]) keeps them as its `guards`.
  const members = tested.flatMap((name) => Object(guards[name]).guards ?? []);
  const known = [...tested, ...members.flatMap((each) => [each, ...(Object(each).guards ?? [])])];
  for (const name of Object.keys(guards)) expect(known).toContain(name);
});

test.each(subjects)('$id: every state is reached', (subject) => {
  const reached = walk(subject).snapshots;
  for (const { path, type } of nodesOf(subject.machine)) {
    if (path.length === 0 || type === 'compound') continue;
    const at = path.reduceRight<unknown>(
      (below, key) => (below === undefined ? key : { [key]: below }),
      undefined,
    );
    expect(
      reached.some((snapshot) => snapshot.matches(at as never)),
      path.join('.'),
    ).toBe(true);
  }
});

test.each(subjects)('$id: $kind, and reacts accordingly to what nobody sends', (subject) => {
  for (const snapshot of walk(subject).snapshots) {
    if (snapshot.status !== 'active') continue;
    expect(snapshot.can({ type: 'nobody.sends-this' })).toBe(subject.kind === 'object');
  }
});

test.each(subjects)('$id keeps plain data, and only what it declares varies', (subject) => {
  const { snapshots } = walk(subject);
  for (const { context } of snapshots) {
    expect(JSON.parse(JSON.stringify(context))).toEqual(
      Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined)),
    );
  }
  if (subject.inputs.length > 1) return; // instances differ in their constants
  const names = Object.keys(snapshots[0]?.context ?? {}).filter((name) => !(name in subject.holds));
  for (const name of names) {
    expect(new Set(snapshots.map(({ context }) => JSON.stringify(context[name]))).size).toBe(1);
  }
});

test.each(
  driverNames.flatMap((name) =>
    (Object.keys(driver(name).operations) as OperationName[]) // keys of that record
      .map((operation) => ({ name, operation })),
  ),
)('$name $operation is constructed, starts, and every step leads to the next', (row) => {
  const steps = driver(row.name).operations[row.operation];
  const machine = operationMachine(row.operation, steps);

  expect(createActor(machine, { input: TARGET }).start().getSnapshot().status).toBe('active');
  expect(Object.keys(machine.root.states)).toEqual([...steps, 'done']);
  steps.forEach((step, index) => {
    const left = nodesOf(machine).filter(({ path }) => path[0] === step);
    const targets = left.flatMap((node) =>
      [...node.transitions.values()].flat().flatMap(({ target }) => target ?? []),
    );
    expect(targets.map(({ path }) => path[0])).toContain(steps[index + 1] ?? 'done');
  });
});
