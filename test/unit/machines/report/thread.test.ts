/** The page request thread, step by step: spec 03, section 5, and its rules. */
import { expect, test } from 'vitest';

import { LINUX_7_3, REPAIRED } from '../../../../src/machines/report-rules.ts';
import { AMD, ReportWorld, RID, request, UNKNOWN_RID } from './harness.ts';

const steps = (world: ReportWorld) => world.logOf('thread');

test('takes its steps in the order of prq_event_thread()', () => {
  const world = new ReportWorld().bind();
  world.receive(request({ prgi: 1, last: false }), request({ prgi: 1, pfn: 0x11 })).runThread();

  expect(steps(world)).toEqual([
    'acknowledge',
    'takeReference',
    'storePartial 1/1@10+',
    'putReference',
    'return 0',
    'trace 1/1@10+',
    'takeReference',
    'buildGroup g0 1/1@11',
    'assignHandle g0',
    'dereferenceHandle',
    'hand g0',
    'return 0',
    'trace 1/1@11',
    'advanceHead 2',
    'complete',
  ]);
});

test('1. the pending bit is cleared before the pointers are read', () => {
  const world = new ReportWorld()
    .bind()
    .receive(request({ prgi: 1 }))
    .runThreadTo('reading');
  expect(world.ring.getSnapshot().value).toMatchObject({ pending: 'clear' });

  world.receive(request({ prgi: 2 }));
  expect(world.interrupted).toBe(true);
});

test.each([
  { acknowledgeBeforeRead: true, answered: 2 },
  { acknowledgeBeforeRead: false, answered: 1 },
])(
  '1. a request that comes after the tail is read is seen: acknowledge first $acknowledgeBeforeRead',
  (row) => {
    const rules = { ...LINUX_7_3, acknowledgeBeforeRead: row.acknowledgeBeforeRead };
    const world = new ReportWorld({ rules }).bind().receive(request({ prgi: 1 }));
    world.runThreadTo('reading').stepThread();
    world.receive(request({ prgi: 2 })).run();

    expect(world.responses).toHaveLength(row.answered);
    expect(world.ring.getSnapshot().context.entries).toHaveLength(2 - row.answered);
  },
);

test('2. the tail is read once a pass; what comes later waits for the next', () => {
  const world = new ReportWorld()
    .bind()
    .receive(request({ prgi: 1 }))
    .runThreadTo('fetching');
  world.receive(request({ prgi: 2 })).runThread();

  expect(steps(world).filter((line) => /^(advanceHead|complete)/.test(line))).toEqual([
    'advanceHead 1',
    'complete',
    'advanceHead 1',
    'complete',
  ]);
});

// a to d: 0x7fffffffff is the highest canonical frame of 48 bits below, 0xfff8000000000 the lowest above.
test.each([
  { what: 'highest canonical frame below', asked: { pfn: 0x7ffffffff }, outcome: 'reported' },
  { what: 'lowest frame that is not canonical', asked: { pfn: 0x800000000 }, outcome: 'bad' },
  { what: 'highest frame that is not canonical', asked: { pfn: 0xffff7ffffffff }, outcome: 'bad' },
  { what: 'lowest canonical frame above', asked: { pfn: 0xffff800000000 }, outcome: 'reported' },
  { what: 'highest frame', asked: { pfn: 0xfffffffffffff }, outcome: 'reported' },
  { what: 'privileged read', asked: { access: 'rp' }, outcome: 'bad' },
  { what: 'privileged write', asked: { access: 'wp' }, outcome: 'bad' },
  { what: 'execute and read', asked: { access: 'rx' }, outcome: 'bad' },
  { what: 'execute and write', asked: { access: 'wx' }, outcome: 'reported' },
  { what: 'write alone', asked: { access: 'w' }, outcome: 'reported' },
  { what: 'stop marker', asked: { access: '' }, outcome: 'dropped' },
  { what: 'privileged alone, last', asked: { access: 'p' }, outcome: 'dropped' },
  { what: 'execute alone, last', asked: { access: 'x' }, outcome: 'dropped' },
  { what: 'nothing asked, not last', asked: { access: '', last: false }, outcome: 'reported' },
  { what: 'execute alone, not last', asked: { access: 'x', last: false }, outcome: 'reported' },
  {
    what: 'stop marker with an address that is not canonical',
    asked: { access: '', pfn: 0x800000000 },
    outcome: 'bad',
  },
  { what: 'no PASID', asked: { pasid: undefined }, outcome: 'reported' },
  { what: 'unknown device', asked: { rid: UNKNOWN_RID }, outcome: 'bad' },
])('3. $what is $outcome', ({ asked, outcome }) => {
  const world = new ReportWorld().bind().receive(request(asked)).runThread();
  const lines = steps(world);
  const reported = lines.some((line) => line.startsWith('return '));
  const dropped = lines.includes("ignore 'a stop marker is never answered'");
  const bad = lines.some((line) => line.startsWith('respond invalid '));

  expect(reported ? 'reported' : dropped ? 'dropped' : bad ? 'bad' : 'lost').toBe(outcome);
});

