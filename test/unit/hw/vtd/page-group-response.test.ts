import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pasid, prgIndex, requesterId } from '../../../../src/core/ids.ts';
import { RESPONSE_CODE, WIRE_RESPONSE_FAILURE } from '../../../../src/core/page-request.ts';
import {
  decodePageGroupResponse,
  encodePageGroupResponse,
  type PageGroupResponse,
  RESPONSE_WORDS,
  responsePasid,
  responsePrgIndex,
  responseRid,
  responseWireCode,
  wireCodeMeaning,
  writeResponseWords,
} from '../../../../src/hw/vtd/page-group-response.ts';
import { PAGE_GROUP_RESPONSE_FIELDS } from '../quadword-tables.ts';
import { quadwordsOf, readFields, viewOf, wordsOf } from '../quadwords.ts';

const responses: fc.Arbitrary<PageGroupResponse> = fc.record({
  kind: fc.constant('page-group-response' as const),
  rid: fc.nat(0xffff).map(requesterId),
  pasid: fc.option(fc.nat(0xfffff).map(pasid), { nil: undefined }),
  prgi: fc.nat(511).map(prgIndex),
  wireCode: fc.nat(15),
});

const encoded = (response: PageGroupResponse): DataView => {
  const view = viewOf();
  encodePageGroupResponse(view, 0, response);
  return view;
};

describe('a page group response', () => {
  it.each([
    ['success', RESPONSE_CODE.success, 0x100500019n],
    ['invalid', RESPONSE_CODE.invalid, 0x100501019n],
    ['failure as 7.3 sends it', RESPONSE_CODE.failure, 0x100502019n],
    ['failure as specified', WIRE_RESPONSE_FAILURE, 0x10050f019n],
  ])('has the bytes of the specification example for %s', (_, wireCode, quadword) => {
    const response: PageGroupResponse = {
      kind: 'page-group-response',
      rid: requesterId(0x50),
      pasid: pasid(1),
      prgi: prgIndex(3),
      wireCode,
    };
    expect(quadwordsOf(encoded(response))).toEqual([quadword, 0x18n, 0n, 0n]);
  });

  it('comes back from its bytes, which say what BigInt reads', () => {
    fc.assert(
      fc.property(responses, (response) => {
        const view = encoded(response);
        expect(decodePageGroupResponse(view, 0)).toEqual({ ok: true, value: response });
        expect(readFields(view, PAGE_GROUP_RESPONSE_FIELDS)).toEqual({
          type: 9,
          pasidPresent: response.pasid === undefined ? 0 : 1,
          responseCode: response.wireCode,
          rid: response.rid,
          pasid: response.pasid ?? 0,
          prgIndex: response.prgi,
        });
      }),
    );
  });

  it('is written and read word by word as byte by byte', () => {
    fc.assert(
      fc.property(responses, fc.nat(3), (response, entry) => {
        const words = new Int32Array(32).fill(0x5a5a5a5a);
        const at = entry * RESPONSE_WORDS;
        const { rid, prgi, wireCode } = response;
        writeResponseWords(words, at, rid, response.pasid ?? -1, prgi, wireCode);
        expect(words.subarray(at, at + 4)).toEqual(wordsOf(encoded(response)).subarray(0, 4));
        expect(words[at + 4]).toBe(0x5a5a5a5a);
        expect(responseRid(words, at)).toBe(rid);
        expect(responsePasid(words, at)).toBe(response.pasid ?? -1);
        expect(responsePrgIndex(words, at)).toBe(prgi);
        expect(responseWireCode(words, at)).toBe(wireCode);
      }),
    );
  });

  it('means failure to a function whenever it is neither success nor invalid', () => {
    const meanings = Array.from({ length: 16 }, (_, wireCode) => wireCodeMeaning(wireCode));
    expect(meanings).toEqual(['success', 'invalid', ...new Array(14).fill('failure')]);
  });

  it('refuses another type', () => {
    expect(decodePageGroupResponse(viewOf(0x5n), 0)).toEqual({
      ok: false,
      error: { code: 'unknown-descriptor-type', type: 5 },
    });
  });
});
