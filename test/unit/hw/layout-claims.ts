/**
 * Goal:   a bit table says what the specification says, and all four accesses agree on it.
 * Method: random field values, written by the layout and read by BigInt, and the other way round.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { BitLayout, BitTable } from '../../../src/hw/bit-layout.ts';
import { type QuadwordField, readFields, wordsOf, writeField } from './quadwords.ts';

/** A layout, and where the specification puts its fields. */
export type LayoutCase = readonly [string, BitLayout<BitTable>, readonly QuadwordField[]];

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

export function claimLayouts(cases: readonly LayoutCase[]): void {
  describe.each(cases)('the %s layout', (_, layout, fields) => {
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
}
