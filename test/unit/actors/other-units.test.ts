/**
 * The drivers of AMD units and SMMUv3, list by list: what the specification says happens, and that what it says does
 * not happen in Linux 7.3 does not.
 */
import { describe, expect, it, test } from 'vitest';

import type { OperationName } from '../../../src/actors/driver.ts';
import { operationMachine } from '../../../src/machines/operation.ts';
import { driver, TARGET } from '../machines/control/lists.ts';
import { type Answer, Recording } from '../machines/control/recorder.ts';

const HEALTHY: Record<string, Answer> = {
  entryIsPresent: true,
  invalidationIsDone: true,
  workQueueIsFlushed: true,
  reportingIsSettled: true,
  releaseIsIdle: true,
  threadIsIdle: true,
  domainLockIsFree: true,
  pasidsAreAttached: false,
};

const begun = (name: string, operation: OperationName, answers: Record<string, Answer> = {}) =>
  new Recording(operationMachine('under-test', driver(name).operations[operation]), TARGET, {
    ...HEALTHY,
    ...answers,
  });
const effectsOf = (name: string, operation: OperationName): readonly string[] => {
  const recording = begun(name, operation).steps();
  expect(recording.isDone).toBe(true);
  return recording.effects();
};

const DRAIN = ['notePass', 'noteWorkQueue', 'submitDrain', 'discardPartials'];
const drains = (name: string, operation: OperationName): readonly string[] =>
  effectsOf(name, operation).filter((type) => DRAIN.includes(type));

describe('an unbind', () => {
  it.each(['amd@7.3', 'smmuv3@7.3'])('of %s drains and flushes nothing', (name) => {
    expect(drains(name, 'unbind-sva')).toEqual([]);
  });

  it.each([
    ['amd', ['noteWorkQueue', 'discardPartials']],
    ['smmuv3', ['noteWorkQueue']],
  ])('of %s, repaired, does', (name, effects) => {
    expect(drains(name, 'unbind-sva')).toEqual(effects);
  });

  it.each(['amd', 'smmuv3'])(
    'of %s waits for the thread, whose entry is out of the ring',
    (name) => {
      const unbind = begun(name, 'unbind-sva', { threadIsIdle: false }).steps();
      expect(unbind.value).toBe('synchronize-thread');
      unbind.answer({ threadIsIdle: true }).steps();
      expect(unbind.isDone).toBe(true);
    },
  );

  it.each(['amd', 'smmuv3'])('of %s waits for what the function has in the ring', (name) => {
    const unbind = begun(name, 'unbind-sva', { ringHasMine: true }).steps();
    expect(unbind.value).toEqual({ 'drain-ring': 'waiting' });
  });

  it.each(['amd', 'amd@7.3'])('of %s asks for the device TLB before the handle goes', (name) => {
    const effects = effectsOf(name, 'unbind-sva');
    expect(effects.indexOf('submitDeviceTlbInvalidation')).toBeGreaterThan(
      effects.indexOf('submitIotlbInvalidation'),
    );
    expect(effects.indexOf('submitDeviceTlbInvalidation')).toBeLessThan(
      effects.indexOf('freeHandle'),
    );
  });

  it.each(['smmuv3', 'smmuv3@7.3'])('of %s flushes the ASID last', (name) => {
    const effects = effectsOf(name, 'unbind-sva');
    const order = [
      'clearPresent',
      'submitPasidCacheInvalidation',
      'submitDeviceTlbInvalidation',
      'dropReporting',
      'submitIotlbInvalidation',
    ];
    expect(effects.filter((type) => order.includes(type))).toEqual(order);
  });

  it('of an AMD function leaves it on the fault queue, of an SMMU stream not', () => {
    expect(effectsOf('amd@7.3', 'unbind-sva')).not.toContain('dropReporting');
    expect(effectsOf('smmuv3@7.3', 'unbind-sva')).toContain('dropReporting');
  });

  it('does nothing to an entry that the exit has taken away already', () => {
    const gone = begun('amd@7.3', 'unbind-sva', { entryIsPresent: false }).steps();
    expect(gone.effects()).toEqual([
      'lockDomain',
      'unlockDomain',
      'eraseSlot',
      'answerInvalid',
      'putDomain',
      'freeHandle',
    ]);
  });

  it('drains all the same, repaired, after an exit', () => {
    const gone = begun('amd', 'unbind-sva', { entryIsPresent: false }).steps();
    expect(gone.effects()).toContain('noteWorkQueue');
    const released = begun('smmuv3', 'unbind-sva', { entryIsPresent: false, entryOwesDrain: true });
    expect(released.steps().effects()).toContain('noteWorkQueue');
  });
});

