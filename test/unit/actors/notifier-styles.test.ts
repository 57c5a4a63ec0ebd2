/**
 * Spec 02, section 6: what each driver's notifier does, driven through mm-notifier.ts, and both removal styles.
 *
 * Method: the notifier records its effects; `neutralise` stands for the driver's release list, which is then run
 * through operation.ts on a PASID entry that is present.
 */
import { expect, test } from 'vitest';

import {
  EVERY_PAGE_END,
  invalidationEvent,
  NOTIFIER_STYLES,
  type NotifierStyle,
  removalEvent,
} from '../../../src/actors/notifier-styles.ts';
import { VTD as VTD_DRIVER } from '../../../src/actors/vtd-driver.ts';
import { mmNotifierMachine } from '../../../src/machines/mm-notifier.ts';
import { operationMachine } from '../../../src/machines/operation.ts';
import { Recording } from '../machines/control/recorder.ts';

const styleOf = (driver: string): NotifierStyle => {
  const style = NOTIFIER_STYLES.find((each) => each.driver === driver);
  if (style === undefined) throw new Error(driver);
  return style;
};
const VTD = styleOf('vtd');
const AMD = styleOf('amd');
const SMMU = styleOf('smmuv3');

const registered = () =>
  new Recording(mmNotifierMachine, { mm: 1, domain: 2 }, { mmHasUsers: true }).send({
    type: 'notifier.register',
  });
const runOnPresentEntry = (style: NotifierStyle, action: 'invalidate' | 'release') => {
  const { [action]: what } = style;
  if (what.kind !== 'steps') throw new Error(what.kind);
  return new Recording(
    operationMachine('under-test', what.steps),
    { operation: 1, device: 2, attachment: 3 },
    { entryIsPresent: true, invalidationIsDone: true, releaseIsIdle: true },
  )
    .steps()
    .effects();
};

test('registering needs users of the address space, and takes its structure', () => {
  expect(registered().effects()).toEqual(['takeStructure']);

  const late = new Recording(mmNotifierMachine, { mm: 1, domain: 2 }).send({
    type: 'notifier.register',
  });
  expect(late.performed).toEqual([
    { type: 'refuse', params: { errno: 'EINVAL', reason: 'the address space has no users' } },
  ]);
  expect(late.value).toBe('unregistered');
});

test.each(NOTIFIER_STYLES)('$driver: the end of a flush is exclusive', (style) => {
  expect(invalidationEvent(style, 0x10, 0x18)).toEqual({
    type: 'range.invalidated',
    pfn: 0x10,
    pages: 8,
  });
});

test('VT-d alone takes a flush from 0 to the very end for a flush of everything', () => {
  const events = NOTIFIER_STYLES.map((style) => invalidationEvent(style, 0, EVERY_PAGE_END).type);
  expect(events).toEqual(['everything.invalidated', 'range.invalidated', 'range.invalidated']);
});

test('VT-d: a flush of the kernel half ends at the very end but starts elsewhere: it is a range', () => {
  expect(invalidationEvent(VTD, EVERY_PAGE_END / 2, EVERY_PAGE_END).type).toBe('range.invalidated');
});

test('a range and everything reach the driver as such', () => {
  const notifier = registered().send(
    invalidationEvent(VTD, 0x10, 0x12),
    invalidationEvent(VTD, 0, EVERY_PAGE_END),
  );
  expect(notifier.performed.slice(1)).toEqual([
    { type: 'flushRange', params: { domain: 2, pfn: 0x10, pages: 2 } },
    { type: 'flushAll', params: { domain: 2 } },
  ]);
});

test.each(NOTIFIER_STYLES)(
  '$driver: a flush empties IOTLB and device TLB, and no more',
  (style) => {
    expect(runOnPresentEntry(style, 'invalidate')).toEqual([
      'submitIotlbInvalidation',
      'submitDeviceTlbInvalidation',
    ]);
  },
);

test('VT-d: release makes each entry non-present and marked, flushes, and does not drain', () => {
  expect(VTD.release).toMatchObject({ steps: VTD_DRIVER.operations['mm-release'] });
  expect(runOnPresentEntry(VTD, 'release')).toEqual([
    'clearPresent',
    'submitPasidCacheInvalidation',
    'submitIotlbInvalidation',
    'submitDeviceTlbInvalidation',
    'markFaultDisabled',
  ]);
});

