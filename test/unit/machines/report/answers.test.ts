/**
 * Who answers a page request, with what, and what the report returns: spec 01, section 4, table and steps; section 5.
 *
 * Method: each situation is set up in the synchronous world of harness.ts and run until nobody can step; a claim is
 * checked against the responses and the effects of the actor it is about.
 */
import { expect, test } from 'vitest';

import type { ReportRules } from '../../../../src/machines/report-rules.ts';
import { LINUX_7_3, REPAIRED } from '../../../../src/machines/report-rules.ts';
import { AMD, ReportWorld, RID, request, UNKNOWN_RID, VTD } from './harness.ts';

type Row = {
  readonly situation: string;
  readonly world: () => ReportWorld;
  readonly responses: readonly string[];
  /** What iommu_report_device_fault() returns, in order; empty when it is not called. */
  readonly returns: readonly string[];
  /** Who sent the responses. */
  readonly responder: 'driver' | 'core' | 'work' | 'nobody';
};

const vtd = (rules: ReportRules = LINUX_7_3) => new ReportWorld({ rules, driver: VTD });
const amd = () => new ReportWorld({ driver: AMD });
const withAllocationFailing = (world: ReportWorld) => {
  world.allocationFails = true;
  return world;
};
const withHandlerRefusing = (world: ReportWorld) => {
  world.handlerRefuses = true;
  return world;
};

const rows: readonly Row[] = [
  {
    situation: 'malformed request, last (VT-d)',
    world: () =>
      vtd()
        .bind()
        .receive(request({ access: 'rp' })),
    responses: ['invalid 1/3@10'],
    returns: [],
    responder: 'driver',
  },
  {
    situation: 'malformed request, not last (VT-d)',
    world: () =>
      vtd()
        .bind()
        .receive(request({ access: 'rp', last: false })),
    responses: [],
    returns: [],
    responder: 'nobody',
  },
  {
    situation: 'no PASID (AMD: GN=0), last',
    world: () =>
      amd()
        .bind()
        .receive(request({ pasid: undefined })),
    responses: ['failure -/3@10'],
    returns: [],
    responder: 'driver',
  },
  {
    situation: 'no PASID (AMD: GN=0), not last',
    world: () =>
      amd()
        .bind()
        .receive(request({ pasid: undefined, last: false })),
    responses: ['failure -/3@10+'],
    returns: [],
    responder: 'driver',
  },
  {
    situation: 'PASID 0 (AMD)',
    world: () =>
      amd()
        .bind()
        .receive(request({ pasid: 0, last: false })),
    responses: ['failure 0/3@10+'],
    returns: [],
    responder: 'driver',
  },
  {
    situation: 'PASID out of range (AMD)',
    world: () =>
      amd()
        .bind()
        .receive(request({ pasid: 0xffff })),
    responses: ['failure 65535/3@10'],
    returns: [],
    responder: 'driver',
  },
  {
    situation: 'unknown RID, last (VT-d)',
    world: () =>
      vtd()
        .bind()
        .receive(request({ rid: UNKNOWN_RID })),
    responses: ['invalid 1/3@10'],
    returns: [],
    responder: 'driver',
  },
  {
    situation: 'unknown RID, not last (VT-d)',
    world: () =>
      vtd()
        .bind()
        .receive(request({ rid: UNKNOWN_RID, last: false })),
    responses: [],
    returns: [],
    responder: 'nobody',
  },
  {
    situation: 'unknown RID (AMD: no pci_dev), even if malformed',
    world: () =>
      amd()
        .bind()
        .receive(request({ rid: UNKNOWN_RID, pasid: 0 })),
    responses: [],
    returns: [],
    responder: 'nobody',
  },
  {
    situation: 'no handle, last',
    world: () => vtd().bind({ pasid: 2 }).receive(request()),
    responses: ['invalid 1/3@10'],
    returns: ['EINVAL'],
    responder: 'core',
  },
  {
    situation: 'no handle, not last',
    world: () =>
      vtd()
        .bind({ pasid: 2 })
        .receive(request({ last: false })),
    responses: ['invalid 1/3@10+'],
    returns: ['EINVAL'],
    responder: 'core',
  },
  {
    situation: 'no handle, not last, repaired',
    world: () =>
      vtd(REPAIRED)
        .bind({ pasid: 2 })
        .receive(request({ last: false })),
    responses: [],
    returns: ['EINVAL'],
    responder: 'nobody',
  },
  {
    situation: 'no handle, last, repaired',
    world: () => vtd(REPAIRED).bind({ pasid: 2 }).receive(request()),
    responses: ['invalid 1/3@10'],
    returns: ['EINVAL'],
    responder: 'core',
  },
  {
    situation: 'no iopf_handler',
    world: () => {
      const world = vtd().bind();
      world.bonds.set(`${RID}/1`, { handle: 101, mm: 1, hasHandler: false });
      return world.receive(request());
    },
    responses: ['invalid 1/3@10'],
    returns: ['EINVAL'],
    responder: 'core',
  },
  {
    situation: 'no fault_param',
    world: () => {
      const world = vtd().bind();
      world.queue(RID).send({ type: 'device.remove', queue: 0 });
      return world.receive(request());
    },
    responses: ['invalid 1/3@10'],
    returns: ['EINVAL'],
    responder: 'core',
  },
  {
    situation: 'partial allocation fails',
    world: () => withAllocationFailing(vtd().bind()).receive(request({ last: false })),
    responses: [],
    returns: ['ENOMEM'],
    responder: 'nobody',
  },
  {
    situation: 'group allocation fails',
    world: () => withAllocationFailing(vtd().bind()).receive(request()),
    responses: ['failure 1/3@10'],
    returns: ['0'],
    responder: 'core',
  },
  {
    situation: 'handler refuses',
    world: () => withHandlerRefusing(vtd().bind()).receive(request()),
    responses: ['failure 1/3@10'],
    returns: ['0'],
    responder: 'core',
  },
  {
    situation: 'SVA handled OK',
    world: () => vtd().bind().receive(request()),
    responses: ['success 1/3@10'],
    returns: ['0'],
    responder: 'work',
  },
  {
    situation: 'SVA fault unresolvable',
    world: () =>
      vtd()
        .bind()
        .receive(request({ pfn: 0x99 })),
    responses: ['invalid 1/3@99'],
    returns: ['0'],
    responder: 'work',
  },
  {
    situation: 'stop marker (VT-d)',
    world: () =>
      vtd()
        .bind()
        .receive(request({ access: '' })),
    responses: [],
    returns: [],
    responder: 'nobody',
  },
];

