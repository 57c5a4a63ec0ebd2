/**
 * Goal:   GCR3 tables of one to three levels hold what was set, and the walk behind them goes through the function's
 *         own host table: right while that is direct-mapped, visibly wrong when it is not.
 * Method: random sets and clears against a Map; one CPU page table under host tables that map one to one, nothing,
 *         and everything elsewhere.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  identityEntry,
  nestedEntry,
  pagingEntry,
} from '../../../../src/hw/amd/device-table-entry.ts';
import {
  clearGcr3,
  type Gcr3Table,
  gcr3EntryAt,
  gcr3EntryFrame,
  gcr3LevelsFor,
  gcr3Table,
  setGcr3,
} from '../../../../src/hw/amd/gcr3-table.ts';
import { hostFrame, mapHostPage } from '../../../../src/hw/amd/host-page-table.ts';
import { disagreements, walkDevice } from '../../../../src/hw/amd/two-dimensional-walk.ts';
import { pageHigh, pageLow } from '../../../../src/hw/page-number.ts';
import { installEntry, leafTableOrCreate } from '../../../../src/hw/page-table.ts';
import { entryOf, TABLE_ENTRY_BITS } from '../../../../src/hw/page-table-entry.ts';
import { type Frames, framesOf } from '../frames.ts';

const FEATURES = { pageRequests: true, deviceTlb: true };

function tableFor(frames: Frames, pasids: number): Gcr3Table {
  const made = gcr3Table(frames.words, pasids, frames.take);
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}
const rootAt = (table: Gcr3Table, pasid: number): number => {
  const at = gcr3EntryAt(table, pasid);
  return at < 0 ? 0 : gcr3EntryFrame(table.words[at] ?? 0);
};

describe('a GCR3 table', () => {
  it.each([
    [1, 1],
    [512, 1],
    [513, 2],
    [65_536, 2],
    [2 ** 18, 2],
    [2 ** 18 + 1, 3],
    [2 ** 20, 3],
    [2 ** 27 + 1, undefined],
  ])('for %d PASIDs has %s levels', (pasids, levels) => {
    expect(gcr3LevelsFor(pasids)).toBe(levels);
  });

  it('is refused beyond the levels that the unit walks, and without memory', () => {
    const frames = framesOf(4);
    expect(gcr3Table(frames.words, 513, frames.take, 1)).toEqual({
      ok: false,
      error: { code: 'too-many-pasids', pasids: 513 },
    });
    expect(gcr3Table(frames.words, 1, () => 0)).toMatchObject({ error: { code: 'no-memory' } });
  });

  it.each([512, 513, 2 ** 18 + 1])('for %d PASIDs holds what was set', (pasids) => {
    const some = fc.constantFrom(0, 1, 511, 512, 513, 1024, 65_535).filter((of) => of < pasids);
    const command = fc.record({
      pasid: some,
      root: fc.option(fc.integer({ min: 1, max: 0xfffff })),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const table = tableFor(framesOf(16), pasids);
        const roots = new Map<number, number>();
        for (const { pasid, root } of commands) {
          if (root === null) {
            clearGcr3(table, pasid);
            roots.delete(pasid);
          } else {
            expect(setGcr3(table, pasid, root)).toEqual({ ok: true, value: undefined });
            roots.set(pasid, root);
          }
          for (const of of [0, 1, 511, 512, 513, 1024, 65_535]) {
            if (of < pasids) expect(rootAt(table, of)).toBe(roots.get(of) ?? 0);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses PASIDs beyond itself or beyond 16 bits, and runs out of memory in words', () => {
    const frames = framesOf(3);
    const small = tableFor(frames, 512);
    expect(setGcr3(small, 512, 1)).toMatchObject({ error: { code: 'out-of-range', pasid: 512 } });
    expect(clearGcr3(small, 512)).toBe(false);
    const large = { ...small, levels: 3 } as const;
    expect(setGcr3(large, 65_536, 1)).toMatchObject({ error: { code: 'out-of-range' } });
    expect(setGcr3(large, 1, 1)).toMatchObject({ error: { code: 'no-memory' } });
    expect(clearGcr3(large, 65_535)).toBe(false);
  });
});

const PAGES = [0, 1, 0x7f1234567, 2 ** 35 - 1];
const FIRST_DATA = 0x40000;
const PASID = 5;

/** A process with four pages, on a PASID of a function. */
function process(frames: Frames) {
  const cpuRoot = frames.take();
  for (const [index, page] of PAGES.entries()) {
    const { words, take, giveBack } = frames;
    const table = leafTableOrCreate(words, cpuRoot, pageLow(page), pageHigh(page), take, giveBack);
    installEntry(words, table, pageLow(page), entryOf(FIRST_DATA + index, TABLE_ENTRY_BITS), 0);
  }
  const gcr3 = tableFor(frames, 1024);
  setGcr3(gcr3, PASID, cpuRoot);
  const guest = {
    gcr3Root: gcr3.root,
    gcr3Levels: gcr3.levels,
    withoutPasid: false,
    fiveLevel: false,
  };
  return { cpuRoot, guest };
}

/** A host table of three levels that maps the frames of the arena and the process's data where `to` says. */
function hostTable(frames: Frames, to: (frame: number) => number | undefined) {
  const table = { words: frames.words, levels: 3, root: frames.take() };
  const data = PAGES.map((_, index) => FIRST_DATA + index);
  for (const frame of [...Array(64).keys(), ...data]) {
    const mapped = to(frame);
    if (mapped !== undefined) expect(mapHostPage(table, frame, mapped, frames.take)).toBe(true);
  }
  return table;
}

