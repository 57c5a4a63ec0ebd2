/** The fault queue's maintenance: spec 01, section 6, every row of the table and every fact below it. */
import { expect, test } from 'vitest';

import { faultQueueMachine } from '../../../../src/machines/fault-queue.ts';
import { LINUX_7_3, REPAIRED, type ReportRules } from '../../../../src/machines/report-rules.ts';
import { OTHER_RID, ReportWorld, RID, request } from './harness.ts';
import { begin, take } from './pure.ts';

const absent = (rules: ReportRules = LINUX_7_3, responds = true) =>
  begin(faultQueueMachine, { device: 0, queue: 0, responds, rules });
const add = { type: 'device.add', allocated: true } as const;
const remove = { type: 'device.remove', queue: 0 } as const;
const takeReference = { type: 'reference.take', param: 0 } as const;
const putReference = { type: 'reference.put', param: 0 } as const;
const store = (prgi: number, pasid = 1, param = 0) =>
  ({ type: 'partial.store', param, request: request({ prgi, pasid, last: false }) }) as const;
const build = (group: number, prgi: number, pasid = 1, param = 0) =>
  ({
    type: 'group.build',
    param,
    group,
    request: request({ prgi, pasid }),
    onStack: false,
  }) as const;
const run = (
  from: ReturnType<typeof absent>,
  ...events: Parameters<typeof take<typeof faultQueueMachine>>[2][]
) => take(faultQueueMachine, from, ...events);
const types = (effects: readonly { readonly type: string }[]) => effects.map(({ type }) => type);

// add_device

test.each([
  {
    when: 'the driver can’t respond',
    from: absent(LINUX_7_3, false),
    allocated: true,
    errno: 'ENODEV',
    state: 'absent',
  },
  {
    when: 'it is on a queue already',
    from: run(absent(), add).snapshot,
    allocated: true,
    errno: 'EBUSY',
    state: 'present',
  },
  {
    when: 'there is no memory',
    from: absent(),
    allocated: false,
    errno: 'ENOMEM',
    state: 'absent',
  },
  {
    when: 'nothing stands against it',
    from: absent(),
    allocated: true,
    errno: 0,
    state: 'present',
  },
] as const)('adding a device returns $errno when $when', ({ from, allocated, errno, state }) => {
  const { snapshot, effects } = run(from, { type: 'device.add', allocated });

  expect(effects).toEqual([{ type: 'return', params: { errno } }]);
  expect(snapshot.value).toBe(state);
});

test('a fresh fault parameter has one user, the queue', () => {
  expect(run(absent(), add).snapshot.context.users).toBe(1);
});

test('a driver that can’t respond is refused before anything else is looked at', () => {
  const present = run(absent(LINUX_7_3, false), { type: 'device.add', allocated: false });

  expect(present.effects).toEqual([{ type: 'return', params: { errno: 'ENODEV' } }]);
});

// remove_device

test.each([
  { when: 'it is on no queue', from: absent(), queue: 0, state: 'absent' },
  { when: 'it is on another queue', from: run(absent(), add).snapshot, queue: 1, state: 'present' },
])('removing a device warns and returns when $when', ({ from, queue, state }) => {
  const { snapshot, effects } = run(from, { type: 'device.remove', queue });

  expect(types(effects)).toEqual(['warn']);
  expect(snapshot.value).toBe(state);
});

test('removal frees the partials, answers INVALID newest first, frees the groups, then the parameter', () => {
  const { snapshot, effects } = run(
    absent(),
    add,
    takeReference,
    store(9),
    putReference,
    takeReference,
    build(0, 1),
    takeReference,
    build(1, 2),
    remove,
  );

  expect(effects).toEqual([
    { type: 'freePartials', params: { requests: [request({ prgi: 9, last: false })] } },
    { type: 'answerAndFree', params: { groups: [1, 0], code: 'invalid' } },
    { type: 'freeParam', params: { param: 0 } },
  ]);
  expect(snapshot.value).toBe('absent');
  expect(snapshot.context).toMatchObject({ users: 0, oldUsers: 0, partials: [], pending: [] });
});

