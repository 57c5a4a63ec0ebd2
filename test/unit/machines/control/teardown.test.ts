/**
 * Spec 03, section 8: PASID teardown, step by step, through operation.ts and the PASID entry it works on.
 */
import { expect, test } from 'vitest';
import { createActor } from 'xstate';

import type { OperationName } from '../../../../src/actors/driver.ts';
import { type PasidEntryEvent, pasidEntryMachine } from '../../../../src/machines/pasid-entry.ts';
import { begun, drainOf } from './lists.ts';

type EntryState = 'absent' | 'present' | 'cleared' | 'fault-disabled';

const MADE: Record<EntryState, readonly PasidEntryEvent[]> = {
  absent: [],
  present: [{ type: 'entry.program', domain: 1 }],
  cleared: [{ type: 'entry.program', domain: 1 }, { type: 'present.clear' }],
  'fault-disabled': [{ type: 'entry.program', domain: 1 }, { type: 'fault-disable.mark' }],
};
const EFFECTS: Readonly<Record<string, PasidEntryEvent>> = {
  clearPresent: { type: 'present.clear' },
  finishZeroing: { type: 'entry.zero' },
  zeroEntry: { type: 'entry.zero' },
  markFaultDisabled: { type: 'fault-disable.mark' },
  markFaultDisabledIfPresent: { type: 'fault-disable.mark-if-present' },
};

/** Runs one list on an entry in that state; `entry` is where it ends, `written` what hardware saw. */
function run(name: string, operation: OperationName, at: EntryState) {
  const written: string[] = [];
  const entry = createActor(
    pasidEntryMachine.provide({
      actions: {
        writeEntry: (_, { as }) => void written.push(as),
        violate: (_, { unexpected }) => void written.push(`violation ${unexpected}`),
      },
    }),
    { input: { entry: 0 } },
  ).start();
  for (const event of MADE[at]) entry.send(event);
  written.length = 0;
  const recording = begun(name, operation, {
    entryIsPresent: () => entry.getSnapshot().matches('present'),
    entryOwesDrain: () => entry.getSnapshot().hasTag('owes-drain'),
  });
  let seen = 0;
  for (let step = 0; step < 60 && !recording.isDone; step += 1) {
    recording.steps(1);
    for (const { type } of recording.performed.slice(seen)) {
      const event = EFFECTS[type];
      if (event !== undefined) entry.send(event);
    }
    seen = recording.performed.length;
  }
  return { recording, written, entry: entry.getSnapshot().value };
}

const invalidations = (effects: readonly string[]) =>
  effects.filter((type) => /^submit.*Invalidation$/.test(type));

test('1 to 6. a present entry: P cleared, three invalidations, zeroed, drained', () => {
  const { recording, written, entry } = run('vtd@7.3', 'detach-pasid', 'present');

  expect(recording.effects()).toMatchInlineSnapshot(`
    [
      "clearPresent",
      "submitPasidCacheInvalidation",
      "submitIotlbInvalidation",
      "submitDeviceTlbInvalidation",
      "zeroEntry",
      "rearmCompletion",
      "noteWorkQueue",
      "rearmCompletion",
      "submitDrain",
      "dropReporting",
      "untrackPasid",
      "eraseSlot",
      "answerInvalid",
      "putDomain",
      "freeHandle",
    ]
  `);
  expect(written).toEqual(['cleared', 'zero']);
  expect(entry).toBe('absent');
});

test('1. not present, FPD clear: 7.3 does nothing more with it, and does not drain', () => {
  const { recording, written } = run('vtd@7.3', 'detach-pasid', 'absent');

  expect(invalidations(recording.effects())).toEqual([]);
  expect(drainOf(recording)).toEqual([]);
  expect(written).toEqual([]);
  expect(recording.effects()).toEqual([
    'dropReporting',
    'untrackPasid',
    'eraseSlot',
    'answerInvalid',
    'putDomain',
    'freeHandle',
  ]);
});

test('1. repaired, an absent entry is drained all the same', () => {
  const { recording } = run('vtd', 'detach-pasid', 'absent');

  expect(invalidations(recording.effects())).toEqual([]);
  expect(drainOf(recording)).toContain('submitDrain');
});

test.each(['vtd', 'vtd@7.3'])(
  '1. not present, FPD set: zeroed, then the drain it owes (%s)',
  (name) => {
    const { recording, written, entry } = run(name, 'detach-pasid', 'fault-disabled');

    expect(recording.effects()[0]).toBe('finishZeroing');
    expect(invalidations(recording.effects())).toEqual([]);
    expect(drainOf(recording)).toContain('submitDrain');
    expect(written).toEqual(['zero']);
    expect(entry).toBe('absent');
  },
);

test('1. a half-torn entry looks absent to 7.3: neither waited for nor drained', () => {
  const { recording, entry } = run('vtd@7.3', 'detach-pasid', 'cleared');

  expect(drainOf(recording)).toEqual([]);
  expect(entry).toBe('cleared');
});

test('2 to 4. each invalidation is done before the next begins, and the last before the entry is zeroed', () => {
  const detach = begun('vtd@7.3', 'detach-pasid', { invalidationIsDone: false }).steps();
  expect(detach.effects()).toEqual(['clearPresent', 'submitPasidCacheInvalidation']);

  for (const next of ['submitIotlbInvalidation', 'submitDeviceTlbInvalidation', 'zeroEntry']) {
    detach.answer({ invalidationIsDone: true });
    detach.steps(2);
    detach.answer({ invalidationIsDone: false });
    expect(detach.effects().at(-1)).toBe(next);
  }
});

test('5. mm release with fault_ignore as 7.3 reads: the entry ends zero, no mark, no drain', () => {
  const { recording, written, entry } = run('vtd@7.3', 'mm-release', 'present');

  expect(recording.effects()).toEqual([
    'clearPresent',
    'submitPasidCacheInvalidation',
    'submitIotlbInvalidation',
    'submitDeviceTlbInvalidation',
    'markFaultDisabledIfPresent',
  ]);
  expect(written).toEqual(['cleared', 'zero']);
  expect(entry).toBe('absent');
});

test('5. as intended: only FPD stays, no drain', () => {
  const { recording, written, entry } = run('vtd', 'mm-release', 'present');

  expect(written).toEqual(['cleared', 'fault-disabled']);
  expect(entry).toBe('fault-disabled');
  expect(drainOf(recording)).toEqual([]);
});

test('mm release of an absent entry does nothing in 7.3', () => {
  const release = run('vtd@7.3', 'mm-release', 'absent');
  expect(release.recording.effects()).toEqual([]);
  expect(release.written).toEqual([]);
});

test('repaired, it flushes and marks it: whoever made it absent may not have flushed it yet', () => {
  const release = run('vtd', 'mm-release', 'absent');
  expect(release.recording.effects()).toEqual([
    'submitPasidCacheInvalidation',
    'submitIotlbInvalidation',
    'submitDeviceTlbInvalidation',
    'markFaultDisabled',
  ]);
  expect(release.written).toEqual(['fault-disabled']);
});
