/**
 * What a real Linux 7.3.4 did on the other ways to detach, in the model: spec 10, b, b', f and the last of g; and that
 * the repaired driver does none of it.
 *
 * Method: operations run the drivers' lists over one unit's world; each story says who is held where.
 */
import { expect, test } from 'vitest';

import { OTHER_RID, RID, request } from '../report/harness.ts';
import { Bond } from './attachment.ts';
import { bound, drains } from './stories.ts';
import { UnitWorld } from './unit-world.ts';

const plainBond = (world: UnitWorld) => new Bond(world, 9, 'paging', () => {});

test('b. blocking the function: 7.3 leaves the queue before the drain, which then does nothing', () => {
  const world = new UnitWorld('vtd@7.3');
  const attachment = world.attach(RID, undefined, world.process(1).bond);
  world.report.receive(request({ pasid: undefined }));
  const detach = world.begin('detach-rid', attachment).run();

  expect(detach.isDone).toBe(true);
  expect(detach.effects.slice(0, 3)).toEqual(['dropReporting', 'untrackPasid', 'clearPresent']);
  expect(drains(detach)).toBe(false);
  expect(detach.effects).not.toContain('noteWorkQueue');
  expect(world.report.responses).toEqual([]);
  world.settle();
  expect(world.report.responses).toEqual(['invalid -/3@10']);
});

test('b. PASID replace, fault-capable to plain: the same order, the same empty drain', () => {
  const { world, attachment } = bound('vtd@7.3');
  world.report.receive(request());
  attachment.next = plainBond(world);
  const replace = world.begin('replace-pasid', attachment).run();

  expect(replace.isDone).toBe(true);
  expect(drains(replace)).toBe(false);
  expect(world.report.responses).toEqual([]);
  world.settle();
  expect(world.report.responses).toEqual(['invalid 1/3@10']);
});

test('b. fault-capable to fault-capable keeps the count above 0 and drains, on 7.3 too', () => {
  const { world, attachment } = bound('vtd@7.3');
  world.report.receive(request());
  attachment.next = world.process(2).bond;
  const replace = world.begin('replace-pasid', attachment).run();
  expect(replace.isDone).toBe(false);

  world.settle();
  expect(drains(replace)).toBe(true);
  expect(world.report.breaches()).toEqual([]);
});

test.each([
  { driver: 'vtd@7.3', operation: 'detach-rid' },
  { driver: 'vtd@7.3', operation: 'replace-pasid' },
  { driver: 'vtd', operation: 'detach-rid' },
  { driver: 'vtd', operation: 'replace-pasid' },
] as const)('b. worker held over $operation of $driver: use after free on 7.3 only', (row) => {
  const world = new UnitWorld(row.driver);
  const which = row.operation === 'detach-rid' ? undefined : 1;
  const attachment = world.attach(RID, which, world.process(1).bond);
  world.report.receive(request({ pasid: which })).runThread();
  if (which !== undefined) attachment.next = plainBond(world);
  world.begin(row.operation, attachment).run();
  world.settle();

  expect(world.report.properties().includes('S8')).toBe(row.driver === 'vtd@7.3');
});

test.each(['vtd', 'vtd@7.3'])(
  'b′. %s drains when it unbinds a live mm and when it detaches a PASID',
  (name) => {
    for (const operation of ['unbind-sva', 'detach-pasid'] as const) {
      const { world, attachment } = bound(name);
      world.report.receive(request());
      const detach = world.begin(operation, attachment).run();
      expect(detach.isDone).toBe(false);

      world.settle();
      expect(detach.isDone).toBe(true);
      expect(drains(detach)).toBe(true);
      expect(world.report.responses).toEqual(['success 1/3@10']);
      expect(world.report.breaches()).toEqual([]);
    }
  },
);

// The quirk reporting-dropped-first reaches replace-rid too; spec 10 b' saw it drain.
test('b′. 7.3 drains when a function goes from one paging domain to another', () => {
  const world = new UnitWorld('vtd@7.3');
  const attachment = world.attach(RID, undefined, world.process(1).bond);
  attachment.next = plainBond(world);
  const replace = world.begin('replace-rid', attachment).run();

  expect(drains(replace)).toBe(true);
});

/** Two devices behind one unit, each with a request in the ring, detached at the same time. */
function twoDrains(name: string) {
  const world = new UnitWorld(name);
  const a = world.attach(RID, 1, world.process(1).bond);
  const b = world.attach(OTHER_RID, 2, world.process(2).bond);
  world.report.receive(request(), request({ rid: OTHER_RID, pasid: 2 }));
  const first = world.begin('detach-pasid', a, 'drain-a').run();
  const second = world.begin('detach-pasid', b, 'drain-b').run();
  return { world, first, second };
}

test('f. two drains share the completion: one batch, one wake-up, one sleeps with the ring empty', () => {
  const { world, first, second } = twoDrains('vtd@7.3');
  expect([first.at, second.at]).toEqual([
    'drain-ring-by-completion:waiting',
    'drain-ring-by-completion:waiting',
  ]);

  world.runPass().settle();
  expect([first, second].map(({ isDone }) => isDone).sort()).toEqual([false, true]);
  expect(world.report.ring.getSnapshot().context.entries).toEqual([]);
  expect(world.report.responses).toHaveLength(2);
});

test('f. an unrelated request, for a PASID nobody has, wakes the sleeper', () => {
  const { world, first, second } = twoDrains('vtd@7.3');
  world.runPass().settle();
  world.report.receive(request({ pasid: 77 }));
  world.settle();

  expect([first.isDone, second.isDone]).toEqual([true, true]);
});

test('f. with a condition to wait for, both finish', () => {
  const { world, first, second } = twoDrains('vtd');
  world.runPass().settle();

  expect([first.isDone, second.isDone]).toEqual([true, true]);
  expect(world.report.breaches()).toEqual([]);
});

test('g. blocking the function first and dropping its count second: clean', () => {
  const world = new UnitWorld('vtd');
  const attachment = world.attach(RID, undefined, world.process(1).bond);
  world.report.receive(request({ pasid: undefined }));
  const detach = world.begin('detach-rid', attachment).run();
  world.settle();

  expect(detach.isDone).toBe(true);
  expect(drains(detach)).toBe(true);
  expect(world.report.breaches()).toEqual([]);
});
