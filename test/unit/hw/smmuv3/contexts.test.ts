/**
 * Goal:   context tables find a substream's descriptor where the specification has it, in one level or two, and a
 *         descriptor is present, released and gone as hardware must see it.
 * Method: addresses worked out by hand; what hot code reads is held against the layout.
 */
import { describe, expect, it } from 'vitest';

import {
  CONTEXT_DESCRIPTOR,
  contextAsid,
  contextIsValid,
  contextRoot,
  contextRootOf,
  contextTranslates,
  invalidateContext,
  releaseContext,
  svaContext,
  writeContext,
} from '../../../../src/hw/smmuv3/context-descriptor.ts';
import {
  CONTEXT_FORMAT,
  contextAt,
  contextFrames,
  contextTable,
} from '../../../../src/hw/smmuv3/context-table.ts';
import { FRAME_WORDS, frameWord } from '../../../../src/hw/table-memory.ts';

const SETUP = {
  asid: 0x1234,
  root: contextRootOf(0xabcde),
  t0Sz: 16,
  granule: 0,
  ips: 5,
  mairLow: 0,
  mairHigh: 0,
  stalls: true,
};

/** Table memory that gives frames one after the other, from frame 1 on. */
function arena(frames: number) {
  let next = 1;
  const takeFrames = (count: number): number => {
    const first = next;
    next += count;
    return first;
  };
  return { words: new Int32Array(frames * FRAME_WORDS), takeFrames, taken: () => next - 1 };
}

describe('a context table', () => {
  it.each([
    [64, 1, 6],
    [65, 2, 7],
    [1024, 16, 10],
  ])('of %i substreams is linear: %i frames, CDMax %i', (substreams, frames, cdMax) => {
    const memory = arena(20);
    const table = contextTable(memory.words, substreams, memory.takeFrames);
    expect(table).toMatchObject({ root: 1, format: CONTEXT_FORMAT.linear, cdMax });
    expect([memory.taken(), contextFrames(substreams)]).toEqual([frames, frames]);
    // 64 bytes each, one after the other.
    expect(contextAt(table, 63)).toBe(frameWord(1) + 63 * 16);
  });

  it('of more has a directory of leaves of 1024 descriptors each', () => {
    const memory = arena(40);
    const table = contextTable(memory.words, 1025, memory.takeFrames);
    expect(table).toMatchObject({ root: 1, format: CONTEXT_FORMAT.leavesOf64K, cdMax: 11 });
    expect([memory.taken(), contextFrames(1025)]).toEqual([33, 33]);
    expect(contextAt(table, 1023)).toBe(frameWord(2) + 1023 * 16);
    expect(contextAt(table, 1024)).toBe(frameWord(18));
    // Valid, and the leaf's address in bits 51:12.
    expect([memory.words[frameWord(1)], memory.words[frameWord(1) + 2]]).toEqual([0x2001, 0x12001]);
  });

  it('finds nothing behind a directory entry that is not valid', () => {
    const memory = arena(40);
    const table = contextTable(memory.words, 1025, memory.takeFrames);
    memory.words[frameWord(1) + 2] = 0;
    expect(contextAt(table, 1024)).toBe(-1);
  });
});

describe('a context descriptor in table memory', () => {
  const AT = 16;
  const written = (): Int32Array => {
    const words = new Int32Array(48).fill(-1);
    writeContext(words, AT, svaContext(SETUP));
    return words;
  };

  it('says word by word what its layout says', () => {
    const words = written();
    expect(CONTEXT_DESCRIPTOR.readWords(words, AT)).toEqual(svaContext(SETUP));
    expect(contextIsValid(words, AT)).toBe(true);
    expect(contextTranslates(words, AT)).toBe(true);
    expect(contextAsid(words, AT)).toBe(0x1234);
    expect(contextRoot(words, AT)).toBe(0xabcde);
    expect([words[AT - 1], words[AT + 16]]).toEqual([-1, -1]);
  });

  it('that an exit released is valid, walks nothing, and neither stalls nor is recorded', () => {
    const words = written();
    releaseContext(words, AT);
    const { v, epd0, s, r, ttb0, asid } = CONTEXT_DESCRIPTOR.readWords(words, AT);
    expect({ v, epd0, s, r, ttb0, asid }).toEqual({
      v: 1,
      epd0: 1,
      s: 0,
      r: 0,
      ttb0: 0,
      asid: 0x1234,
    });
    expect([contextIsValid(words, AT), contextTranslates(words, AT)]).toEqual([true, false]);
  });

  it('without V translates nothing, and keeps the rest', () => {
    const words = written();
    invalidateContext(words, AT);
    expect([contextIsValid(words, AT), contextTranslates(words, AT)]).toEqual([false, false]);
    expect(contextAsid(words, AT)).toBe(0x1234);
  });
});