test.each([
  { freeRemovedGroups: true, effects: ['freePartials', 'answerAndFree', 'freeParam'], oldUsers: 0 },
  { freeRemovedGroups: false, effects: ['freePartials', 'answerOnly'], oldUsers: 1 },
])(
  'removal that frees its groups: $freeRemovedGroups; else their references keep the parameter',
  (row) => {
    const rules = { ...LINUX_7_3, freeRemovedGroups: row.freeRemovedGroups };
    const { snapshot, effects } = run(absent(rules), add, takeReference, build(0, 1), remove);

    expect(types(effects)).toEqual(row.effects);
    expect(snapshot.context.oldUsers).toBe(row.oldUsers);
  },
);

test('a parameter somebody still references outlives the removal and is freed by the last put', () => {
  const removed = run(absent(), add, takeReference, remove);
  expect(types(removed.effects)).toEqual(['freePartials', 'answerAndFree']);
  expect(removed.snapshot.context.oldUsers).toBe(1);

  const put = run(removed.snapshot, putReference);
  expect(put.effects).toEqual([{ type: 'freeParam', params: { param: 0 } }]);
});

test('an old parameter and its device’s next one are told apart', () => {
  const { snapshot } = run(absent(), add, takeReference, remove, add);
  expect(snapshot.context).toMatchObject({ param: 1, users: 1, oldUsers: 1 });

  const { snapshot: both } = run(snapshot, store(1, 1, 1), build(0, 1, 1, 0));
  expect(both.context.partials).toHaveLength(1);
  expect(both.context.pending).toEqual([]);

  const put = run(both, putReference);
  expect(put.effects).toEqual([{ type: 'freeParam', params: { param: 0 } }]);
  expect(put.snapshot.value).toBe('present');
});

test('incarnations are numbered from 0 again once nobody references an old one', () => {
  const { snapshot } = run(absent(), add, takeReference, remove, putReference, add);

  expect(snapshot.context.param).toBe(0);
});

test('the partial list of a removed device is freed with its head left dangling', () => {
  const { snapshot } = run(absent(), add, takeReference, store(1), remove);

  for (const late of [store(2), build(0, 2)]) {
    expect(run(snapshot, late).effects).toEqual([
      {
        type: 'violate',
        params: {
          unexpected: late.type,
          property: 'S8',
          sentence: 'the partial list was freed when the device left the queue',
        },
      },
    ]);
  }
});

test('repaired, a late report finds the list of a removed device empty', () => {
  const { snapshot } = run(absent(REPAIRED), add, takeReference, store(1), remove);

  expect(types(run(snapshot, store(2)).effects)).toEqual(['ignore']);
  expect(run(snapshot, build(0, 1)).effects).toEqual([
    {
      type: 'fillGroup',
      params: { param: 0, group: 0, requests: [request({ prgi: 1 })], onStack: false },
    },
  ]);
});

test.each([
  { rules: LINUX_7_3, referenceFaultParam: true, effects: ['fillGroup'] },
  { rules: LINUX_7_3, referenceFaultParam: false, effects: ['violate'] },
])('a report that counts its reference ($referenceFaultParam) may build after removal', (row) => {
  const rules = { ...row.rules, referenceFaultParam: row.referenceFaultParam };
  const { effects } = run(absent(rules), add, takeReference, remove, build(0, 1));

  expect(types(effects)).toEqual(row.effects);
});

test.each([
  { event: takeReference, after: [], why: 'a reference on a parameter that was never published' },
  { event: putReference, after: [add], why: 'a put of the queue’s own reference' },
  { event: putReference, after: [add, takeReference, remove, putReference], why: 'a put too many' },
] as const)('$why is a use after free', ({ event, after }) => {
  expect(run(absent(), ...after, event).effects).toMatchObject([
    { type: 'violate', params: { property: 'S8' } },
  ]);
});

