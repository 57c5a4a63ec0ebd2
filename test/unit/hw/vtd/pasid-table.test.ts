/** Set-up, teardown and their states; the bits themselves are in layouts-against-quadwords. */
import { describe, expect, it } from 'vitest';

import {
  clearPresent,
  entryDomain,
  entryFirstRoot,
  entryIsPresent,
  entrySecondRoot,
  entryState,
  entryTranslation,
  FIRST_STAGE,
  markFaultDisabled,
  NESTED,
  PASID_ENTRY,
  WIDTH_48,
  zero,
} from '../../../../src/hw/vtd/pasid-entry.ts';
import {
  setupFirstStage,
  setupNested,
  setupPassThrough,
  setupSecondStage,
  setupSva,
} from '../../../../src/hw/vtd/pasid-setup.ts';
import {
  directoryFrames,
  type PasidTable,
  pasidEntryAt,
  pasidEntryOrCreate,
} from '../../../../src/hw/vtd/pasid-table.ts';
import { type Frames, framesOf } from '../frames.ts';

const SVA = { root: 0x12, fiveLevel: false } as const;

function tableOf(frames: Frames, pasids = 1024): PasidTable {
  const directory = frames.take();
  for (let more = 1; more < directoryFrames(pasids); more += 1) frames.take();
  const { words, take, giveBack } = frames;
  return { words, directory, pasids, takeFrame: take, giveBack };
}

/** The entry of a set-up that must have worked, and its first three quadwords. */
function bytesOf(table: PasidTable, entry: number): bigint[] {
  const bytes = table.words.slice(entry, entry + 16).buffer;
  return [...new BigUint64Array(bytes)];
}

