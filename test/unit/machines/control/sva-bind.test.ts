/** Spec 02, section 3: iommu_sva_bind_device(), step by step, with every errno and what is undone. */
import { expect, test } from 'vitest';

import { BIND_STEPS, svaBindMachine } from '../../../../src/machines/sva-bind.ts';
import { type Answer, Recording } from './recorder.ts';

const TARGET = { bind: 1, device: 2, mm: 3 };
const begun = (answers: Record<string, Answer> = {}) =>
  new Recording(svaBindMachine, TARGET, { svaLockIsFree: true, ...answers });
const errnoOf = (bind: Recording<typeof svaBindMachine>) => bind.paramsOf('return');
/** Up to the choice among the domains of the address space. */
const choosing = (answers: Record<string, Answer> = {}) => begun(answers).steps();

test('a bind begins when the lock of all binds is free, and holds it to its end', () => {
  const bind = begun({ svaLockIsFree: false }).steps();
  expect(bind.value).toBe('locking');

  bind.answer({ svaLockIsFree: true });
  bind.steps();
  expect(bind.effects()[0]).toBe('lockSva');
  expect(bind.effects()).not.toContain('unlockSva');
});

test.each([
  { step: '1. no group', answers: { deviceHasNoGroup: true }, errno: 'ENODEV' },
  { step: '2. incompatible page tables', answers: { tablesAreIncompatible: true }, errno: 'EBUSY' },
  {
    step: '2. PASID at or above the device’s maximum',
    answers: { mmHasPasid: true, pasidIsTooLarge: true },
    errno: 'EOVERFLOW',
  },
  {
    step: '2. no PASID free, or the device takes none',
    answers: { pasidsAreExhausted: true },
    errno: 'ENOSPC',
  },
  {
    step: '3. the slot’s bond is another address space’s',
    answers: { bondExists: true, bondIsOfAnotherMm: true },
    errno: 'EBUSY',
  },
  {
    step: '3. the slot holds a handle that is not SVA',
    answers: { slotHoldsAnotherType: true },
    errno: 'EBUSY',
  },
])('$step fails with $errno and leaves nothing behind', ({ answers, errno }) => {
  const bind = begun(answers).steps();

  expect(bind.value).toBe('failed');
  expect(errnoOf(bind)).toEqual([{ ...TARGET, errno }]);
  expect(bind.effects().filter((type) => type !== 'allocatePasid')).toEqual([
    'lockSva',
    'unlockSva',
    'return',
  ]);
});

test('2. no memory for what the address space keeps: ENOMEM', () => {
  const bind = begun();
  bind.steps(2);
  expect(bind.value).toBe('allocatingPasid');
  bind.send({ type: 'allocation.failed' });

  expect(errnoOf(bind)).toEqual([{ ...TARGET, errno: 'ENOMEM' }]);
  expect(bind.effects()).toEqual(['lockSva', 'unlockSva', 'return']);
});

test('2. no PASID is allocated before the page tables are known to be compatible', () => {
  const bind = begun({ tablesAreIncompatible: true, pasidsAreExhausted: true }).steps();

  expect(errnoOf(bind)).toEqual([{ ...TARGET, errno: 'EBUSY' }]);
});

test('2. one PASID an address space: a second bind allocates none', () => {
  expect(choosing().effects()).toEqual(['lockSva', 'allocatePasid', 'allocateHandle']);
  expect(choosing({ mmHasPasid: true }).effects()).toEqual(['lockSva', 'allocateHandle']);
});

test('3. a bond of the same address space is returned with one user more', () => {
  const bind = begun({ mmHasPasid: true, bondExists: true }).steps();

  expect(bind.value).toBe('bound');
  expect(bind.effects()).toEqual(['lockSva', 'getBond', 'unlockSva', 'return']);
  expect(errnoOf(bind)).toEqual([{ ...TARGET, errno: 0 }]);
});

test('3. a slot attached without a handle reads as empty; the attach is what fails, with EBUSY', () => {
  const bind = choosing({ mmHasPasid: true })
    .send({ type: 'domain.missing', position: 0 })
    .steps()
    .send({ type: 'domain.allocated', domain: 7 })
    .send({ type: 'attach.failed', errno: 'EBUSY' });

  expect(errnoOf(bind)).toEqual([{ ...TARGET, errno: 'EBUSY' }]);
});

