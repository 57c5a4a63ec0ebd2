/** Bytes are checked against the example of the specification notes and a BigInt reading. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { iovaPfn, pasid, prgIndex, requesterId } from '../../../../src/core/ids.ts';
import type { PageRequest, StopMarker } from '../../../../src/core/page-request.ts';
import { accessBits, accessOf } from '../../../../src/hw/access.ts';
import {
  decodePageRequest,
  encodePageRequest,
  REQUEST_EPOCH_WORD,
  REQUEST_ID_WORD,
  REQUEST_WORDS,
  requestAccess,
  requestIsLast,
  requestIsStopMarker,
  requestPasid,
  requestPfnHigh,
  requestPfnLow,
  requestPrgIndex,
  requestRid,
  requestType,
  writeRequestWords,
} from '../../../../src/hw/vtd/page-request-descriptor.ts';
import { PAGE_REQUEST_FIELDS } from '../quadword-tables.ts';
import { quadwordsOf, readFields, viewOf, wordsOf } from '../quadwords.ts';

const EXAMPLE: PageRequest = {
  kind: 'page-request',
  rid: requesterId(0x50),
  pasid: pasid(1),
  prgi: prgIndex(3),
  iovaPfn: iovaPfn(0x7f1234567),
  access: { read: true, write: true, exec: false, privileged: false },
  last: true,
};

const pageRequests: fc.Arbitrary<PageRequest> = fc
  .record({
    rid: fc.nat(0xffff).map(requesterId),
    pasid: fc.option(fc.nat(0xfffff).map(pasid), { nil: undefined }),
    prgi: fc.nat(511).map(prgIndex),
    iovaPfn: fc.maxSafeInteger().map((value) => iovaPfn(Math.abs(value) % 2 ** 52)),
    access: fc.nat(15).map(accessOf),
    last: fc.boolean(),
  })
  .filter(({ access, last }) => !last || access.read || access.write)
  .map((request) => ({ kind: 'page-request', ...request }));

const encoded = (request: PageRequest | StopMarker): DataView => {
  const view = viewOf();
  encodePageRequest(view, 0, request);
  return view;
};

const writeHot = (words: Int32Array, at: number, request: PageRequest): void => {
  writeRequestWords(
    words,
    at,
    request.rid,
    request.pasid ?? -1,
    request.prgi,
    request.iovaPfn % 2 ** 32,
    Math.floor(request.iovaPfn / 2 ** 32),
    accessBits(request.access),
    request.last,
  );
};

describe('a page request descriptor', () => {
  it('has the bytes of the specification example', () => {
    expect(quadwordsOf(encoded(EXAMPLE))).toEqual([
      0x0000000100500101n,
      0x00007f123456701fn,
      0n,
      0n,
    ]);
    expect(decodePageRequest(encoded(EXAMPLE), 0)).toEqual({ ok: true, value: EXAMPLE });
  });

  it('comes back from its bytes, which say what BigInt reads', () => {
    fc.assert(
      fc.property(pageRequests, (request) => {
        const view = encoded(request);
        expect(decodePageRequest(view, 0)).toEqual({ ok: true, value: request });
        expect(readFields(view, PAGE_REQUEST_FIELDS)).toMatchObject({
          type: 1,
          pasidPresent: request.pasid === undefined ? 0 : 1,
          rid: request.rid,
          pasid: request.pasid ?? 0,
          prgIndex: request.prgi,
          addr: request.iovaPfn,
          lpig: request.last ? 1 : 0,
        });
      }),
    );
  });

  it('is written word by word as it is byte by byte, beside untouched private data', () => {
    fc.assert(
      fc.property(pageRequests, fc.nat(7), (request, entry) => {
        const words = new Int32Array(64).fill(0x5a5a5a5a);
        const at = entry * REQUEST_WORDS;
        writeHot(words, at, request);
        expect(words.subarray(at, at + 4)).toEqual(wordsOf(encoded(request)).subarray(0, 4));
        expect([...words].filter((value) => value !== 0x5a5a5a5a).length).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('is read word by word as it was written', () => {
    fc.assert(
      fc.property(pageRequests, (request) => {
        const words = wordsOf(encoded(request));
        expect(requestType(words, 0)).toBe(1);
        expect(requestRid(words, 0)).toBe(request.rid);
        expect(requestPasid(words, 0)).toBe(request.pasid ?? -1);
        expect(requestPrgIndex(words, 0)).toBe(request.prgi);
        expect(requestPfnHigh(words, 0) * 2 ** 32 + requestPfnLow(words, 0)).toBe(request.iovaPfn);
        expect(requestAccess(words, 0)).toBe(accessBits(request.access));
        expect(requestIsLast(words, 0)).toBe(request.last);
        expect(requestIsStopMarker(words, 0)).toBe(false);
      }),
    );
  });

  it('is a stop marker when last, neither read nor write', () => {
    const marker = { kind: 'stop-marker', rid: requesterId(0x28), pasid: pasid(7) } as const;
    const view = encoded(marker);
    expect(quadwordsOf(view)).toEqual([0x0000000700280101n, 0x4n, 0n, 0n]);
    expect(decodePageRequest(view, 0)).toEqual({ ok: true, value: marker });
    expect(requestIsStopMarker(wordsOf(view), 0)).toBe(true);
  });

  it.each([
    ['not last', 0x0n],
    ['a read', 0x5n],
    ['a write', 0x6n],
  ])('is no stop marker when %s', (_, group) => {
    expect(requestIsStopMarker(wordsOf(viewOf(0x101n, group)), 0)).toBe(false);
  });

  it('is a stop marker even with an address, a group and execute or privileged set', () => {
    const view = viewOf(0x0030000700280101n, 0x7f12345678a4n);
    expect(decodePageRequest(view, 0)).toMatchObject({ value: { kind: 'stop-marker' } });
  });

  it('refuses another type', () => {
    expect(decodePageRequest(viewOf(0x2n), 0)).toEqual({
      ok: false,
      error: { code: 'unknown-descriptor-type', type: 2 },
    });
  });

  it('refuses a PRG index of 512', () => {
    const request = { ...EXAMPLE, prgi: 512 as typeof EXAMPLE.prgi };
    expect(() => encoded(request)).toThrow('prgIndex = 512 does not fit 9 bits');
  });

  it('keeps the hidden ledger in its last two words', () => {
    expect([REQUEST_WORDS, REQUEST_ID_WORD, REQUEST_EPOCH_WORD]).toEqual([8, 6, 7]);
  });
});