test.each(rows)('$situation: $responder answers, the report returns $returns', (row) => {
  const world = row.world().run();

  expect(world.responses).toEqual(row.responses);
  expect(
    world
      .logOf('thread')
      .filter((line) => line.startsWith('return '))
      .map((line) => line.slice('return '.length)),
  ).toEqual(row.returns);
  expect(responderIn(world)).toBe(row.responder);
  expect(world.violations).toEqual([]);
});

/** The driver answers without a report, the core within one, the work by itself. */
function responderIn(world: ReportWorld): Row['responder'] {
  if (world.responses.length === 0) return 'nobody';
  if (world.logOf('worker').some((line) => line.startsWith('respond '))) return 'work';
  const inReport = world.logOf('thread').some((line) => line.startsWith('return '));
  return inReport ? 'core' : 'driver';
}

test('remove_device with pending groups: the core answers INVALID, the report had returned 0', () => {
  const world = vtd().bind().receive(request()).runThread();
  world.queue(RID).send({ type: 'device.remove', queue: 0 });

  expect(world.logOf('thread')).toContain('return 0');
  expect(world.responses).toEqual(['invalid 1/3@10']);
  expect(world.logOf('queue')).toContain('answerAndFree invalid [0]');
});

test.each([
  { who: 'user writes SUCCESS', code: 'success' },
  { who: 'user writes INVALID', code: 'invalid' },
  { who: 'detach, replace or destruction of the fault object', code: 'invalid' },
] as const)('a group taken off the pending list is answered by its new owner: $who', ({ code }) => {
  const world = vtd().bind().receive(request()).runThread();
  const group = world.groups[0];
  world.queue(RID).send({ type: 'group.dequeue', param: 0, group: 0 });
  world.queue(RID).send({ type: 'device.remove', queue: 0 });
  expect(world.responses).toEqual([]);

  group?.send({ type: 'group.answered', code });
  world.queue(RID).send({ type: 'group.unlink', param: 0, group: 0 });
  group?.send({ type: 'group.freed' });

  expect(world.responses).toEqual([`${code} 1/3@10`]);
  expect(world.violations).toEqual([]);
});