test('3. a five-level CPU takes 57-bit addresses for canonical', () => {
  const driver = {
    checks: {
      canonicalBits: 57,
      refusesPrivileged: true,
      requiresPasid: false,
      pasidsMax: undefined,
      dropsStopMarkers: true,
      afterLookup: false,
    },
    reject: { code: 'invalid', answerNonLast: false, unknownDevice: 'refuse' },
  } as const;
  const world = new ReportWorld({ driver }).bind();
  world.receive(request({ pfn: 0x800000000 }), request({ prgi: 4, pfn: 0x100000000000 })).run();

  expect(steps(world).filter((line) => line.startsWith('warn'))).toEqual([
    "warn 'the request is malformed'",
  ]);
});

test('3. a driver without a stop-marker filter reports it', () => {
  const world = new ReportWorld({ driver: AMD })
    .bind()
    .receive(request({ access: '' }))
    .runThread();

  expect(steps(world)).toContain('return 0');
});

test('3e. the device list stays locked from look-up to the end of the report', () => {
  const world = new ReportWorld().bind().receive(request());
  const locked: string[] = [];
  do {
    const snapshot = world.thread.getSnapshot();
    if (snapshot.hasTag('holds-device-lock')) locked.push(JSON.stringify(snapshot.value));
  } while (world.stepThread());

  expect(locked).toEqual([
    '{"pass":{"reporting":"findingHandle"}}',
    '{"pass":{"reporting":"takingParam"}}',
    '{"pass":{"reporting":"building"}}',
    '{"pass":{"reporting":"handing"}}',
  ]);
});

test('3f. the trace event follows the report, and only a report', () => {
  const world = new ReportWorld().bind();
  world.receive(request({ prgi: 1, access: 'rp' }), request({ prgi: 2, pasid: 99 })).run();

  expect(steps(world).filter((line) => /^(respond|return|trace)/.test(line))).toEqual([
    'respond invalid 1/1@10',
    'respond invalid 99/2@10',
    'return EINVAL',
    'trace 99/2@10',
  ]);
});

test('4. the head moves after the whole pass, so a drain still sees what is in process', () => {
  const world = new ReportWorld().bind();
  world.receive(request({ prgi: 1 }), request({ prgi: 2 })).runThreadTo('advancing');
  expect(world.ring.getSnapshot().context.entries).toHaveLength(2);

  world.stepThread();
  expect(world.ring.getSnapshot().context.entries).toHaveLength(0);
});

test('4. moved for each entry, the head hides a request that is still being reported', () => {
  const rules = { ...LINUX_7_3, headMovesPerPass: false };
  const world = new ReportWorld({ rules }).bind();
  world.receive(request({ prgi: 1 }), request({ prgi: 2 })).runThreadTo('findingHandle');
  expect(world.ring.getSnapshot().context.entries).toHaveLength(1);

  world.run();
  expect(world.responses).toHaveLength(2);
  expect(steps(world).filter((line) => line.startsWith('advanceHead'))).toEqual([
    'advanceHead 1',
    'advanceHead 1',
  ]);
});

test('4. a pass over an empty ring moves the head by nothing and completes', () => {
  const world = new ReportWorld();
  world.interrupted = true;
  world.runThread();

  expect(steps(world)).toEqual(['acknowledge', 'advanceHead 0', 'complete']);
});

const overflowed = (rules = LINUX_7_3) => {
  const world = new ReportWorld({ rules, capacity: 2 }).bind();
  return world.receive(
    request({ prgi: 1, last: false }),
    request({ prgi: 2, last: false }),
    request({ prgi: 3 }),
  );
};

test.each([
  { rule: 'Linux 7.3', edit: {}, tail: ['discardPartials', 'clearOverflow'], left: 0 },
  {
    rule: 'cleared first',
    edit: { clearOverflowBeforeDiscard: true },
    tail: ['clearOverflow', 'discardPartials'],
    left: 0,
  },
  { rule: 'never discarded', edit: { discardOnOverflow: false }, tail: ['clearOverflow'], left: 2 },
  {
    rule: 'never discarded, cleared first',
    edit: { discardOnOverflow: false, clearOverflowBeforeDiscard: true },
    tail: ['clearOverflow'],
    left: 2,
  },
])('5. after an overflow, $rule: $tail', ({ edit, tail, left }) => {
  const world = overflowed({ ...LINUX_7_3, ...edit }).runThread();
  const lines = steps(world);

  expect(lines.slice(lines.indexOf("warn 'the page request queue overflowed'") + 1)).toEqual([
    ...tail,
    'complete',
  ]);
  expect(world.partials()).toHaveLength(left);
  expect(world.ring.getSnapshot().value).toMatchObject({ overflow: 'clear' });
});

