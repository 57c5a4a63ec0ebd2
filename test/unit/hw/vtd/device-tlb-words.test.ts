/** Goal: the words written and read one by one are those of the descriptor's own codec, for every block. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { iovaPfn, pasid, requesterId } from '../../../../src/core/ids.ts';
import {
  isPasidDeviceTlb,
  pasidDeviceTlbOrder,
  pasidDeviceTlbPage,
  pasidDeviceTlbPasid,
  pasidDeviceTlbSid,
  writePasidDeviceTlbWords,
} from '../../../../src/hw/vtd/device-tlb-words.ts';
import { completion, pasidDeviceTlb } from '../../../../src/hw/vtd/invalidation-constructors.ts';
import { readInvalidationWords } from '../../../../src/hw/vtd/invalidation-decoding.ts';
import { writeInvalidationWords } from '../../../../src/hw/vtd/invalidation-encoding.ts';
import { EVERY_PAGE } from '../../../../src/hw/vtd/invalidation-range.ts';

const blocks = fc.record({ order: fc.nat(51), page: fc.maxSafeNat() }).map(({ order, page }) => ({
  order,
  pfn: iovaPfn(Math.floor((page % 2 ** 52) / 2 ** order) * 2 ** order),
}));

describe('words of a PASID-based device-TLB invalidation', () => {
  it('are the same as those of its codec, both ways', () => {
    const tags = fc.record({ sid: fc.nat(0xffff), pasid: fc.nat(0xfffff) });
    fc.assert(
      fc.property(tags, fc.oneof(blocks, fc.constant(EVERY_PAGE)), (tag, range) => {
        const [sid, tagged] = [requesterId(tag.sid), pasid(tag.pasid)];
        const known = new Int32Array(8);
        writeInvalidationWords(known, 0, pasidDeviceTlb(sid, tagged, range));
        const words = new Int32Array(16).fill(-1);
        writePasidDeviceTlbWords(words, 8, sid, tagged, range);
        expect(words.subarray(8)).toEqual(known);

        const order = pasidDeviceTlbOrder(words, 8);
        expect({
          sid: pasidDeviceTlbSid(words, 8),
          pasid: pasidDeviceTlbPasid(words, 8),
          range: { order, pfn: pasidDeviceTlbPage(words, 8, order) },
        }).toEqual({ sid, pasid: tagged, range });
        expect(readInvalidationWords(words, 8)).toMatchObject({ value: { range } });
        expect(isPasidDeviceTlb(words, 8)).toBe(true);
      }),
    );
  });

  it('are told from those of other descriptors', () => {
    const words = new Int32Array(8);
    writeInvalidationWords(words, 0, completion(0, 0, true));
    expect(isPasidDeviceTlb(words, 0)).toBe(false);
  });
});
