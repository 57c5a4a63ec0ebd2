import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  pageHigh,
  pageHighOf,
  pageLow,
  pageLowOf,
  pageOf,
  pfnHigh20Of,
  pfnLow32Of,
  TABLE_PAGES,
} from '../../../src/hw/page-number.ts';

const pages = fc.maxSafeInteger().map((value) => Math.abs(value) % TABLE_PAGES);

describe('a page number', () => {
  it('comes back from its halves', () => {
    fc.assert(fc.property(pages, (pfn) => pageOf(pageLow(pfn), pageHigh(pfn)) === pfn));
  });

  it('has the same halves when it arrives as a descriptor splits it', () => {
    fc.assert(
      fc.property(pages, (pfn) => {
        const low32 = pfn % 2 ** 32;
        const high20 = Math.floor(pfn / 2 ** 32);
        expect(pageLowOf(low32)).toBe(pageLow(pfn));
        expect(pageLowOf(low32 | 0)).toBe(pageLow(pfn));
        expect(pageHighOf(low32, high20)).toBe(pageHigh(pfn));
        expect(pfnLow32Of(pageLow(pfn), pageHigh(pfn)) >>> 0).toBe(low32);
        expect(pfnHigh20Of(pageHigh(pfn))).toBe(high20);
      }),
    );
  });
});
