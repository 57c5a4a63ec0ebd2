/**
 * What every machine of the report path must be: startable, named throughout, with nothing in it that can't happen.
 *
 * Method: a bounded breadth-first walk of each machine alone, by XState's own transition(), over sample events, all
 * rules that a guard reads, and every combination of answers to its questions.
 */

import { expect, test } from 'vitest';
import {
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  initialTransition,
  type StateValue,
  transition,
} from 'xstate';

import { InvariantViolation } from '../../../../src/core/invariant.ts';
import { deviceHolds, deviceMachine } from '../../../../src/machines/device.ts';
import { deviceGroupHolds, deviceGroupMachine } from '../../../../src/machines/device-group.ts';
import { faultQueueHolds, faultQueueMachine } from '../../../../src/machines/fault-queue.ts';
import { faultWorkerHolds, faultWorkerMachine } from '../../../../src/machines/fault-worker.ts';
import {
  pageRequestGroupHolds,
  pageRequestGroupMachine,
} from '../../../../src/machines/page-request-group.ts';
import {
  pageRequestQueueHolds,
  pageRequestQueueMachine,
} from '../../../../src/machines/page-request-queue.ts';
import {
  pageRequestThreadHolds,
  pageRequestThreadMachine,
} from '../../../../src/machines/page-request-thread.ts';
import { LINUX_7_3, REPAIRED, type ReportRules } from '../../../../src/machines/report-rules.ts';
import { type Bound, type Fields, isEffect } from '../../../../src/machines/wiring-types.ts';
import { workQueueHolds, workQueueMachine } from '../../../../src/machines/work-queue.ts';
import { AMD, request, UNKNOWN_RID, VTD } from './harness.ts';

type Subject = {
  readonly id: string;
  readonly machine: AnyStateMachine;
  readonly inputs: readonly unknown[];
  readonly events: readonly AnyEventObject[];
  readonly questions: readonly string[];
  readonly holds: Fields;
  readonly kind: 'object' | 'active';
};

const RULES: readonly ReportRules[] = [
  LINUX_7_3,
  REPAIRED,
  {
    ...LINUX_7_3,
    respondOnlyWhilePending: true,
    freeRemovedGroups: false,
    referenceFaultParam: false,
    returnAfterPartial: false,
    acknowledgeBeforeRead: false,
    headMovesPerPass: false,
    clearOverflowBeforeDiscard: true,
  },
  { ...LINUX_7_3, discardOnOverflow: false },
];
const CODES = ['success', 'invalid', 'failure'] as const;
const { rid, pasid, prgi, iovaPfn, access } = request();
const partial = request({ last: false });
const responses = [0, 1, 2].flatMap((code) =>
  [0, 1, 2].map((requests) => ({ type: 'response.received', code, requests, prgEpoch: requests })),
);