test('AMD: release zeroes the entry, flushes, unlinks; no drain either', () => {
  expect(runOnPresentEntry(AMD, 'release')).toEqual([
    'zeroEntry',
    'submitIotlbInvalidation',
    'submitDeviceTlbInvalidation',
    'untrackPasid',
  ]);
});

test('SMMUv3: release leaves a descriptor through which everything faults, and flushes', () => {
  expect(runOnPresentEntry(SMMU, 'release')).toEqual([
    'markFaultDisabled',
    'submitPasidCacheInvalidation',
    'submitIotlbInvalidation',
    'submitDeviceTlbInvalidation',
  ]);
});

test.each([
  { style: VTD, removal: 'notifier.put', free: 'free-domain' },
  { style: SMMU, removal: 'notifier.put', free: 'free-domain' },
  { style: AMD, removal: 'notifier.unregister', free: 'nothing' },
])('$style.driver removes with $removal, free_notifier: $free', ({ style, removal, free }) => {
  expect(removalEvent(style)).toEqual({ type: removal });
  expect(style.freeNotifier.kind).toBe(free);
});

test.each([VTD, SMMU])(
  '$driver: put never calls release; the domain goes after a grace period',
  (style) => {
    const notifier = registered().send(removalEvent(style));
    expect(notifier.effects(1)).toEqual(['awaitGracePeriod']);

    notifier.send({ type: 'range.invalidated', pfn: 1, pages: 1 });
    expect(notifier.effects(2)).toEqual(['flushRange']);
    notifier.send({ type: 'grace-period.ended' });
    expect(notifier.effects(3)).toEqual(['freeDomain', 'dropStructure']);
  },
);

test('AMD: unregister of a linked notifier calls release itself and waits for it', () => {
  const notifier = registered().send(removalEvent(AMD));
  expect(notifier.effects(1)).toEqual(['neutralise']);

  notifier.send({ type: 'release.finished' });
  expect(notifier.effects(2)).toEqual(['freeDomain', 'dropStructure']);
  expect(notifier.value).toBe('freed');
});

test('AMD: unregister after the release pass calls it no second time', () => {
  const notifier = registered().send({ type: 'mm.releasing' }, { type: 'release.finished' });
  expect(notifier.send(removalEvent(AMD)).effects(1)).toEqual([
    'neutralise',
    'freeDomain',
    'dropStructure',
  ]);
});

test('AMD: unregister during the release pass waits for it', () => {
  const notifier = registered().send({ type: 'mm.releasing' }, removalEvent(AMD));
  expect(notifier.effects(1)).toEqual(['neutralise']);
  expect(notifier.send({ type: 'release.finished' }).value).toBe('freed');
});

test('put during the release pass waits for it, and asks for one grace period', () => {
  const notifier = registered().send(
    { type: 'mm.releasing' },
    { type: 'notifier.put' },
    { type: 'release.finished' },
    { type: 'grace-period.ended' },
  );
  expect(notifier.effects(1)).toEqual([
    'neutralise',
    'awaitGracePeriod',
    'freeDomain',
    'dropStructure',
  ]);
});

test('a release pass that meets a notifier just put asks for no second grace period', () => {
  const notifier = registered().send(
    { type: 'notifier.put' },
    { type: 'mm.releasing' },
    { type: 'release.finished' },
    { type: 'grace-period.ended' },
  );
  expect(notifier.value).toBe('freed');
  expect(notifier.effects(1)).toEqual([
    'awaitGracePeriod',
    'neutralise',
    'freeDomain',
    'dropStructure',
  ]);
});

test('after the release pass it hears no more: a notification then is a violation', () => {
  const notifier = registered().send({ type: 'mm.releasing' }, { type: 'release.finished' });
  expect(notifier.send({ type: 'range.invalidated', pfn: 1, pages: 1 }).performed.at(-1)).toEqual({
    type: 'violate',
    params: { unexpected: 'range.invalidated' },
  });
});