test('4. no memory for the handle: ENOMEM, the PASID stays with the address space', () => {
  const bind = begun();
  bind.steps(4);
  expect(bind.value).toBe('allocatingHandle');
  bind.send({ type: 'allocation.failed' });

  expect(errnoOf(bind)).toEqual([{ ...TARGET, errno: 'ENOMEM' }]);
  expect(bind.effects()).toEqual(['lockSva', 'allocatePasid', 'unlockSva', 'return']);
});

test('5. each SVA domain of the address space is tried in order; the first that attaches is shared', () => {
  const bind = choosing();
  expect(bind.can({ type: 'domain.found', position: 1, domain: 8 } as { type: string })).toBe(
    false,
  );
  bind
    .send({ type: 'domain.found', position: 0, domain: 7 })
    .send({ type: 'attach.failed', errno: 'EINVAL' })
    .send({ type: 'domain.found', position: 1, domain: 8 })
    .send({ type: 'attach.succeeded' })
    .steps();

  expect(bind.value).toBe('bound');
  expect(bind.paramsOf('attach')).toEqual([
    { ...TARGET, domain: 7 },
    { ...TARGET, domain: 8 },
  ]);
  expect(bind.paramsOf('getDomain')).toEqual([{ ...TARGET, domain: 8 }]);
  expect(bind.effects()).not.toContain('allocateDomain');
  expect(bind.effects()).not.toContain('linkDomain');
});

test('6. a driver without SVA domains: EOPNOTSUPP, and the handle goes', () => {
  const bind = choosing({ driverHasNoSva: true })
    .send({ type: 'domain.missing', position: 0 })
    .steps();

  expect(bind.effects().slice(-3)).toEqual(['freeHandle', 'unlockSva', 'return']);
  expect(errnoOf(bind)).toEqual([{ ...TARGET, errno: 'EOPNOTSUPP' }]);
});

test('6. what the driver’s allocation returns is returned, and the handle goes', () => {
  const bind = choosing()
    .send({ type: 'domain.missing', position: 0 })
    .steps()
    .send({ type: 'domain.refused', errno: 'ENODEV' });

  expect(bind.effects().slice(-3)).toEqual(['freeHandle', 'unlockSva', 'return']);
  expect(errnoOf(bind)).toEqual([{ ...TARGET, errno: 'ENODEV' }]);
});

test('6. a new domain that does not attach is freed before the handle, and never on a list', () => {
  const bind = choosing()
    .send({ type: 'domain.missing', position: 0 })
    .steps()
    .send({ type: 'domain.allocated', domain: 9 })
    .send({ type: 'attach.failed', errno: 'ENOMEM' });

  expect(bind.effects().slice(3)).toEqual([
    'allocateDomain',
    'takeStructure',
    'attach',
    'freeDomain',
    'freeHandle',
    'unlockSva',
    'return',
  ]);
});

test.each([
  { mm: 'the first domain of its address space also links that', has: false, links: ['linkMm'] },
  { mm: 'a further domain does not', has: true, links: [] },
])('6 and 7. $mm', ({ has, links }) => {
  const bind = choosing({ mmHasDomains: has })
    .send({ type: 'domain.missing', position: 0 })
    .steps()
    .send({ type: 'domain.allocated', domain: 9 })
    .send({ type: 'attach.succeeded' })
    .steps();

  expect(bind.value).toBe('bound');
  expect(bind.effects().slice(3)).toEqual([
    'allocateDomain',
    'takeStructure',
    'attach',
    'getDomain',
    ...links,
    'linkDomain',
    'publishBond',
    'unlockSva',
    'return',
  ]);
});

test('a domain gets its user only after the attach has succeeded', () => {
  const bind = choosing().send({ type: 'domain.found', position: 0, domain: 7 });
  expect(bind.effects()).not.toContain('getDomain');
  expect(bind.can({ type: 'step' })).toBe(false);
});

test('what a bind takes itself is left out of the attach list it runs', () => {
  expect(BIND_STEPS).toEqual(['allocate-handle', 'get-domain']);
});

test('an ended bind holds nothing', () => {
  const bind = choosing()
    .send({ type: 'domain.found', position: 0, domain: 7 })
    .send({ type: 'attach.succeeded' })
    .steps();
  expect(bind.context).toMatchObject({ ...TARGET, tried: 0, domain: undefined });
});