const subjects: readonly Subject[] = [
  {
    id: 'device',
    machine: deviceMachine,
    inputs: [{ device: 0, capacity: 2 }],
    events: [
      { type: 'pri.enable', allocation: 2 },
      { type: 'pri.disable' },
      { type: 'pri.reset' },
      { type: 'request.sent' },
      ...responses,
    ],
    questions: [],
    holds: deviceHolds,
    kind: 'object',
  },
  {
    id: 'device-group',
    machine: deviceGroupMachine,
    inputs: [true, false].map((rude) => ({
      rid,
      pasid,
      prgi,
      pages: [
        { iovaPfn, access },
        { iovaPfn, access },
      ],
      usesMax: 2,
      reusesIndex: rude,
      sendsStopMarker: rude,
    })),
    events: [
      { type: 'request.send', owner: 1 },
      { type: 'marker.send', owner: 1 },
      { type: 'group.cut' },
      { type: 'pri.stopped' },
      ...responses,
    ],
    questions: ['hasCredit', 'pasidIsStopped'],
    holds: deviceGroupHolds,
    kind: 'active',
  },
  {
    id: 'page-request-queue',
    machine: pageRequestQueueMachine,
    inputs: [true, false].map((answersDroppedLast) => ({
      unit: 0,
      capacity: 2,
      answersDroppedLast,
    })),
    events: [
      { type: 'page-request.received', request: request() },
      { type: 'page-request.received', request: partial },
      { type: 'pending.acknowledge' },
      { type: 'head.advance', count: 1 },
      { type: 'overflow.clear' },
    ],
    questions: [],
    holds: pageRequestQueueHolds,
    kind: 'object',
  },
  {
    id: 'page-request-thread',
    machine: pageRequestThreadMachine,
    inputs: RULES.flatMap((rules) =>
      [VTD, AMD].map((driver) => ({ unit: 0, rules, ...driver, userPasidTable: driver === VTD })),
    ),
    events: [
      { type: 'interrupt.received' },
      { type: 'step' },
      { type: 'tail.read', tail: 1 },
      ...[request(), partial, request({ access: 'rp', pasid: 0 }), request({ access: '' })].map(
        (each) => ({ type: 'entry.read', position: 0, request: each }),
      ),
      { type: 'device.found', rid },
      { type: 'device.missing', rid },
      { type: 'device.found', rid: UNKNOWN_RID },
      ...[pasid, undefined, 0].flatMap((which) => [
        { type: 'handle.found', rid, pasid: which, handle: 1, hasHandler: true },
        { type: 'handle.found', rid, pasid: which, handle: 1, hasHandler: false },
        { type: 'handle.missing', rid, pasid: which },
      ]),
      { type: 'param.found', rid, param: 0 },
      { type: 'param.missing', rid },
      { type: 'group.allocated', group: 0 },
      { type: 'allocation.failed', group: 4 },
    ],
    questions: ['handlerRefuses', 'groupIsPending', 'overflowIsSet', 'ringIsEmpty'],
    holds: pageRequestThreadHolds,
    kind: 'active',
  },
  {
    id: 'fault-queue',
    machine: faultQueueMachine,
    inputs: RULES.flatMap((rules) =>
      [true, false].map((responds) => ({ device: 0, queue: 0, responds, rules })),
    ),
    events: [
      { type: 'device.add', allocated: true },
      { type: 'device.add', allocated: false },
      { type: 'device.remove', queue: 0 },
      { type: 'device.remove', queue: 1 },
      ...[0, 1].flatMap((param) => [
        { type: 'reference.take', param },
        { type: 'reference.put', param },
        { type: 'partial.store', param, request: partial },
        { type: 'group.build', param, group: param, request: request(), onStack: false },
        { type: 'group.unlink', param, group: param },
        { type: 'group.dequeue', param, group: param },
      ]),
      { type: 'partials.discard' },
      { type: 'partials.discard-pasid', pasid },
      { type: 'partials.cancel', prgi, pasid },
      { type: 'queue.flush' },
    ],
    questions: [],
    holds: faultQueueHolds,
    kind: 'object',
  },
  {
    id: 'page-request-group',
    machine: pageRequestGroupMachine,
    inputs: [undefined],
    events: [
      { type: 'group.filled', param: 0, requests: [partial, request()], onStack: false },
      { type: 'group.filled', param: 0, requests: [request()], onStack: true },
      { type: 'handle.assigned', handle: 1 },
      { type: 'group.queued' },
      { type: 'work.started' },
      { type: 'group.touched' },
      ...CODES.map((code) => ({ type: 'group.answered', code })),
      { type: 'group.retired', code: 'invalid' },
      { type: 'group.freed' },
    ],
    questions: [],
    holds: pageRequestGroupHolds,
    kind: 'object',
  },
  {
    id: 'work-queue',
    machine: workQueueMachine,
    inputs: [undefined],
    events: [0, 1].flatMap((group) => [
      { type: 'work.queued', group },
      { type: 'work.taken', group },
      { type: 'work.finished', group },
      { type: 'flush.begin', operation: group },
    ]),
    questions: [],
    holds: workQueueHolds,
    kind: 'object',
  },
  {
    id: 'fault-worker',
    machine: faultWorkerMachine,
    inputs: RULES.map((rules) => ({ rules })),
    events: [
      { type: 'work.take', group: 0 },
      { type: 'group.read', group: 0, param: 0, handle: 1, requests: [partial, request()] },
      {
        type: 'group.read',
        group: 0,
        param: 0,
        handle: 1,
        requests: [request({ pasid: undefined })],
      },
      { type: 'group.read', group: 1, param: 0, handle: 1, requests: [request()] },
      { type: 'handle.read', handle: 1, mm: 1 },
      { type: 'handle.read', handle: 2, mm: 2 },
      { type: 'step' },
    ],
    questions: ['mmHasUsers', 'resolves', 'isLastUser', 'addressSpaceHasEnded', 'groupIsPending'],
    holds: faultWorkerHolds,
    kind: 'active',
  },
];