function mustSetUp(result: ReturnType<typeof setupSva>): number {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

describe('a PASID table', () => {
  it('has no entry before a set-up, and one leaf table for 64 PASIDs after it', () => {
    const frames = framesOf(8);
    const table = tableOf(frames);
    expect(pasidEntryAt(table, 70)).toBe(-1);
    const entry = mustSetUp(setupSva(table, 70, SVA));
    expect(pasidEntryAt(table, 70)).toBe(entry);
    expect(pasidEntryAt(table, 64)).toBe(entry - 6 * 16);
    expect(pasidEntryAt(table, 63)).toBe(-1);
    mustSetUp(setupSva(table, 127, SVA));
    expect(frames.taken()).toHaveLength(2);
  });

  it('spreads the directory of all PASIDs over 32 frames', () => {
    expect(directoryFrames(2 ** 20)).toBe(32);
    expect(directoryFrames(1)).toBe(1);
    const table = tableOf(framesOf(40), 2 ** 20);
    const entry = mustSetUp(setupSva(table, 2 ** 20 - 1, SVA));
    expect(pasidEntryAt(table, 2 ** 20 - 1)).toBe(entry);
  });

  it('refuses a PASID it does not cover, and one for whose table no frame is left', () => {
    const table = tableOf(framesOf(2));
    for (const pasid of [5, 1024]) {
      expect(setupSva(table, pasid, SVA)).toEqual({
        ok: false,
        error: { code: 'no-device', pasid },
      });
    }
  });

  it('gives back the leaf table that came second', () => {
    const frames = framesOf(8);
    const table = tableOf(frames);
    let winner = 0;
    const slow: PasidTable = {
      ...table,
      takeFrame: () => {
        const mine = frames.take();
        winner = pasidEntryOrCreate(table, 3);
        return mine;
      },
    };
    expect(pasidEntryOrCreate(slow, 3)).toBe(winner);
    expect(frames.taken()).toHaveLength(2);
  });
});

describe('a PASID set-up', () => {
  const options = { fiveLevel: true, pageWalkSnoop: true, dirtyTracking: true } as const;

  it.each([
    ['SVA', (table: PasidTable) => setupSva(table, 1, SVA), [0x41n, 0x800001n, 0x12000n]],
    [
      'SVA with five levels',
      (table: PasidTable) => setupSva(table, 1, { root: 0x12, fiveLevel: true }),
      [0x41n, 0x800001n, 0x12004n],
    ],
    [
      'first stage',
      (table: PasidTable) =>
        setupFirstStage(table, 1, { ...options, root: 0x34, did: 7, forceSnoop: true }),
      [0x41n, 0x1800007n, 0x34004n],
    ],
    [
      'second stage',
      (table: PasidTable) =>
        setupSecondStage(table, 1, { ...options, root: 0x34, did: 7, width: WIDTH_48 }),
      [0x34289n, 0x800007n, 0n],
    ],
    [
      'pass-through',
      (table: PasidTable) => setupPassThrough(table, 1, { width: WIDTH_48, pageWalkSnoop: false }),
      [0x109n, 1n, 0n],
    ],
    [
      'nested',
      (table: PasidTable) =>
        setupNested(table, 1, {
          ...options,
          firstRoot: 0x34,
          secondRoot: 0x56,
          did: 9,
          width: WIDTH_48,
          supervisor: true,
          writeProtect: true,
          extendedAccessed: true,
        }),
      [0x562c9n, 0x800009n, 0x34095n],
    ],
  ] as const)('writes the entry of %s', (_, setUp, quadwords) => {
    const table = tableOf(framesOf(8));
    const entry = mustSetUp(setUp(table));
    expect(bytesOf(table, entry)).toEqual([...quadwords, 0n, 0n, 0n, 0n, 0n]);
  });

  it('leaves write-protect off without supervisor requests', () => {
    const table = tableOf(framesOf(8));
    const entry = mustSetUp(
      setupNested(table, 1, {
        ...options,
        firstRoot: 1,
        secondRoot: 2,
        did: 9,
        width: WIDTH_48,
        supervisor: false,
        writeProtect: true,
        extendedAccessed: false,
      }),
    );
    expect(PASID_ENTRY.readWords(table.words, entry)).toMatchObject({ sre: 0, wpe: 0, eafe: 0 });
  });

  it('refuses a present entry and leaves it as it was', () => {
    const table = tableOf(framesOf(8));
    const entry = mustSetUp(setupSva(table, 1, SVA));
    const before = bytesOf(table, entry);
    const again = setupPassThrough(table, 1, { width: WIDTH_48, pageWalkSnoop: true });
    expect(again).toEqual({ ok: false, error: { code: 'busy', pasid: 1 } });
    expect(bytesOf(table, entry)).toEqual(before);
  });

  it('takes over what is not present: fault-disabled, or torn', () => {
    const table = tableOf(framesOf(8));
    const entry = mustSetUp(setupSva(table, 1, SVA));
    markFaultDisabled(table.words, entry, 'intended');
    mustSetUp(setupSva(table, 1, SVA));
    expect(PASID_ENTRY.readWords(table.words, entry).fpd).toBe(0);
    clearPresent(table.words, entry);
    mustSetUp(setupPassThrough(table, 1, { width: WIDTH_48, pageWalkSnoop: false }));
    expect(PASID_ENTRY.readWords(table.words, entry).flptptr).toBe(0);
  });

  it('tells hardware its translation, its domain and both its roots', () => {
    const table = tableOf(framesOf(8));
    const entry = mustSetUp(
      setupNested(table, 1, {
        ...options,
        firstRoot: 0xfffff,
        secondRoot: 0x56,
        did: 0xffff,
        width: WIDTH_48,
        supervisor: false,
        writeProtect: false,
        extendedAccessed: false,
      }),
    );
    const { words } = table;
    expect(entryIsPresent(words, entry)).toBe(true);
    expect(entryTranslation(words, entry)).toBe(NESTED);
    expect(entryDomain(words, entry)).toBe(0xffff);
    expect(entryFirstRoot(words, entry)).toBe(0xfffff);
    expect(entrySecondRoot(words, entry)).toBe(0x56);
  });
});

describe('a PASID teardown', () => {
  const setUp = (): { words: Int32Array; entry: number } => {
    const table = tableOf(framesOf(8));
    return { words: table.words, entry: mustSetUp(setupSva(table, 1, SVA)) };
  };

  it('goes from present over torn to absent, telling its domain until it is zeroed', () => {
    const { words, entry } = setUp();
    expect(entryState(words, entry)).toBe('present');
    clearPresent(words, entry);
    expect(entryState(words, entry)).toBe('torn');
    expect([entryDomain(words, entry), entryTranslation(words, entry)]).toEqual([1, FIRST_STAGE]);
    zero(words, entry);
    expect(entryState(words, entry)).toBe('absent');
  });

  it.each([
    ['as-read', 'a present entry', false, 'fault-disabled'],
    ['as-read', 'an entry given back first, as 7.3 does', true, 'absent'],
    ['intended', 'a present entry', false, 'fault-disabled'],
    ['intended', 'an entry given back first', true, 'fault-disabled'],
  ] as const)('disables faults %s: %s', (disabling, _, givenBack, state) => {
    const { words, entry } = setUp();
    if (givenBack) clearPresent(words, entry);
    markFaultDisabled(words, entry, disabling);
    expect(entryState(words, entry)).toBe(state);
    expect(words.subarray(entry + 1, entry + 16).every((value) => value === 0)).toBe(true);
  });
});