test('5. overflow stays set while head and tail differ, and the pass that finds them equal clears it', () => {
  const world = new ReportWorld({ capacity: 2 }).bind().receive(request({ prgi: 1 }));
  world.runThreadTo('fetching');
  world.receive(request({ prgi: 2 }), request({ prgi: 3 }));
  world.runThreadTo('completing');
  expect(world.ring.getSnapshot().value).toMatchObject({ overflow: 'set' });

  world.runThread();
  const told = steps(world).filter((line) => line.startsWith('warn'));
  expect(told).toHaveLength(2);
  expect(world.ring.getSnapshot().value).toMatchObject({ overflow: 'clear' });
});

test('5. without an overflow the pointers are not compared again', () => {
  const world = new ReportWorld().bind().receive(request()).runThreadTo('checkingOverflow');
  world.stepThread();

  expect(world.thread.getSnapshot().value).toEqual({ pass: 'completing' });
});

test('6. every pass completes the drain completion, last of all', () => {
  const world = new ReportWorld().bind().receive(request()).runThread();

  expect(steps(world).at(-1)).toBe('complete');
});

test('an interrupt during a pass waits for its end', () => {
  const world = new ReportWorld()
    .bind()
    .receive(request({ prgi: 1 }))
    .runThreadTo('fetching');
  const snapshot = world.thread.getSnapshot();

  expect(snapshot.can({ type: 'interrupt.received' })).toBe(false);
  expect(snapshot.hasTag('in-pass')).toBe(true);
});

test.each([
  { rules: 'Linux 7.3', by: LINUX_7_3, group: '[1/3@10+ 1/3@12]' },
  { rules: 'repaired', by: REPAIRED, group: '[1/3@12]' },
])('a refused last request leaves its partials to the next group of its index: $rules', (row) => {
  const world = new ReportWorld({ rules: row.by }).bind();
  world
    .receive(
      request({ last: false }),
      request({ pfn: 0x11, access: 'rp' }),
      request({ pfn: 0x12, prgEpoch: 2 }),
    )
    .run();

  expect(world.responses).toEqual(['invalid 1/3@11', 'success 1/3@12']);
  expect(world.logOf('queue').filter((line) => line.startsWith('fillGroup'))).toEqual([
    `fillGroup g0 ${row.group}`,
  ]);
});

test('a refused request that is not the last cancels nothing', () => {
  const world = new ReportWorld({ rules: REPAIRED }).bind();
  world.receive(request({ last: false }), request({ access: 'rp', last: false })).run();

  expect(world.partials()).toEqual(['1/3@10+']);
});

test('a handle freed between its look-up and its handler is used after free', () => {
  const world = new ReportWorld().bind().receive(request()).runThreadTo('takingParam');
  world.bonds.clear();
  world.freedHandles.add(101);
  world.runThread();

  expect(world.breaches()).toEqual(['S8 handle.dereference']);
});

test('a device removed from its queue between look-up and parameter: warned about, INVALID', () => {
  const world = new ReportWorld().bind().receive(request()).runThreadTo('takingParam');
  world.queue(RID).send({ type: 'device.remove', queue: 0 });
  world.runThread();

  expect(world.responses).toEqual(['invalid 1/3@10']);
  expect(world.violations).toEqual([]);
});

test('takes only the values it waits for', () => {
  const world = new ReportWorld().bind().receive(request()).runThreadTo('findingHandle');
  const snapshot = world.thread.getSnapshot();
  const { pasid } = request({ pasid: 2 });

  expect(snapshot.can({ type: 'handle.found', rid: RID, pasid, handle: 1, hasHandler: true })).toBe(
    false,
  );
  expect(snapshot.can({ type: 'handle.missing', rid: UNKNOWN_RID, pasid: request().pasid })).toBe(
    false,
  );
});

test('forgets the handle once the report can’t use it', () => {
  const world = new ReportWorld();
  world.bonds.set(`${RID}/1`, { handle: 101, mm: 1, hasHandler: true });
  world.receive(request()).runThreadTo('answering');

  expect(world.thread.getSnapshot().context.handle).toBeUndefined();
});

test('between passes it holds nothing', () => {
  const world = new ReportWorld().bind();
  world.receive(request({ last: false }), request()).run();

  expect(world.thread.getSnapshot().context).toMatchObject({ remaining: 0, position: 0 });
  for (const field of ['request', 'handle', 'param', 'group'] as const) {
    expect(world.thread.getSnapshot().context[field]).toBeUndefined();
  }
});
