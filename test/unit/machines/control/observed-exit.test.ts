/**
 * What a real Linux 7.3.4 did when a process exits before it is unbound, in the model: spec 10, a, a' and g; and that
 * the repaired driver does none of it.
 *
 * Method: operations run the drivers' lists over one unit's world; each story says who is held where.
 */
import { expect, test } from 'vitest';

import { RID, request } from '../report/harness.ts';
import { bound, drains } from './stories.ts';

/** Exits, and begins the unbind that closing the file brings, as far as it goes alone. */
function exitAndUnbind({ world, process, attachment }: ReturnType<typeof bound>) {
  process.exit().finishRelease();
  return world.begin('unbind-sva', attachment).run();
}

test('a. 7.3 unbinds after exit without a drain; the request in the ring is answered afterwards', () => {
  const story = bound('vtd@7.3');
  story.world.report.receive(request());
  const unbind = exitAndUnbind(story);

  expect(unbind.isDone).toBe(true);
  expect(unbind.effects).toEqual([
    'dropReporting',
    'untrackPasid',
    'eraseSlot',
    'answerInvalid',
    'putDomain',
    'freeHandle',
  ]);
  expect(story.world.report.responses).toEqual([]);
  story.world.settle();
  expect(story.world.report.responses).toEqual(['invalid 1/3@10']);
});

test('a. the release itself flushes three caches and never drains', () => {
  const { process } = bound('vtd@7.3');
  process.exit().finishRelease();

  expect(process.releases[0]?.effects).toEqual([
    'clearPresent',
    'submitPasidCacheInvalidation',
    'submitIotlbInvalidation',
    'submitDeviceTlbInvalidation',
    'markFaultDisabledIfPresent',
  ]);
});

test('a. repaired, the unbind waits until the request is handled, then flushes and drains', () => {
  const story = bound('vtd');
  story.world.report.receive(request());
  const unbind = exitAndUnbind(story);
  expect(unbind.at).toBe('drain-ring:waiting');

  story.world.settle();
  expect(unbind.isDone).toBe(true);
  expect(drains(unbind)).toBe(true);
  expect(story.world.report.responses).toEqual(['invalid 1/3@10']);
  expect(story.world.report.breaches()).toEqual([]);
});

test.each([
  { driver: 'vtd@7.3', breached: true },
  { driver: 'vtd', breached: false },
])('a. worker held: $driver frees the group under it, $breached', ({ driver, breached }) => {
  const story = bound(driver);
  story.world.report.receive(request()).runThread();
  exitAndUnbind(story);
  story.world.settle();

  expect(story.world.report.properties().includes('S8')).toBe(breached);
});

test.each([
  { driver: 'vtd@7.3', breaches: ['S8 handle.dereference'] },
  { driver: 'vtd', breaches: [] },
])(
  'a. a second bond keeps the group, not the handle: $driver, $breaches',
  ({ driver, breaches }) => {
    const story = bound(driver);
    story.world.attach(RID, 2, story.world.process(2).bond);
    story.world.report.receive(request()).runThread();
    exitAndUnbind(story);
    story.world.settle();

    expect(story.world.report.breaches()).toEqual(breaches);
  },
);

test.each([
  { driver: 'vtd@7.3', breached: true },
  { driver: 'vtd', breached: false },
])('a. thread held between group and handler: $driver touches freed memory, $breached', (row) => {
  const story = bound(row.driver);
  story.world.report.receive(request()).runThreadTo('handing');
  exitAndUnbind(story);
  story.world.settle();

  expect(story.world.report.properties().includes('S8')).toBe(row.breached);
});

test.each([
  { driver: 'vtd@7.3', after: 'absent', written: ['present', 'cleared', 'zero'] },
  { driver: 'vtd', after: 'fault-disabled', written: ['present', 'cleared', 'fault-disabled'] },
])('a′. between exit and unbind the entry of $driver is $after, reporting still on', (row) => {
  const { world, process, attachment } = bound(row.driver);
  process.exit().finishRelease();

  expect(attachment.entry.getSnapshot().value).toBe(row.after);
  expect(attachment.written).toEqual(row.written);
  expect(world.reporting(RID).getSnapshot().context.users).toBe(1);
  world.begin('unbind-sva', attachment).finish();
  expect(attachment.entry.getSnapshot().value).toBe('absent');
  expect(world.reporting(RID).getSnapshot().context.users).toBe(0);
});

test('after exit and unbind the PASID goes when the notifier’s grace period has ended', () => {
  const story = bound('vtd');
  exitAndUnbind(story);
  expect(story.process.log).toEqual(['release', 'tables torn down', 'grace period awaited']);

  story.process.endGracePeriod();
  expect(story.process.log.at(-1)).toBe('PASID freed');
});

/** The trial fix of g: the mark is written always; an absent entry is still not drained, nor a release awaited. */
const TRIAL_FIX = ['absent-entry-not-drained', 'release-not-awaited'] as const;

test('g. with the mark written always, the unbind after exit drains again', () => {
  const story = bound('vtd', ...TRIAL_FIX);
  const unbind = exitAndUnbind(story);

  expect(unbind.effects[0]).toBe('finishZeroing');
  expect(drains(unbind)).toBe(true);
});

/** The worker drops the last users, so the release runs in it, and is held with the entry half torn. */
function halfTorn(...quirks: readonly string[]) {
  const story = bound('vtd', ...quirks);
  const { world, process, attachment } = story;
  world.report.receive(request(), request({ prgi: 4, pfn: 0x11 })).runThread();
  const worker = world.report.workers[0];
  while (worker?.getSnapshot().context.mm === undefined) world.stepWorker();
  process.exit();
  expect(process.releases).toEqual([]);
  while (process.releases.length === 0) world.stepWorker();
  process.releases[0]?.runTo('invalidate-iotlb');
  expect(attachment.entry.getSnapshot().value).toBe('cleared');
  return { ...story, unbind: world.begin('unbind-sva', attachment).run() };
}

test('g. but a half-torn entry still looks like nothing to do: unbind neither waits nor drains', () => {
  const { world, process, unbind } = halfTorn(...TRIAL_FIX);

  // Only the domain's lock holds it up, when reporting is dropped already.
  expect(unbind.at).toBe('untrack-pasid');
  expect(drains(unbind)).toBe(false);
  process.finishRelease();
  world.settle();
  expect(world.report.properties()).toContain('S8');
});

test('g. repaired, unbind waits for the release, then drains', () => {
  const { world, process, unbind } = halfTorn();
  expect(unbind.at).toBe('await-release');

  process.finishRelease();
  world.settle();
  expect(unbind.isDone).toBe(true);
  expect(drains(unbind)).toBe(true);
  expect(world.report.breaches()).toEqual([]);
});