// flush_dev

test('flushing without a fault parameter warns and returns ENODEV', () => {
  expect(run(absent(), { type: 'queue.flush' }).effects).toEqual([
    { type: 'warn', params: { reason: 'no fault parameter' } },
    { type: 'return', params: { errno: 'ENODEV' } },
  ]);
});

test('flushing a device on the queue returns 0', () => {
  expect(run(absent(), add, { type: 'queue.flush' }).effects).toEqual([
    { type: 'return', params: { errno: 0 } },
  ]);
});

test('a flush waits for the work of every device of the unit, not only its own', () => {
  const world = new ReportWorld().bind().bind({ rid: OTHER_RID });
  world.receive(request({ rid: OTHER_RID })).runThread();
  world.queue(RID).send({ type: 'queue.flush' });
  world.workQueue.send({ type: 'flush.begin', operation: 0 });
  expect(world.flushed(0)).toBe(false);

  world.runWorkers();
  expect(world.flushed(0)).toBe(true);
});

test('a flush does not touch the hardware ring', () => {
  const world = new ReportWorld().bind().receive(request());
  world.workQueue.send({ type: 'flush.begin', operation: 0 });

  expect(world.flushed(0)).toBe(true);
  expect(world.ring.getSnapshot().context.entries).toHaveLength(1);
});

// discard_partial

test('discarding drops every partial of the device and answers nothing', () => {
  const { snapshot, effects } = run(absent(), add, store(1), store(2, 2), {
    type: 'partials.discard',
  });

  expect(types(effects)).toEqual(['freePartials']);
  expect(snapshot.context.partials).toEqual([]);
});

test('discarding leaves pending groups alone', () => {
  const { snapshot } = run(absent(), add, takeReference, build(0, 1), { type: 'partials.discard' });

  expect(snapshot.context.pending).toEqual([0]);
});

test('overflow recovery discards the partials of all devices of the unit', () => {
  const world = new ReportWorld({ capacity: 2 }).bind().bind({ rid: OTHER_RID });
  world.receive(request({ last: false }), request({ rid: OTHER_RID, last: false })).runThread();
  world.receive(request({ prgi: 5 }), request({ prgi: 6 }), request({ prgi: 7 })).runThread();

  expect(world.partials(RID)).toEqual([]);
  expect(world.partials(OTHER_RID)).toEqual([]);
});

test('a repaired drain discards the partials of its PASID only', () => {
  const { snapshot } = run(absent(), add, store(1, 1), store(2, 2), {
    type: 'partials.discard-pasid',
    pasid: request().pasid,
  });

  expect(snapshot.context.partials.map(({ pasid }) => pasid)).toEqual([2]);
});

test.each([
  { rules: LINUX_7_3, by: 'index', left: [] },
  { rules: REPAIRED, by: 'index and PASID', left: [2] },
])('cancelling a group’s partials matches as grouping does, by $by', ({ rules, left }) => {
  const { prgi, pasid } = request({ prgi: 1 });
  const { snapshot } = run(absent(rules), add, store(1, 1), store(1, 2), {
    type: 'partials.cancel',
    prgi,
    pasid,
  });

  expect(snapshot.context.partials.map((partial) => partial.pasid)).toEqual(left);
});

test.each([
  { type: 'partials.discard' },
  { type: 'partials.discard-pasid', pasid: undefined },
  { type: 'partials.cancel', prgi: request().prgi, pasid: undefined },
] as const)('$type ignores a device that is on no queue', (event) => {
  expect(types(run(absent(), event).effects)).toEqual(['ignore']);
});

// unlink and dequeue