/** States of one instance after which the walk goes no deeper. */
const STATES_MAX = 300;

type Walked = {
  readonly effects: ReadonlySet<string>;
  readonly states: readonly {
    readonly at: AnyMachineSnapshot;
    readonly first: AnyMachineSnapshot;
  }[];
};
const walks = new Map<string, Walked>();

function walk(subject: Subject): Walked {
  const known = walks.get(subject.id);
  if (known !== undefined) return known;
  const effects = new Set<string>();
  const states: { at: AnyMachineSnapshot; first: AnyMachineSnapshot }[] = [];
  for (const input of subject.inputs) {
    const first = reachable(subject, input, effects);
    for (const at of first) states.push({ at, first: first[0] ?? at });
  }
  const walked = { effects, states };
  walks.set(subject.id, walked);
  return walked;
}

/** Every question is answered both ways at every step. */
function reachable(
  { machine: unwired, questions, events }: Subject,
  input: unknown,
  effects: Set<string>,
): readonly AnyMachineSnapshot[] {
  let answers = 0;
  const guards = Object.fromEntries(
    questions.map((name, at) => [name, () => ((answers >> at) & 1) === 1]),
  );
  const machine = unwired.provide({ guards });
  const [first]: [AnyMachineSnapshot, unknown] = initialTransition(machine, input);
  const seen = new Map<string, AnyMachineSnapshot>();
  const queue = [first];
  for (const snapshot of queue) {
    const key = JSON.stringify([snapshot.value, snapshot.context]);
    if (seen.has(key) || seen.size >= STATES_MAX) continue;
    seen.set(key, snapshot);
    for (const event of events) {
      for (answers = 0; answers < 2 ** questions.length; answers += 1) {
        const next = stepOrBound(machine, snapshot, event, effects);
        if (next !== undefined) queue.push(next);
      }
    }
  }
  return [...seen.values()];
}

/** Undefined where the model's own bound is what the step runs into. */
function stepOrBound(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: AnyEventObject,
  met: Set<string>,
): AnyMachineSnapshot | undefined {
  try {
    const [next, actions] = transition(machine, snapshot, event);
    for (const { type } of actions) met.add(type);
    return next;
  } catch (error) {
    if (error instanceof InvariantViolation && error.message.startsWith('too many')) {
      return undefined;
    }
    throw error;
  }
}

function fits(bound: Bound, value: unknown): boolean {
  switch (bound.kind) {
    case 'bit':
      return typeof value === 'boolean';
    case 'count':
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= bound.max;
    case 'one-of':
      return bound.values.includes(String(value));
    case 'id':
      return Number.isInteger(value);
    case 'scalar':
      return ['number', 'string', 'boolean'].includes(typeof value);
    case 'maybe':
      return value === undefined || fits(bound.of, value);
    case 'record':
      return (
        typeof value === 'object' &&
        value !== null &&
        Object.keys(value).every((name) => name in bound.fields) &&
        Object.entries(bound.fields).every(([name, of]) => fits(of, Object(value)[name]))
      );
    case 'list':
    case 'bag':
      return (
        Array.isArray(value) &&
        value.length <= bound.max &&
        value.every((element) => fits(bound.of, element))
      );
  }
}

