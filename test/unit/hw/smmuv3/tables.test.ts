/** Stream table entries and context descriptors say what the specification's rows say, read by BigInt. */
import { describe, expect, it } from 'vitest';

import {
  CONTEXT_DESCRIPTOR,
  type ContextDescriptor,
  releasedContext,
  svaContext,
} from '../../../../src/hw/smmuv3/context-descriptor.ts';
import * as make from '../../../../src/hw/smmuv3/stream-table-entry.ts';
import { quadwordsOf, readFields } from '../quadwords.ts';
import { CONTEXT_FIELDS, STREAM_TABLE_FIELDS } from './quadword-tables.ts';

const written = (entry: make.StreamTableEntry): DataView => {
  const view = new DataView(new ArrayBuffer(64));
  make.STREAM_TABLE_ENTRY.write(view, 0, entry);
  return view;
};

const CONTEXTS: make.ContextTableSetup = {
  contexts: 0x1234,
  format: 0,
  cdMax: 10,
  withoutSubstream: 'substreamZero',
  ats: true,
  el2: false,
  stallsDisabled: false,
};
const PARENT: make.SecondStageSetup = {
  vmid: 0x1234,
  root: 0x456,
  vtcr: 0x13,
  ats: true,
  stalls: true,
  forceWriteBack: true,
};
const GUEST_FIELDS = {
  s1Fmt: 2,
  s1ContextPtr: 0x77,
  s1CdMax: 8,
  s1Dss: 2,
  s1Cir: 1,
  s1Cor: 1,
  s1Csh: 3,
  s1Stalld: 1,
  eats: 0,
};
const guest = (eats: number) =>
  make.nestedEntry({ kind: 'first-stage', fields: { ...GUEST_FIELDS, eats } }, PARENT);

describe('a stream table entry', () => {
  it.each([
    ['abort', make.abortEntry(), { v: 1, cfg: 0 }],
    ['bypass', make.bypassEntry(), { v: 1, cfg: 4, shcfg: 1 }],
    [
      'first stage',
      make.contextTableEntry(CONTEXTS),
      { cfg: 5, s1Dss: 2, s1ContextPtr: 0x1234, s1CdMax: 10, eats: 1, s1Stalld: 0, s2Vmid: 0 },
    ],
    [
      'identity beside PASIDs',
      make.contextTableEntry({ ...CONTEXTS, withoutSubstream: 'bypass' }),
      { cfg: 5, s1Dss: 1, shcfg: 1 },
    ],
    [
      'blocked beside PASIDs',
      make.contextTableEntry({ ...CONTEXTS, withoutSubstream: 'terminate', ats: false }),
      { cfg: 5, s1Dss: 0, eats: 0 },
    ],
    [
      'no stalls, at EL2',
      make.contextTableEntry({ ...CONTEXTS, stallsDisabled: true, el2: true }),
      { s1Stalld: 1, strw: 2 },
    ],
    [
      'second stage',
      make.secondStageEntry(PARENT),
      { cfg: 6, s2Vmid: 0x1234, s2Ttb: 0x456, vtcr: 0x13, s2Aa64: 1, s2S: 1, s2R: 1, s2Fwb: 1 },
    ],
    ['nested, aborting guest', make.nestedEntry({ kind: 'abort' }, PARENT), { v: 1, cfg: 0 }],
    [
      'nested, first stage of the guest',
      guest(0),
      { cfg: 7, s2Vmid: 0x1234, s1ContextPtr: 0x77, mev: 1, eats: 0, s1Stalld: 1 },
    ],
    ['nested, with ATS', guest(1), { cfg: 7, eats: 1 }],
  ])('says what its row says: %s', (_, entry, fields) => {
    expect(readFields(written(entry), STREAM_TABLE_FIELDS)).toMatchObject(fields);
    expect(make.STREAM_TABLE_ENTRY.read(written(entry), 0)).toEqual(entry);
  });

  it('of a bypassing guest is the second stage alone', () => {
    expect(make.nestedEntry({ kind: 'bypass' }, PARENT)).toEqual(make.secondStageEntry(PARENT));
  });

  it('has the bytes worked out by hand', () => {
    expect(quadwordsOf(written(make.secondStageEntry(PARENT))).slice(0, 4)).toEqual([
      0xdn, // valid, second stage
      (1n << 25n) | (1n << 28n) | (1n << 44n),
      0x1234n | (0x13n << 32n) | (1n << 51n) | (1n << 54n) | (1n << 57n) | (1n << 58n),
      0x4560n,
    ]);
  });
});

describe('a context descriptor', () => {
  const SETUP = {
    asid: 0x4321,
    root: 0x777,
    t0Sz: 16,
    granule: 0,
    ips: 5,
    mairLow: 0xff440c04,
    mairHigh: 0xff,
    stalls: true,
  };
  const fieldsOf = (context: ContextDescriptor) => {
    const view = new DataView(new ArrayBuffer(64));
    CONTEXT_DESCRIPTOR.write(view, 0, context);
    expect(CONTEXT_DESCRIPTOR.read(view, 0)).toEqual(context);
    return { fields: readFields(view, CONTEXT_FIELDS), quadwords: quadwordsOf(view) };
  };

  it('of a process has a private ASID and the bytes worked out by hand', () => {
    const { fields, quadwords } = fieldsOf(svaContext(SETUP));
    expect(fields).toMatchObject({ v: 1, epd0: 0, epd1: 1, aset: 1, s: 1, r: 1, asid: 0x4321 });
    expect(quadwords.slice(0, 4)).toEqual([0x4321f205c0000010n, 0x7770n, 0n, 0xffff440c04n]);
  });

  it.each([
    { forcedStall: false, s: 0, r: 0 },
    { forcedStall: true, s: 1, r: 1 },
  ])('of a process that exited faults every access (%o)', ({ forcedStall, s, r }) => {
    const { fields } = fieldsOf(releasedContext(svaContext(SETUP), forcedStall));
    expect(fields).toMatchObject({ v: 1, epd0: 1, epd1: 1, ttb0: 0, asid: 0x4321, s, r });
  });
});
