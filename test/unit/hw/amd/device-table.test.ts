/**
 * Goal:   device table entries say what the specification's rows say, and no update shows hardware a mixture.
 * Method: rows read by BigInt; each pair of rows is updated half by half and looked at between.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  BLOCKED_ENTRY,
  type DeviceTableEntry,
  decodeDeviceEntry,
  encodeDeviceEntry,
  guestPagingEntry,
  identityEntry,
  nestedEntry,
  pagingEntry,
} from '../../../../src/hw/amd/device-table-entry.ts';
import { updateSteps } from '../../../../src/hw/amd/device-table-update.ts';
import { quadwordsOf, readFields, viewOf } from '../quadwords.ts';
import { DEVICE_TABLE_FIELDS } from './quadword-tables.ts';

const FEATURES = { pageRequests: true, deviceTlb: true };
const GUEST = {
  gcr3Root: 0xabcdef1234,
  gcr3Levels: 2,
  withoutPasid: false,
  fiveLevel: false,
} as const;
const INVALID: DeviceTableEntry = { ...BLOCKED_ENTRY, valid: false, translates: false };
const PAGING = pagingEntry(FEATURES, { root: 0x123, levels: 3, domain: 7 });
const IDENTITY = identityEntry(FEATURES, { domain: 8, guest: undefined });
const WITH_PASIDS = identityEntry(FEATURES, { domain: 9, guest: GUEST });
const GUEST_PAGING = guestPagingEntry(FEATURES, {
  domain: 9,
  guest: { ...GUEST, fiveLevel: true },
});
const NESTED = nestedEntry(FEATURES, { root: 0x123, levels: 4, domain: 10, guest: GUEST });

const bytesOf = (entry: DeviceTableEntry): DataView => {
  const view = new DataView(new ArrayBuffer(32));
  encodeDeviceEntry(view, 0, entry);
  return view;
};

describe('a device table entry', () => {
  it.each([
    ['blocked', BLOCKED_ENTRY, { v: 1, tv: 1, mode: 0, gv: 0, ir: 0, iw: 0 }],
    ['v1 paging', PAGING, { tv: 1, mode: 3, gv: 0, giov: 0, hostRoot: 0x123, domain: 7 }],
    ['identity', IDENTITY, { tv: 1, mode: 0, gv: 0, giov: 0, domain: 8 }],
    ['identity with PASIDs', WITH_PASIDS, { tv: 1, mode: 0, gv: 1, giov: 0, glx: 1, domain: 9 }],
    ['v2 paging', GUEST_PAGING, { tv: 1, mode: 0, gv: 1, giov: 1, guestPagingMode: 1 }],
    ['nested', NESTED, { tv: 1, mode: 4, gv: 1, hostRoot: 0x123, domain: 10 }],
  ])('says what its row says: %s', (_, entry, fields) => {
    expect(readFields(bytesOf(entry), DEVICE_TABLE_FIELDS)).toMatchObject(fields);
    expect(decodeDeviceEntry(bytesOf(entry), 0)).toEqual(entry);
  });

  it('has the bytes worked out by hand', () => {
    // V, TV; PPR 52; GV 55; GLX 1 at 56; root's low 3 bits at 58; IR, IW / domain, root 30:15, I, root 51:31.
    expect(quadwordsOf(bytesOf(WITH_PASIDS))).toEqual([
      0x7190000000000003n,
      ((0xabcdef1234n >> 19n) << 43n) |
        (1n << 32n) |
        (((0xabcdef1234n >> 3n) & 0xffffn) << 16n) |
        9n,
      0n,
      0n,
    ]);
  });

  it('keeps all 40 bits of a GCR3 root', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31 - 1),
        fc.nat(511),
        fc.constantFrom(1, 2, 3),
        (low, high, levels) => {
          const gcr3Root = high * 2 ** 31 + low;
          const guest = { ...GUEST, gcr3Root, gcr3Levels: levels as 1 | 2 | 3 }; // one of them
          const entry = identityEntry(FEATURES, { domain: 1, guest });
          expect(decodeDeviceEntry(bytesOf(entry), 0)).toEqual(entry);
        },
      ),
    );
  });

  it('has a code of GCR3 levels that means nothing', () => {
    const view = viewOf(0x0380000000000003n);
    expect(decodeDeviceEntry(view, 0).guest?.gcr3Levels).toBeUndefined();
  });
});

describe('an update', () => {
  it.each([
    ['invalid to anything', INVALID, PAGING, ['write-upper', 'write-lower', 'flush']],
    ['anything to invalid', PAGING, INVALID, ['write-lower', 'write-upper', 'flush']],
    ['no guest table to one', PAGING, WITH_PASIDS, ['write-upper', 'write-lower', 'flush']],
    ['a guest table to none', WITH_PASIDS, PAGING, ['write-lower', 'write-upper', 'flush']],
    ['one guest table to another', WITH_PASIDS, NESTED, ['write-lower', 'flush']],
    [
      'guest tables of other depths',
      WITH_PASIDS,
      GUEST_PAGING,
      ['clear-lower', 'flush', 'write-upper', 'write-lower', 'flush'],
    ],
  ])('writes its halves in the order of the rules: %s', (_, from, to, steps) => {
    expect(updateSteps(from, to)).toEqual(steps);
  });

  const ROWS = [INVALID, BLOCKED_ENTRY, PAGING, IDENTITY, WITH_PASIDS, GUEST_PAGING, NESTED];
  it.each(ROWS.flatMap((from) => ROWS.map((to) => [from, to] as const)))(
    'shows hardware the old entry, the new one or none (%#)',
    (from, to) => {
      const memory = bytesOf(from);
      const image = bytesOf(to);
      const write = (half: number, source: DataView): void => {
        for (const at of [half, half + 8]) {
          memory.setBigUint64(at, source.getBigUint64(at, true), true);
        }
      };
      const means = (entry: DeviceTableEntry) =>
        entry.valid
          ? // Without a guest table its paging mode means nothing.
            { ...entry, guest: entry.guest ?? 'none' }
          : 'invalid';
      for (const step of updateSteps(from, to)) {
        if (step === 'write-upper') write(16, image);
        else if (step === 'write-lower') write(0, image);
        else if (step === 'clear-lower') write(0, bytesOf(INVALID));
        expect(['invalid', means(from), means(to)]).toContainEqual(
          means(decodeDeviceEntry(memory, 0)),
        );
      }
      expect(decodeDeviceEntry(memory, 0)).toEqual(to);
    },
  );
});