// Section 4, the numbered steps of report().

test('1. a handler is looked for by PASID, and for a request without one by the function', () => {
  const world = vtd().bind({ pasid: undefined, mm: 7 });
  world.receive(request({ pasid: undefined, prgi: 1 }), request({ pasid: 1, prgi: 2 })).run();

  // The worker refuses what has no PASID, so the first reached a handler, too.
  expect(world.responses).toEqual(['invalid 1/2@10', 'invalid -/1@10']);
  expect(world.logOf('thread').filter((line) => line.startsWith('hand '))).toEqual(['hand g0']);
});

test.each([
  { userPasidTable: true, nested: true, handed: true },
  { userPasidTable: true, nested: false, handed: false },
  { userPasidTable: false, nested: true, handed: false },
])('1. the function’s nested domain handles an unknown PASID: $handed with %o', (row) => {
  const world = new ReportWorld({ userPasidTable: row.userPasidTable });
  world.bind({ pasid: 9 });
  if (row.nested) world.bind({ pasid: undefined, mm: 7 });
  world.receive(request()).runThread();

  expect(world.logOf('thread').includes('hand g0')).toBe(row.handed);
  expect(world.responses).toEqual(row.handed ? [] : ['invalid 1/3@10']);
});

test('2. a last request without a handler leaves its partials stored in 7.3, and drops them repaired', () => {
  const story = (rules: ReportRules) => {
    const world = vtd(rules)
      .bind()
      .receive(request({ last: false }))
      .run();
    world.bonds.clear();
    world.receive(request({ pfn: 0x11 })).run();
    return world.partials();
  };

  expect(story(LINUX_7_3)).toEqual(['1/3@10+']);
  expect(story(REPAIRED)).toEqual([]);
});

test('3. a device on no fault queue is warned about and answered INVALID', () => {
  const world = vtd();
  world.bonds.set(`${RID}/1`, { handle: 101, mm: 1, hasHandler: true });
  world.receive(request()).run();

  expect(world.logOf('thread')).toContain("warn 'the device is on no fault queue'");
  expect(world.responses).toEqual(['invalid 1/3@10']);
});

test('4. a request that is not the last is stored at the head of the partial list and never acknowledged', () => {
  const world = vtd().bind();
  world.receive(request({ pfn: 0x10, last: false }), request({ pfn: 0x11, last: false })).run();

  expect(world.partials()).toEqual(['1/3@11+', '1/3@10+']);
  expect(world.responses).toEqual([]);
  expect(world.queue(RID).getSnapshot().context.users).toBe(1);
});

test('4. a partial that can’t be stored gives the report’s reference back', () => {
  const world = withAllocationFailing(vtd().bind())
    .receive(request({ last: false }))
    .run();

  expect(world.partials()).toEqual([]);
  expect(world.queue(RID).getSnapshot().context.users).toBe(1);
});

test('5. the last request takes along the partials of its index, in order of arrival, itself at the tail', () => {
  const world = vtd().bind();
  world
    .receive(
      request({ pfn: 0x10, last: false }),
      request({ pfn: 0x20, last: false, prgi: 4 }),
      request({ pfn: 0x11, last: false }),
      request({ pfn: 0x12 }),
    )
    .runThread();

  expect(world.logOf('queue')).toContain('fillGroup g0 [1/3@10+ 1/3@11+ 1/3@12]');
  expect(world.partials()).toEqual(['1/4@20+']);
  expect(world.pending()).toEqual([0]);
  // The group took the report's reference over.
  expect(world.queue(RID).getSnapshot().context.users).toBe(2);
});

