/** Spec 02, section 4: iommu_sva_unbind_device(), step by step. */
import { expect, test } from 'vitest';

import { svaUnbindMachine, UNBIND_STEPS } from '../../../../src/machines/sva-unbind.ts';
import { type Answer, Recording } from './recorder.ts';

const TARGET = { unbind: 1, device: 2, mm: 3, domain: 4 };
const begun = (answers: Record<string, Answer> = {}) =>
  new Recording(svaUnbindMachine, TARGET, { svaLockIsFree: true, ...answers });
const unbound = (answers: Record<string, Answer> = {}) =>
  begun(answers).steps().send({ type: 'detach.finished' }).steps();

test('1. a bond with other users loses one and is kept', () => {
  const unbind = begun({ bondHasOtherUsers: true }).steps();

  expect(unbind.value).toBe('kept');
  expect(unbind.effects()).toEqual(['lockSva', 'putBond', 'unlockSva']);
});

test('2. the last user detaches, and nothing else happens until that is finished', () => {
  const unbind = begun().steps();

  expect(unbind.value).toBe('detaching');
  expect(unbind.effects()).toEqual(['lockSva', 'putBond', 'detach']);
  expect(unbind.paramsOf('detach')).toEqual([TARGET]);
  expect(unbind.can({ type: 'step' })).toBe(false);
});

test.each([
  {
    case: 'a domain with other users is only put',
    answers: { domainHasOtherUsers: true },
    effects: ['putDomain'],
  },
  {
    case: 'the last user of one of several domains unlinks and frees the domain',
    answers: { mmHasOtherDomains: true },
    effects: ['unlinkDomain', 'dropStructure', 'putDomain'],
  },
  {
    case: 'the last domain also takes its address space off the list',
    answers: { otherMmsHaveDomains: true },
    effects: ['unlinkDomain', 'unlinkMm', 'dropStructure', 'putDomain'],
  },
  {
    case: 'the last address space also clears sva_present',
    answers: {},
    effects: ['unlinkDomain', 'unlinkMm', 'clearSvaPresent', 'dropStructure', 'putDomain'],
  },
])('3. $case', ({ answers, effects }) => {
  expect(unbound(answers).effects().slice(3)).toEqual([...effects, 'unlockSva', 'freeHandle']);
});

test('4. the handle is freed after the lock is dropped, at once', () => {
  const unbind = unbound();

  expect(unbind.effects().slice(-2)).toEqual(['unlockSva', 'freeHandle']);
  expect(unbind.value).toBe('unbound');
});

test('what an unbind takes itself is left out of the detach list it runs', () => {
  expect(UNBIND_STEPS).toEqual(['put-domain', 'free-handle']);
});

test('SVA unbinds do not overlap: the second waits for the lock', () => {
  const second = begun({ svaLockIsFree: false }).steps();
  expect(second.value).toBe('locking');
});
