/**
 * Goal:   every bit table says what the specification says, and all four accesses agree on it.
 * Method: random field values, written by the layout and read by BigInt, and the other way round.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { BitLayout, BitTable } from '../../../src/hw/bit-layout.ts';
import { LEGACY_CONTEXT_ENTRY, SCALABLE_CONTEXT_ENTRY } from '../../../src/hw/vtd/context-entry.ts';
import {
  CONTEXT_CACHE_INVALIDATION,
  DEVICE_TLB_INVALIDATION,
  IOTLB_INVALIDATION,
  PASID_CACHE_INVALIDATION,
  PASID_DEVICE_TLB_INVALIDATION,
  PASID_IOTLB_INVALIDATION,
  WAIT,
} from '../../../src/hw/vtd/invalidation-layouts.ts';
import { PAGE_GROUP_RESPONSE } from '../../../src/hw/vtd/page-group-response.ts';
import { PAGE_REQUEST_DESCRIPTOR } from '../../../src/hw/vtd/page-request-descriptor.ts';
import { PASID_ENTRY } from '../../../src/hw/vtd/pasid-entry.ts';
import { PASID_DIRECTORY_ENTRY } from '../../../src/hw/vtd/pasid-table.ts';
import * as tables from './quadword-tables.ts';
import { type QuadwordField, readFields, wordsOf, writeField } from './quadwords.ts';

const CASES: readonly (readonly [string, BitLayout<BitTable>, readonly QuadwordField[]])[] = [
  ['page request', PAGE_REQUEST_DESCRIPTOR, tables.PAGE_REQUEST_FIELDS],
  ['page group response', PAGE_GROUP_RESPONSE, tables.PAGE_GROUP_RESPONSE_FIELDS],
  ['context-cache', CONTEXT_CACHE_INVALIDATION, tables.CONTEXT_CACHE_FIELDS],
  ['IOTLB', IOTLB_INVALIDATION, tables.IOTLB_FIELDS],
  ['device-TLB', DEVICE_TLB_INVALIDATION, tables.DEVICE_TLB_FIELDS],
  ['wait', WAIT, tables.WAIT_FIELDS],
  ['PASID-IOTLB', PASID_IOTLB_INVALIDATION, tables.PASID_IOTLB_FIELDS],
  ['PASID-cache', PASID_CACHE_INVALIDATION, tables.PASID_CACHE_FIELDS],
  ['PASID device-TLB', PASID_DEVICE_TLB_INVALIDATION, tables.PASID_DEVICE_TLB_FIELDS],
  ['PASID entry', PASID_ENTRY, tables.PASID_ENTRY_FIELDS],
  ['PASID directory entry', PASID_DIRECTORY_ENTRY, tables.PASID_DIRECTORY_FIELDS],
  ['scalable context entry', SCALABLE_CONTEXT_ENTRY, tables.SCALABLE_CONTEXT_FIELDS],
  ['legacy context entry', LEGACY_CONTEXT_ENTRY, tables.LEGACY_CONTEXT_FIELDS],
];

const valuesOf = (fields: readonly QuadwordField[]): fc.Arbitrary<Record<string, number>> =>
  fc.record(
    Object.fromEntries(
      fields.map(([name, , high, low]) => [
        name,
        fc.oneof(
          fc.maxSafeInteger().map((value) => Math.abs(value) % 2 ** (high - low + 1)),
          fc.constantFrom(0, 2 ** (high - low + 1) - 1),
        ),
      ]),
    ),
  );

describe.each(CASES)('the %s layout', (_, layout, fields) => {
  it('has the fields of the specification and no others', () => {
    expect(Object.keys(layout.table).toSorted()).toEqual(fields.map(([name]) => name).toSorted());
  });

  it('writes what BigInt reads', () => {
    fc.assert(
      fc.property(valuesOf(fields), (values) => {
        const byBits = new DataView(new ArrayBuffer(layout.bytes));
        const byWords = new DataView(new ArrayBuffer(layout.bytes));
        layout.write(byBits, 0, values);
        layout.writeWords(wordsOf(byWords), 0, values);
        expect(readFields(byBits, fields)).toEqual(values);
        expect(wordsOf(byWords)).toEqual(wordsOf(byBits));
      }),
    );
  });

  it('reads what BigInt wrote, whatever the reserved bits hold', () => {
    fc.assert(
      fc.property(valuesOf(fields), fc.integer({ min: 0, max: 255 }), (values, reserved) => {
        const view = new DataView(new ArrayBuffer(layout.bytes));
        new Uint8Array(view.buffer).fill(reserved);
        for (const field of fields) writeField(view, field, BigInt(values[field[0]] ?? 0));
        expect(layout.read(view, 0)).toEqual(values);
        expect(layout.readWords(wordsOf(view), 0)).toEqual(values);
      }),
    );
  });

  it('erases reserved bits when it writes', () => {
    const view = new DataView(new ArrayBuffer(layout.bytes));
    new Uint8Array(view.buffer).fill(0xff);
    layout.write(view, 0, Object.fromEntries(fields.map(([name]) => [name, 0])));
    expect(wordsOf(view)).toEqual(new Int32Array(layout.bytes / 4));
  });
});
