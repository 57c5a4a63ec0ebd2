/**
 * What a real Linux 7.3.4 did, in the model: spec 10, d, e and "Further things seen", and the composed stories of a
 * and c as far as the report path alone can tell them.
 */
import { expect, test } from 'vitest';

import { RESPONSE_CODE } from '../../../../src/core/page-request.ts';
import { deviceMachine } from '../../../../src/machines/device.ts';
import { LINUX_7_3, REPAIRED, type ReportRules } from '../../../../src/machines/report-rules.ts';
import { ReportWorld, RID, request } from './harness.ts';
import { begin, take } from './pure.ts';

const INDEX = 0xd3;

/** PASID 2 a partial, PASID 1 a partial, PASID 2 its last, then PASID 1 its last; all one index. */
function twoPasidsOneIndex(rules: ReportRules, mapped: 'own' | 'both'): ReportWorld {
  const everywhere = [0x500, 0x501, 0x600, 0x601];
  const world = new ReportWorld({ rules })
    .bind({ pasid: 1, pfns: mapped === 'both' ? everywhere : [0x500, 0x501] })
    .bind({ pasid: 2, pfns: mapped === 'both' ? everywhere : [0x600, 0x601] });
  world
    .receive(
      request({ pasid: 2, prgi: INDEX, pfn: 0x600, last: false }),
      request({ pasid: 1, prgi: INDEX, pfn: 0x500, last: false }),
      request({ pasid: 2, prgi: INDEX, pfn: 0x601 }),
    )
    .run();
  return world.receive(request({ pasid: 1, prgi: INDEX, pfn: 0x501 })).run();
}

test('d. partials of two PASIDs with one index merge: a valid group is refused, the other’s SUCCESS is untrue', () => {
  const world = twoPasidsOneIndex(LINUX_7_3, 'own');

  expect(world.responses).toEqual(['invalid 2/211@601', 'success 1/211@501']);
  // Oldest first: PASID 2's own page, then PASID 1's address fails and the rest is left alone.
  expect(world.resident).toEqual(['2:600', '1:501']);
});

test('d. with the addresses mapped in both, pages are populated in the wrong address space', () => {
  const world = twoPasidsOneIndex(LINUX_7_3, 'both');

  expect(world.responses).toEqual(['success 2/211@601', 'success 1/211@501']);
  expect(world.resident).toEqual(['2:600', '2:500', '2:601', '1:501']);
});

test('d. repaired, each PASID keeps its partials', () => {
  const world = twoPasidsOneIndex(REPAIRED, 'own');

  expect(world.responses).toEqual(['success 2/211@601', 'success 1/211@501']);
  expect(world.resident).toEqual(['2:600', '2:601', '1:500', '1:501']);
});

test('d. a partial of a process that has exited spoils a group of another PASID', () => {
  const world = new ReportWorld().bind({ pasid: 1 }).bind({ pasid: 2, pfns: [0x600] });
  world.receive(request({ pasid: 2, pfn: 0x600, last: false })).run();
  world.mappable.delete(2);
  world.bonds.delete(`${RID}/2`);
  world.receive(request()).run();

  expect(world.responses).toEqual(['invalid 1/3@10']);
});

test('e. FAILURE leaves the core as 2, and the function takes it for Response Failure', () => {
  const world = new ReportWorld().bind();
  world.handlerRefuses = true;
  world.receive(request()).run();
  expect(world.responses).toEqual(['failure 1/3@10']);
  expect(RESPONSE_CODE.failure).toBe(2);

  const { snapshot } = take(
    deviceMachine,
    begin(deviceMachine, { device: 0, capacity: 4 }),
    { type: 'pri.enable', allocation: 4 },
    { type: 'request.sent' },
    { type: 'response.received', code: RESPONSE_CODE.failure, requests: 1 },
  );
  expect(snapshot.value).toBe('failed');
});

test.each([
  { rules: 'Linux 7.3', by: LINUX_7_3, responses: ['invalid 99/77@10+', 'invalid 99/77@11'] },
  { rules: 'repaired', by: REPAIRED, responses: ['invalid 99/77@11'] },
])('a request for an unknown PASID that is not the last is answered: $rules, $responses', (row) => {
  const world = new ReportWorld({ rules: row.by }).bind();
  world
    .receive(
      request({ pasid: 99, prgi: 77, last: false }),
      request({ pasid: 99, prgi: 77, pfn: 0x11 }),
    )
    .run();

  expect(world.responses).toEqual(row.responses);
});

