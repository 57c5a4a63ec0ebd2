import { describe, expect, it } from 'vitest';

import { InvariantViolation } from '../../../src/core/invariant.ts';
import { bit, bitLayout, bits, piece, placed, twoPlaces } from '../../../src/hw/bit-layout.ts';

describe('a bit layout', () => {
  const layout = bitLayout(16, { flag: bit(0), whole: bits(63, 32), wide: bits(127, 76) });
  const view = (): DataView => new DataView(new ArrayBuffer(16));

  it.each([
    ['overlaps', () => bitLayout(4, { first: bits(7, 0), second: bits(9, 7) })],
    ['overruns', () => bitLayout(4, { first: bits(32, 24) })],
    ['is 54 bits wide', () => bitLayout(8, { first: bits(53, 0) })],
    ['is 0 bits wide', () => bitLayout(8, { first: bits(3, 4) })],
    ['not whole words', () => bitLayout(6, { first: bit(0) })],
  ])('refuses a table whose field %s', (sentence, make) => {
    expect(make).toThrow(InvariantViolation);
    expect(make).toThrow(sentence);
  });

  it.each([
    ['does not fit', 2],
    ['does not fit', -1],
    ['is not an integer', 0.5],
    ['is not an integer', Number.NaN],
  ])('refuses a value that %s (%d)', (sentence, flag) => {
    const values = { flag, whole: 0, wide: 0 };
    expect(() => layout.write(view(), 0, values)).toThrow(sentence);
    expect(() => layout.writeWords(new Int32Array(4), 0, values)).toThrow(sentence);
  });

  it('writes at an offset and leaves its neighbours alone', () => {
    const bytes = new Uint8Array(24).fill(0xaa);
    layout.write(new DataView(bytes.buffer), 4, { flag: 1, whole: 0, wide: 0 });
    expect([...bytes.subarray(0, 4)]).toEqual([0xaa, 0xaa, 0xaa, 0xaa]);
    expect(bytes[4]).toBe(1);
    expect([...bytes.subarray(20)]).toEqual([0xaa, 0xaa, 0xaa, 0xaa]);
  });

  it('splits a field into one place a word', () => {
    expect(layout.places('wide')).toEqual([
      { word: 2, shift: 12, mask: 0xfffff, lsb: 0, worth: 1 },
      { word: 3, shift: 0, mask: 0xffffffff, lsb: 20, worth: 2 ** 20 },
    ]);
    expect(layout.place('whole')).toEqual({
      word: 1,
      shift: 0,
      mask: 0xffffffff,
      lsb: 0,
      worth: 1,
    });
  });

  it('refuses to give one place of a field that has two, and two of one that has one', () => {
    expect(() => layout.place('wide')).toThrow('wide crosses a word');
    expect(() => twoPlaces(layout.places('flag'))).toThrow('lies in one word');
  });

  it('reads a piece back where it was placed', () => {
    const place = bitLayout(4, { middle: bits(20, 9) }).place('middle');
    const words = Int32Array.of(placed(0xabc, place) | placed(0, place));
    expect(piece(words, 0, place)).toBe(0xabc);
  });
});