test.each(['group.unlink', 'group.dequeue'] as const)(
  '%s takes a group off the pending list, and once more does no harm',
  (type) => {
    const pending = run(absent(), add, takeReference, build(0, 1));
    const once = run(pending.snapshot, { type, param: 0, group: 0 });
    expect(once.snapshot.context.pending).toEqual([]);
    expect(once.effects).toEqual([]);

    expect(types(run(once.snapshot, { type, param: 0, group: 0 }).effects)).toEqual(['ignore']);
  },
);

// Facts

const LATE_WORKER = ['S8 work.started', 'S8 group.touched'];
const LATE_ANSWER = ['S1 group.answered', 'S8 group.unlink'];
const LATE_FREE = ['S8 reference.put', 'S7 group.freed'];

test.each([
  {
    when: 'its work is queued',
    steps: 0,
    breaches: [...LATE_WORKER, ...LATE_ANSWER, ...LATE_FREE],
  },
  {
    when: 'its work runs',
    steps: 2,
    breaches: ['S8 group.touched', ...LATE_ANSWER, ...LATE_FREE],
  },
])('removal does not flush: a group freed while $when is used after free', (row) => {
  const world = new ReportWorld().bind().receive(request()).runThread();
  for (let step = 0; step < row.steps; step += 1) world.stepWorker();
  world.queue(RID).send(remove);
  expect(world.responses).toEqual(['invalid 1/3@10']);
  expect(world.groups[0]?.getSnapshot().value).toBe('dangling');

  world.run();
  expect(world.breaches()).toEqual(row.breaches);
});

test('a group freed between its building and its handler is written to, and handed on, after free', () => {
  const world = new ReportWorld().bind().receive(request()).runThreadTo('handing');
  world.queue(RID).send(remove);
  world.runThread();

  expect(world.violations.slice(0, 2)).toMatchObject([
    { unexpected: 'handle.assigned', state: 'dangling', property: 'S8' },
    { unexpected: 'group.queued', state: 'dangling', property: 'S8' },
  ]);
});

test('a group on the reporter’s stack that removal finds pending is freed there', () => {
  const world = new ReportWorld().bind().receive(request());
  world.allocationFails = true;
  world.runThreadTo('aborting');
  world.queue(RID).send(remove);

  expect(world.violations).toMatchObject([
    { property: 'S8', sentence: 'a group on the stack is freed' },
  ]);
});

test('flushed first, removal frees nothing that anybody points at', () => {
  const world = new ReportWorld().bind().receive(request()).run();
  world.queue(RID).send(remove);

  expect(world.responses).toEqual(['success 1/3@10']);
  expect(world.violations).toEqual([]);
});

test('in the recommended order, ring first, then removal, nothing is left and nothing is answered twice', () => {
  const world = new ReportWorld().bind();
  world.receive(request({ prgi: 1 }), request({ prgi: 2, last: false })).run();
  world.queue(RID).send(remove);

  expect(world.responses).toEqual(['success 1/1@10']);
  expect(world.queue(RID).getSnapshot().context).toMatchObject({ users: 0, oldUsers: 0 });
  expect(world.violations).toEqual([]);
});

// The four combinations of two fixes that shape each other.
test.each([
  {
    freeRemovedGroups: true,
    respondOnlyWhilePending: true,
    breaches: [...LATE_WORKER, ...LATE_FREE],
  },
  {
    freeRemovedGroups: true,
    respondOnlyWhilePending: false,
    breaches: [...LATE_WORKER, ...LATE_ANSWER, ...LATE_FREE],
  },
  { freeRemovedGroups: false, respondOnlyWhilePending: true, breaches: [] },
  { freeRemovedGroups: false, respondOnlyWhilePending: false, breaches: ['S1 group.answered'] },
])(
  'a late worker after removal: freed $freeRemovedGroups, pending test $respondOnlyWhilePending',
  (row) => {
    const { breaches, ...edit } = row;
    const world = new ReportWorld({ rules: { ...LINUX_7_3, ...edit } }).bind();
    world.receive(request()).runThread();
    world.queue(RID).send(remove);
    world.run();

    expect(world.breaches()).toEqual(breaches);
  },
);
