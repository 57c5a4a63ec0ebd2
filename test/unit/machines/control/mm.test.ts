/** Spec 02, sections 1, 2 and 7: what an address space's two counts hold, and how it and its domain end. */
import { expect, test } from 'vitest';

import { type DomainKind, domainMachine } from '../../../../src/machines/domain.ts';
import { faultReportingMachine } from '../../../../src/machines/fault-reporting.ts';
import { mmMachine } from '../../../../src/machines/mm.ts';
import { Recording } from './recorder.ts';

const mm = () => new Recording(mmMachine, { mm: 1 });
const RANGE = { pfn: 0x10, pages: 2 };
const domain = (kind: DomainKind) =>
  new Recording(domainMachine, { domain: 1, kind, handlesFaults: kind === 'sva' }).send({
    type: 'domain.allocate',
  });

test('the last user releases the notifiers first, tears tables down after, and frees nothing else', () => {
  const ended = mm()
    .send({ type: 'pasid.assigned', pasid: 7 }, { type: 'structure.get' }, { type: 'users.put' })
    .send({ type: 'notifiers.released' }, { type: 'tables.torn-down' });

  expect(ended.effects()).toEqual(['releaseNotifiers', 'tearDownTables']);
  expect(ended.value).toBe('empty');
});

test('the PASID is freed with the structure, after every domain and notifier let go of it', () => {
  const ended = mm()
    .send({ type: 'pasid.assigned', pasid: 7 }, { type: 'structure.get' }, { type: 'users.put' })
    .send({ type: 'notifiers.released' }, { type: 'tables.torn-down' });
  ended.send({ type: 'structure.put' });

  expect(ended.performed.at(-1)).toEqual({ type: 'freePasid', params: { mm: 1, pasid: 7 } });
  expect(ended.value).toBe('dropped');
});

test('the last unbind of a living address space keeps its PASID', () => {
  const kept = mm().send({ type: 'pasid.assigned', pasid: 7 }, { type: 'structure.get' });
  kept.send({ type: 'structure.put' });

  expect(kept.context).toMatchObject({ pasid: 7, structure: 1 });
});

test('an address space is given one PASID; a second is a violation', () => {
  const twice = mm().send(
    { type: 'pasid.assigned', pasid: 7 },
    { type: 'pasid.assigned', pasid: 8 },
  );
  expect(twice.effects()).toEqual(['violate']);
  expect(twice.context).toMatchObject({ pasid: 7 });
});

test('once the users are gone nobody gets them back', () => {
  const exiting = mm().send({ type: 'users.put' }, { type: 'users.get' });
  expect(exiting.effects()).toEqual(['releaseNotifiers', 'refuse']);
});

test.each([
  { type: 'range.map', bits: 3, effects: ['zapPages', 'changeMapping', 'invalidateSecondaryTlbs'] },
  { type: 'range.unmap', effects: ['changeMapping', 'zapPages', 'invalidateSecondaryTlbs'] },
  {
    type: 'range.protect',
    bits: 1,
    effects: ['changeMapping', 'protectPages', 'invalidateSecondaryTlbs'],
  },
] as const)('$type changes the pages before it invalidates the secondary TLBs', (row) => {
  const { effects, ...event } = row;
  expect(
    mm()
      .send({ ...event, ...RANGE })
      .effects(),
  ).toEqual(effects);
});

test('pages that go after the release pass go without a notification: a change then is a violation', () => {
  const silent = mm().send({ type: 'users.put' }, { type: 'notifiers.released' });
  expect(silent.send({ type: 'range.unmap', ...RANGE }).performed.at(-1)).toMatchObject({
    type: 'violate',
    params: { property: 'S22' },
  });
});

test('a dropped address space is used no more', () => {
  const dropped = mm()
    .send({ type: 'users.put' }, { type: 'notifiers.released' }, { type: 'tables.torn-down' })
    .send({ type: 'users.get' });
  expect(dropped.performed.at(-1)).toMatchObject({ type: 'violate', params: { property: 'S8' } });
});

test('an SVA domain puts its notifier with its last user, and is freed after the grace period', () => {
  const shared = domain('sva').send({ type: 'user.attached' }, { type: 'user.attached' });
  shared.send({ type: 'user.detached' });
  expect(shared.effects()).toEqual([]);

  shared.send({ type: 'user.detached' });
  expect(shared.effects()).toEqual(['putNotifier']);
  expect(shared.send({ type: 'grace-period.ended' }).effects(1)).toEqual(['freeDomain']);
});

test('an SVA domain that never attached has a notifier too: it is put before the domain is freed', () => {
  const unused = domain('sva').send({ type: 'domain.free' });
  expect(unused.effects()).toEqual(['putNotifier']);
  expect(unused.send({ type: 'grace-period.ended' }).value).toBe('freed');
});

test('a plain domain is freed by its owner, not while it is attached', () => {
  const plain = domain('paging').send({ type: 'user.attached' }, { type: 'domain.free' });
  expect(plain.performed.at(-1)).toMatchObject({ type: 'refuse', params: { errno: 'EBUSY' } });

  plain.send({ type: 'user.detached' }, { type: 'domain.free' });
  expect(plain.effects(1)).toEqual(['freeDomain']);
});

test.each(['blocked', 'identity'] as const)('the static %s domain is never freed', (kind) => {
  const fixed = domain(kind).send({ type: 'domain.free' });
  expect(fixed.effects()).toEqual(['ignore']);
  expect(fixed.value).toBe('idle');
});

test('reporting: the first user adds the device, the last removes it; without PRI it is refused', () => {
  const reporting = new Recording(faultReportingMachine, { device: 1, pri: true });
  reporting.send({ type: 'reporting.enable' }, { type: 'reporting.enable' });
  expect(reporting.effects()).toEqual(['addDevice']);
  reporting.send({ type: 'reporting.disable' }, { type: 'reporting.disable' });
  expect(reporting.effects(1)).toEqual(['removeDevice']);
  expect(reporting.send({ type: 'reporting.disable' }).effects(2)).toEqual(['warn']);

  const without = new Recording(faultReportingMachine, { device: 1, pri: false });
  expect(without.send({ type: 'reporting.enable' }).performed).toEqual([
    { type: 'refuse', params: { errno: 'ENODEV', reason: 'PRI is not enabled' } },
  ]);
});