describe('the domain of a function', () => {
  it('of AMD leaves the fault queue first in 7.3, last when repaired', () => {
    const order = (name: string) =>
      effectsOf(name, 'detach-rid').filter((type) =>
        ['noteWorkQueue', 'dropReporting', 'clearPresent'].includes(type),
      );
    expect(order('amd@7.3')).toEqual(['noteWorkQueue', 'dropReporting', 'clearPresent']);
    expect(order('amd')).toEqual(['clearPresent', 'noteWorkQueue', 'dropReporting']);
  });

  it('of AMD puts the function on the fault queue, which a bind does not', () => {
    expect(effectsOf('amd', 'attach-rid')).toContain('enableReporting');
    expect(effectsOf('amd', 'bind-sva')).not.toContain('enableReporting');
  });

  it('of an SMMU is replaced over the present entry in 7.3, and after a drain when repaired', () => {
    const switches = (name: string) =>
      effectsOf(name, 'replace-rid').filter((type) =>
        ['rewriteEntry', 'clearPresent', 'noteWorkQueue', 'replaceHandle', 'programEntry'].includes(
          type,
        ),
      );
    expect(switches('smmuv3@7.3')).toEqual(['rewriteEntry', 'replaceHandle']);
    expect(switches('smmuv3')).toEqual([
      'clearPresent',
      'noteWorkQueue',
      'replaceHandle',
      'programEntry',
    ]);
  });

  it('of AMD takes the table of its PASIDs with it; repaired, not while one is attached', () => {
    expect(effectsOf('amd@7.3', 'detach-rid')).toContain('freePasidTable');
    for (const operation of ['detach-rid', 'replace-rid'] as const) {
      const refused = begun('amd', operation, { pasidsAreAttached: true }).steps();
      expect(refused.isDone).toBe(true);
      expect(refused.effects()).toEqual([]);
    }
  });
});

test('AMD replaces no domain on a PASID: the handle made for it goes again', () => {
  for (const name of ['amd', 'amd@7.3']) {
    expect(effectsOf(name, 'replace-pasid')).toEqual(['allocateHandle', 'freeHandle']);
  }
});

test('an exit leaves AMD no entry, an SMMU one through which everything faults', () => {
  expect(effectsOf('amd@7.3', 'mm-release')).toEqual([
    'lockDomain',
    'clearPresent',
    'submitIotlbInvalidation',
    'submitDeviceTlbInvalidation',
    'zeroEntry',
    'untrackPasid',
    'unlockDomain',
  ]);
  expect(effectsOf('smmuv3@7.3', 'mm-release')[0]).toBe('markFaultDisabled');
});

test('an SMMU clears its descriptor and empties its caches whatever an exit has put in its place', () => {
  const released = begun('smmuv3@7.3', 'unbind-sva', {
    entryIsPresent: false,
    entryOwesDrain: true,
  });
  expect(released.steps().effects()).toContain('submitPasidCacheInvalidation');
});

test.each([
  { name: 'amd', rules: { headMovesPerPass: false, discardOnOverflow: true } },
  { name: 'amd@7.3', rules: { headMovesPerPass: false, discardOnOverflow: false } },
  { name: 'smmuv3', rules: { headMovesPerPass: false, discardOnOverflow: false } },
  { name: 'smmuv3@7.3', rules: { headMovesPerPass: false, discardOnOverflow: false } },
])('$name reports by $rules', ({ name, rules }) => {
  expect(driver(name).rules).toMatchObject(rules);
});