test('5. new groups go to the head of the pending list', () => {
  const world = vtd()
    .bind()
    .receive(request({ prgi: 1 }), request({ prgi: 2 }))
    .runThread();

  expect(world.pending()).toEqual([1, 0]);
});

test.each([
  { rules: 'Linux 7.3', by: LINUX_7_3, group: '[2/3@10+ 1/3@11]', left: [] },
  { rules: 'repaired', by: REPAIRED, group: '[1/3@11]', left: ['2/3@10+'] },
])('5. a partial of another PASID with the same index, $rules: the group is $group', (row) => {
  const world = vtd(row.by).bind().bind({ pasid: 2 });
  world.receive(request({ pasid: 2, last: false }), request({ pfn: 0x11 })).runThread();

  expect(world.logOf('queue')).toContain(`fillGroup g0 ${row.group}`);
  expect(world.partials()).toEqual(row.left);
});

test('6. an abort group takes its partials along, answers FAILURE, and no handler sees it', () => {
  const world = vtd()
    .bind()
    .receive(request({ last: false }))
    .run();
  world.allocationFails = true;
  world.receive(request({ pfn: 0x11 })).run();

  expect(world.responses).toEqual(['failure 1/3@11']);
  expect(world.partials()).toEqual([]);
  expect(world.pending()).toEqual([]);
  expect(world.logOf('thread').some((line) => line.startsWith('hand'))).toBe(false);
  expect(world.queue(RID).getSnapshot().context.users).toBe(1);
});

test('6. the handle is written into the group, and followed, only after the group is on the pending list', () => {
  const world = vtd().bind().receive(request()).runThread();
  const thread = world.logOf('thread');

  expect(thread.slice(thread.indexOf('takeReference'))).toEqual([
    'takeReference',
    'buildGroup g0 1/3@10',
    'assignHandle g0',
    'dereferenceHandle',
    'hand g0',
    'return 0',
    'trace 1/3@10',
    'advanceHead 1',
    'complete',
  ]);
});

test('7. after the handler accepts, the report neither answers nor frees', () => {
  const world = vtd().bind().receive(request()).runThread();

  expect(world.responses).toEqual([]);
  expect(world.groups[0]?.getSnapshot().value).toBe('queued');
});

test('8. a group its handler refuses is answered FAILURE, unlinked and freed', () => {
  const world = withHandlerRefusing(vtd().bind()).receive(request()).runThread();
  const thread = world.logOf('thread');

  expect(thread.slice(thread.indexOf("warn 'the group is aborted'"))).toEqual([
    "warn 'the group is aborted'",
    'respondGroup failure g0',
    'unlinkGroup g0',
    'putReference',
    'freeGroup g0',
    'return 0',
    'trace 1/3@10',
    'advanceHead 1',
    'complete',
  ]);
  expect(world.groups[0]?.getSnapshot().value).toBe('free');
  expect(world.pending()).toEqual([]);
});

test('a partial that falls through into group processing is answered though its last was never seen', () => {
  const rules = { ...LINUX_7_3, returnAfterPartial: false };
  const world = vtd(rules)
    .bind()
    .receive(request({ last: false }))
    .run();

  expect(world.logOf('queue')).toContain('fillGroup g0 [1/3@10+ 1/3@10+]');
  expect(world.responses).toEqual(['success 1/3@10+']);
});

// Section 5.

test('the response reaches the driver before the group is unlinked, both in one step', () => {
  const world = vtd().bind().receive(request()).runThread();
  while (!world.logOf('worker').includes('unlink g0')) world.stepWorker();
  const start = world.log.indexOf('worker.respond success g0');

  expect(world.log.slice(start)).toEqual([
    'worker.respond success g0',
    'group.respond success 1/3@10',
    'worker.unlink g0',
  ]);
  expect(world.workers[0]?.getSnapshot().value).toBe('freeing');
});