const effectsOf = (machine: AnyStateMachine): string[] =>
  Object.entries(machine.implementations.actions)
    .filter(([, body]) => isEffect(body))
    .map(([name]) => name);

test.each(subjects)('$id is constructed and starts', ({ id, machine, inputs }) => {
  expect(machine.id).toBe(id);
  for (const input of inputs) {
    expect(createActor(machine, { input }).start().getSnapshot().status).toBe('active');
  }
});

test.each(subjects)('$id: every effect it names can happen, and no other does', (subject) => {
  expect([...walk(subject).effects].filter((type) => !type.startsWith('xstate.')).sort()).toEqual(
    effectsOf(subject.machine).sort(),
  );
});

test.each(subjects)(
  '$id holds only what it declares, within its bounds; the rest is constant',
  (subject) => {
    for (const { at, first } of walk(subject).states) {
      const { context } = at;
      for (const [name, bound] of Object.entries(subject.holds)) {
        expect(fits(bound, context[name]), `${name} = ${JSON.stringify(context[name])}`).toBe(true);
      }
      for (const name of Object.keys(context)) {
        if (name in subject.holds) continue;
        expect(context[name], name).toBe(first.context[name]);
      }
    }
  },
);

test.each(subjects)('$id: every state it can rest in is reached', (subject) => {
  const restable = [subject.machine.root];
  for (const node of restable) restable.push(...Object.values(node.states));
  const reached = new Set(walk(subject).states.flatMap(({ at }) => leaves(at.value)));

  expect([...reached].sort()).toEqual(
    restable
      .filter(
        ({ type, always, path }) =>
          type === 'atomic' &&
          path.length > 0 &&
          always?.every(({ guard }) => guard !== undefined) !== false,
      )
      .map(({ path }) => path.join('.'))
      .sort(),
  );
});

function leaves(value: StateValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return Object.entries(value).flatMap(([key, below]) =>
    below === undefined ? [] : leaves(below).map((leaf) => `${key}.${leaf}`),
  );
}

test.each(subjects)('$id keeps plain data', (subject) => {
  for (const { at } of walk(subject).states) {
    expect(JSON.parse(JSON.stringify(at.context))).toEqual(withoutUndefined(at.context));
  }
});

const withoutUndefined = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(withoutUndefined)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, of]) => of !== undefined)
            .map(([name, of]) => [name, withoutUndefined(of)]),
        )
      : value;

test.each(subjects)('$id names every action and every guard', ({ machine }) => {
  const nodes = [machine.root];
  for (const node of nodes) {
    nodes.push(...Object.values(node.states));
    expect(node.invoke, node.id).toEqual([]);
    expect(node.after, node.id).toEqual([]);
    const taken = [...node.transitions.values()].flat().concat(node.always ?? []);
    const actions = [...node.entry, ...node.exit, ...taken.flatMap((each) => each.actions)];
    for (const action of actions) expect(typeof action, node.id).not.toBe('function');
    for (const { guard } of taken) expect(typeof guard, node.id).not.toBe('function');
  }
});

test.each(subjects)(
  '$id: $kind, and every state reacts accordingly to what nobody sends',
  (subject) => {
    for (const { at } of walk(subject).states) {
      expect(at.can({ type: 'nobody.sends-this' })).toBe(subject.kind === 'object');
    }
  },
);

test.each(subjects.filter(({ questions }) => questions.length > 0))(
  '$id asks nobody in vain: an unwired question throws',
  (subject) => {
    for (const name of subject.questions) {
      const guard = subject.machine.implementations.guards[name] as () => boolean;
      expect(guard).toThrow(`question ${name} is not wired`);
    }
  },
);

test('the repair differs from Linux 7.3 in exactly its known defects', () => {
  const differing = Object.keys(LINUX_7_3).filter(
    (rule) => LINUX_7_3[rule as keyof ReportRules] !== REPAIRED[rule as keyof ReportRules],
  );

  expect(differing).toEqual([
    'matchPartialsBy',
    'answerPartialsWithoutHandler',
    'cancelPartialsOnReject',
    'resetPartialsOnRemove',
  ]);
});
