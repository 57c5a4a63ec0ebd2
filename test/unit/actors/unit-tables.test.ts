/**
 * Goal:   what a storm puts into a unit's tables is what hardware must find there: the function's entry, the PASID's
 *         below it, the process's root and the tag of its domain; and nothing once all is detached.
 * Method: a storm in one thread, its tables read by the codecs that read bytes; frames taken are counted.
 */
import { describe, expect, it } from 'vitest';

import { FrameStore } from '../../../src/actors/frame-store.ts';
import { liveHardware } from '../../../src/actors/units/by-kind.ts';
import { word } from '../../../src/core/words.ts';
import { BLOCKED_ENTRY, decodeDeviceEntry } from '../../../src/hw/amd/device-table-entry.ts';
import { gcr3EntryAt, gcr3EntryFrame, gcr3Frames } from '../../../src/hw/amd/gcr3-table.ts';
import { CONTEXT_DESCRIPTOR, EMPTY_CONTEXT } from '../../../src/hw/smmuv3/context-descriptor.ts';
import { contextAt } from '../../../src/hw/smmuv3/context-table.ts';
import { CFG, STREAM_TABLE_ENTRY } from '../../../src/hw/smmuv3/stream-table-entry.ts';
import { mmWord } from '../../../src/workers/address-space.ts';
import { deviceEntryWord } from '../../../src/workers/amd/entries.ts';
import { streamEntryWord } from '../../../src/workers/smmuv3/entries.ts';
import { MM } from '../../../src/workers/storm-layout.ts';
import type { StormMemory } from '../../../src/workers/storm-memory.ts';
import { UNIT_KINDS } from '../../../src/workers/unit-kind.ts';
import { unitSizes } from '../../../src/workers/unit-sizes.ts';
import { entryBytesOf } from '../../../src/workers/units.ts';
import { PLAN } from '../cli/fixture.ts';
import { smallMemory } from '../workers/memory.ts';
import { oneThreadStorm } from './one-thread-storm.ts';

const plan = (driver: string) => ({ ...PLAN, driver, devices: 2, pasids: 2, rudeShare: 0 });
const rootOf = (memory: StormMemory, mm: number): number => word(memory.mms, mmWord(mm, MM.root));
/** Processes are given PASIDs in order. */
const PASIDS = [1, 2];

it.each(
  UNIT_KINDS.flatMap((unit) =>
    [
      [1, 3],
      [3, 65],
      [2, 1100],
    ].map(([devices = 0, pasidSpace = 0]) => ({ unit, devices, pasidSpace })),
  ),
)('$unit takes the frames it was counted for: $devices x $pasidSpace', (sizes) => {
  const { unit, devices, pasidSpace } = sizes;
  const counted = unitSizes(unit).tableFrames(devices, pasidSpace);
  const memory = smallMemory(
    { devices, pasidSpace, tableFrames: 1 + counted + 1, ringEntries: 256 },
    unit,
  );
  const frames = new FrameStore(memory);
  liveHardware(memory, frames, undefined);
  expect(frames.takeTables(1)).toBe(1 + counted);
});

it.each([
  [1, 1],
  [512, 1],
  [513, 3],
  [65_536, 129],
])('a GCR3 table of %i PASIDs has %i frames', (pasids, frames) => {
  expect(gcr3Frames(pasids)).toBe(frames);
});

describe.each(UNIT_KINDS)('entries of %s', (driver) => {
  it('lead from function and PASID to the root of the process, under its tag', async () => {
    const { storm, during } = await oneThreadStorm(plan(driver));
    const { memory, unit } = storm;
    const entries = entryBytesOf(memory);
    for (const device of [0, 1]) {
      for (const [mm, pasid] of PASIDS.entries()) {
        const entry = unit.hardware.tables.entryWord(device, pasid);
        expect(entries.isPresent(memory.tables, entry, device)).toBe(true);
        expect(entries.root(memory.tables, entry)).toBe(rootOf(memory, mm));
        const tag = { vtd: 1, amd: 0x100 + device, smmuv3: 1 + mm }[driver];
        expect(entries.domain(memory.tables, entry, device)).toBe(tag);
      }
    }
    await during(storm.fleet.stop());
    for (const device of [0, 1]) {
      for (const pasid of PASIDS) {
        const entry = unit.hardware.tables.entryWord(device, pasid);
        expect(entries.isPresent(memory.tables, entry, device)).toBe(false);
      }
    }
    await during(storm.functions.detach());
    expect(unit.breaches).toEqual([]);
  });
});

it("an AMD function's entry is identity with a GCR3 table, then blocked", async () => {
  const { storm, during } = await oneThreadStorm(plan('amd'));
  const { memory } = storm;
  const decoded = (device: number) =>
    decodeDeviceEntry(new DataView(memory.tables.buffer), deviceEntryWord(memory, device) * 4);
  for (const device of [0, 1]) {
    const { guest, ...entry } = decoded(device);
    expect(entry).toMatchObject({
      valid: true,
      translates: true,
      hostLevels: 0,
      pageRequests: true,
      deviceTlb: true,
      domain: 0x100 + device,
    });
    expect(guest).toMatchObject({ gcr3Levels: 1, withoutPasid: false, fiveLevel: false });
    if (guest?.gcr3Levels === undefined) throw new Error('no GCR3 table');
    // From the bytes of the function's entry alone to the process's root.
    const table = { words: memory.tables, root: guest.gcr3Root, levels: guest.gcr3Levels };
    const roots = PASIDS.map((pasid) =>
      gcr3EntryFrame(word(memory.tables, gcr3EntryAt(table, pasid))),
    );
    expect(roots).toEqual([rootOf(memory, 0), rootOf(memory, 1)]);
  }
  await during(storm.fleet.stop());
  await during(storm.functions.detach());
  expect([decoded(0), decoded(1)]).toEqual([BLOCKED_ENTRY, BLOCKED_ENTRY]);
});

it("an SMMU's stream walks its context table; a descriptor is there for each bond only", async () => {
  const { storm, during } = await oneThreadStorm(plan('smmuv3'));
  const { memory } = storm;
  const contextOf = (device: number, pasid: number) => {
    const at = streamEntryWord(memory, device);
    const { cfg, s1Fmt, s1ContextPtr, s1CdMax } = STREAM_TABLE_ENTRY.readWords(memory.tables, at);
    expect(cfg).toBe(CFG.firstStage);
    if (s1Fmt !== 0) throw new Error('not linear');
    const root = s1ContextPtr / 64;
    const table = { words: memory.tables, root, format: s1Fmt, cdMax: s1CdMax } as const;
    return CONTEXT_DESCRIPTOR.readWords(memory.tables, contextAt(table, pasid));
  };
  for (const device of [0, 1]) {
    for (const [mm, pasid] of PASIDS.entries()) {
      // The table's address / 16; stalls; an ASID of the SMMU's own.
      expect(contextOf(device, pasid)).toMatchObject({
        v: 1,
        epd0: 0,
        epd1: 1,
        s: 1,
        r: 1,
        aset: 1,
        asid: 1 + mm,
        ttb0: rootOf(memory, mm) * 256,
      });
    }
    expect(contextOf(device, 0)).toEqual(EMPTY_CONTEXT);
  }
  await during(storm.fleet.stop());
  expect(contextOf(1, 2)).toEqual(EMPTY_CONTEXT);
});