test.each([
  { rules: 'Linux 7.3', respondOnlyWhilePending: false, responses: 2, properties: ['S1'] },
  { rules: 'older kernels', respondOnlyWhilePending: true, responses: 1, properties: [] },
])(
  'a group answered by removal that leaks is answered again by its worker: $rules, $responses responses',
  (row) => {
    const rules = {
      ...LINUX_7_3,
      freeRemovedGroups: false,
      respondOnlyWhilePending: row.respondOnlyWhilePending,
    };
    const world = vtd(rules).bind().receive(request()).runThread();
    world.queue(RID).send({ type: 'device.remove', queue: 0 });
    world.run();

    expect(world.responses).toHaveLength(row.responses);
    expect(world.properties()).toEqual(row.properties);
  },
);

test('older kernels let the reporter abort in silence when removal has answered the group', () => {
  const rules = { ...LINUX_7_3, freeRemovedGroups: false, respondOnlyWhilePending: true };
  const world = withHandlerRefusing(vtd(rules).bind()).receive(request()).runThreadTo('handing');
  world.queue(RID).send({ type: 'device.remove', queue: 0 });
  world.run();

  expect(world.responses).toEqual(['invalid 1/3@10']);
  expect(world.violations).toEqual([]);
});

test('older kernels let the reporter abort aloud while the group is pending', () => {
  const rules = { ...LINUX_7_3, respondOnlyWhilePending: true };
  const world = withHandlerRefusing(vtd(rules).bind()).receive(request()).run();

  expect(world.responses).toEqual(['failure 1/3@10']);
});

test('a dequeued group is neither answered nor freed by removal', () => {
  const world = vtd().bind().receive(request()).runThread();
  world.queue(RID).send({ type: 'group.dequeue', param: 0, group: 0 });
  world.queue(RID).send({ type: 'device.remove', queue: 0 });

  expect(world.responses).toEqual([]);
  expect(world.groups[0]?.getSnapshot().value).toBe('queued');
});

test('the response names index, PASID and function of the group’s own last request', () => {
  const world = vtd().bind().bind({ pasid: 2 });
  world.receive(request({ pasid: 2, last: false }), request({ pfn: 0x11 })).run();

  expect(world.responses).toEqual(['success 1/3@11']);
});

test('freeing a group drops its reference on the fault parameter', () => {
  const world = vtd().bind().receive(request()).run();

  expect(world.queue(RID).getSnapshot().context.users).toBe(1);
  expect(world.groups[0]?.getSnapshot().value).toBe('free');
  expect(world.workIsIdle()).toBe(true);
});

test.each([
  { group: 'first fault unresolvable', pfns: [0x99, 0x10], resident: [], code: 'invalid' },
  {
    group: 'second fault unresolvable',
    pfns: [0x10, 0x99, 0x11],
    resident: ['1:10'],
    code: 'invalid',
  },
  {
    group: 'all resolvable',
    pfns: [0x10, 0x11, 0x12],
    resident: ['1:10', '1:11', '1:12'],
    code: 'success',
  },
])('the first error is sticky, the rest of the group is left alone: $group', (row) => {
  const world = vtd().bind();
  const lastAt = row.pfns.length - 1;
  world.receive(...row.pfns.map((pfn, at) => request({ pfn, last: at === lastAt }))).run();

  expect(world.resident).toEqual(row.resident);
  expect(world.responses).toEqual([`${row.code} 1/3@${row.pfns[lastAt]?.toString(16)}`]);
});

test('a fault on an address space without users is answered INVALID and maps nothing', () => {
  const world = vtd().bind();
  world.mappable.delete(1);
  world.receive(request()).run();

  expect(world.responses).toEqual(['invalid 1/3@10']);
  expect(world.logOf('worker')).not.toContain('getUsers');
});

test('users are raised and put once for each fault', () => {
  const world = vtd().bind();
  world.receive(request({ last: false }), request({ pfn: 0x11 })).run();

  expect(world.logOf('worker').filter((line) => /^(getUsers|resolve|putUsers)/.test(line))).toEqual(
    ['getUsers', 'resolve 1/3@10+', 'putUsers', 'getUsers', 'resolve 1/3@11', 'putUsers'],
  );
});