test.each([
  { index: 75, access: 'x' },
  { index: 72, access: 'p' },
])(
  'a last request with $access alone (index $index) is taken for a stop marker: no response, no event',
  ({ index, access }) => {
    const world = new ReportWorld()
      .bind()
      .receive(request({ prgi: index, access }))
      .run();

    expect(world.responses).toEqual([]);
    expect(world.logOf('thread').some((line) => line.startsWith('trace'))).toBe(false);
  },
);

test.each([
  { index: 70, asked: { access: 'rp' }, answer: ['invalid'], traced: false },
  { index: 71, asked: { access: 'rx' }, answer: ['invalid'], traced: false },
  { index: 73, asked: { pfn: 0x800000000 }, answer: ['invalid'], traced: false },
  { index: 74, asked: { pfn: 0x800000000, last: false }, answer: [], traced: false },
  { index: 76, asked: { pasid: 99 }, answer: ['invalid'], traced: true },
  { index: 77, asked: { pasid: 99, last: false }, answer: ['invalid'], traced: true },
  { index: 78, asked: { access: '' }, answer: [], traced: false },
  { index: 79, asked: { pasid: undefined }, answer: ['invalid'], traced: true },
  { index: 80, asked: { pasid: 0 }, answer: ['invalid'], traced: true },
  { index: 82, asked: { pfn: 0xffff800000000 }, answer: ['invalid'], traced: true },
])(
  'bad_requests.txt, index $index: answered $answer, traced $traced',
  ({ index, asked, answer, traced }) => {
    const world = new ReportWorld()
      .bind()
      .receive(request({ prgi: index, ...asked }))
      .run();

    expect(world.responses.map((line) => line.split(' ')[0])).toEqual(answer);
    expect(world.logOf('thread').some((line) => line.startsWith('trace'))).toBe(traced);
  },
);

test('after an overflow partials are discarded, and later lasts answered SUCCESS though those pages never were handled', () => {
  const world = new ReportWorld({ capacity: 2 }).bind();
  world.receive(request({ last: false, pfn: 0x11 })).run();
  world.receive(request({ prgi: 5 }), request({ prgi: 6 }), request({ prgi: 7 })).run();
  expect(world.partials()).toEqual([]);

  world.receive(request({ pfn: 0x10 })).run();
  expect(world.responses.at(-1)).toBe('success 1/3@10');
  expect(world.resident).not.toContain('1:11');
});

test('the overflow message can appear twice: the first pass leaves it set, the second clears it', () => {
  const world = new ReportWorld({ capacity: 2 }).bind().receive(request({ prgi: 1 }));
  world
    .runThreadTo('fetching')
    .receive(request({ prgi: 2 }), request({ prgi: 3 }))
    .run();

  expect(
    world.log.filter((line) => line === "thread.warn 'the page request queue overflowed'"),
  ).toHaveLength(2);
});

test('c. a ring entry handled after its PASID has a new owner is served in the new owner’s address space', () => {
  const world = new ReportWorld().bind({ mm: 1 }).receive(request({ owner: 1 }));
  world.runThreadTo('findingHandle');
  world.bind({ mm: 2 });
  world.run();

  expect(world.responses).toEqual(['success 1/3@10']);
  expect(world.resident).toEqual(['2:10']);
});

test('c. a partial outlives its owner while another bond keeps the device on the queue', () => {
  const world = new ReportWorld().bind({ mm: 1 }).bind({ pasid: 9 });
  world.receive(request({ owner: 1, prgEpoch: 1, last: false })).run();
  world.mappable.delete(1);
  world.bind({ mm: 2 });
  world.receive(request({ owner: 2, prgEpoch: 2, pfn: 0x11 })).runThread();

  const { requests } = world.groups[0]?.getSnapshot().context ?? { requests: [] };
  expect(requests.map(({ owner, prgEpoch }) => ({ owner, prgEpoch }))).toEqual([
    { owner: 1, prgEpoch: 1 },
    { owner: 2, prgEpoch: 2 },
  ]);
  expect(world.run().resident).toEqual(['2:10', '2:11']);
});

test('a. a handle freed under a running worker is used after free', () => {
  const world = new ReportWorld().bind().receive(request()).runThread();
  world.stepWorker();
  world.freedHandles.add(101);
  world.run();

  expect(world.breaches()).toEqual(['S8 handle.dereference']);
});