describe('a two-dimensional walk', () => {
  it('agrees with the CPU where the function has no host table', () => {
    const frames = framesOf(64);
    const { cpuRoot, guest } = process(frames);
    const entry = identityEntry(FEATURES, { domain: 1, guest });
    expect(disagreements(frames.words, entry, PASID, cpuRoot, PAGES)).toEqual([]);
    expect(walkDevice(frames.words, entry, PASID, 1)).toEqual({
      kind: 'translated',
      frame: FIRST_DATA + 1,
      hostTranslations: 7, // two levels of GCR3, four of pages, the page
    });
  });

  it('agrees with the CPU through a host table that maps one to one', () => {
    const frames = framesOf(64);
    const { cpuRoot, guest } = process(frames);
    const { root } = hostTable(frames, (frame) => frame);
    const entry = nestedEntry(FEATURES, { root, levels: 3, domain: 1, guest });
    expect(disagreements(frames.words, entry, PASID, cpuRoot, PAGES)).toEqual([]);
  });

  it('ends in other memory where the host table moves the data', () => {
    const frames = framesOf(64);
    const { cpuRoot, guest } = process(frames);
    const { root } = hostTable(frames, (frame) => (frame < FIRST_DATA ? frame : frame + 0x100));
    const entry = nestedEntry(FEATURES, { root, levels: 3, domain: 1, guest });
    const wrong = disagreements(frames.words, entry, PASID, cpuRoot, PAGES);
    expect(wrong.map(({ page }) => page)).toEqual(PAGES);
    expect(wrong[0]).toMatchObject({
      cpuFrame: FIRST_DATA,
      walk: { kind: 'translated', frame: FIRST_DATA + 0x100 },
    });
  });

  it('takes other memory for tables where the host table moves those', () => {
    const frames = framesOf(64);
    const { cpuRoot, guest } = process(frames);
    const { root } = hostTable(frames, (frame) => (frame < FIRST_DATA ? frame + 1 : frame));
    const entry = nestedEntry(FEATURES, { root, levels: 3, domain: 1, guest });
    expect(disagreements(frames.words, entry, PASID, cpuRoot, PAGES)).toHaveLength(PAGES.length);
  });

  it('faults at the host table where that maps nothing', () => {
    const frames = framesOf(64);
    const { cpuRoot, guest } = process(frames);
    const { root } = hostTable(frames, () => undefined);
    const entry = nestedEntry(FEATURES, { root, levels: 3, domain: 1, guest });
    const wrong = disagreements(frames.words, entry, PASID, cpuRoot, PAGES);
    expect(wrong.map(({ walk }) => walk)).toEqual(
      PAGES.map(() => ({ kind: 'faulted', table: 'host-table' })),
    );
  });

  it.each([
    ['an unmapped page', PASID, 2, 'guest-table'],
    ['a PASID without a table', 6, 1, 'gcr3-table'],
    ['a PASID without even a leaf of the GCR3 table', 600, 1, 'gcr3-table'],
  ])('faults where %s is missing', (_, pasid, page, table) => {
    const frames = framesOf(64);
    const entry = identityEntry(FEATURES, { domain: 1, guest: process(frames).guest });
    expect(walkDevice(frames.words, entry, pasid, page)).toEqual({ kind: 'faulted', table });
  });

  it('leaves requests without a PASID to the host table, or to slot 0', () => {
    const frames = framesOf(64);
    const { cpuRoot, guest } = process(frames);
    const identity = identityEntry(FEATURES, { domain: 1, guest });
    expect(walkDevice(frames.words, identity, undefined, 77)).toMatchObject({ frame: 77 });
    const slotZero = { ...identity, guest: { ...guest, withoutPasid: true } };
    expect(walkDevice(frames.words, slotZero, undefined, 1)).toMatchObject({ table: 'gcr3-table' });
    setGcr3({ ...frames, root: guest.gcr3Root, levels: 2, takeFrame: frames.take }, 0, cpuRoot);
    expect(walkDevice(frames.words, slotZero, undefined, 1)).toMatchObject({
      frame: FIRST_DATA + 1,
    });
  });

  it('needs a guest table for a PASID, which a function behind a host table has not', () => {
    const frames = framesOf(8);
    const entry = pagingEntry(FEATURES, { root: frames.take(), levels: 3, domain: 1 });
    expect(walkDevice(frames.words, entry, PASID, 1)).toMatchObject({ table: 'device-table' });
    expect(walkDevice(frames.words, entry, undefined, 1)).toMatchObject({ table: 'host-table' });
    expect(walkDevice(frames.words, { ...entry, valid: false }, undefined, 1)).toMatchObject({
      table: 'device-table',
    });
  });
});

describe('a host page table', () => {
  it('maps what was mapped, and nothing beyond its levels', () => {
    const frames = framesOf(32);
    const table = { words: frames.words, levels: 2, root: frames.take() };
    expect(mapHostPage(table, 512 * 512, 1, frames.take)).toBe(false);
    expect(mapHostPage(table, 513, 0x123456789, frames.take)).toBe(true);
    expect(mapHostPage(table, 514, 2, frames.take)).toBe(true);
    expect([513, 514, 515, 0, 512 * 512].map((page) => hostFrame(table, page))).toEqual([
      0x123456789,
      2,
      undefined,
      undefined,
      undefined,
    ]);
    expect(mapHostPage(table, 1024, 1, () => 0)).toBe(false);
    expect(mapHostPage({ ...table, levels: 0 }, 1, 1, frames.take)).toBe(false);
  });
});
