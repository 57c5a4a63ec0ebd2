/**
 * Goal:   a cache may forget at any time, but never answers what was invalidated or never filled.
 * Method: random commands against a Map of what may be present, over few tags and few slots so that
 *         displacement, probing and sweeping all happen.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pageHigh, pageLow } from '../../../src/hw/page-number.ts';
import { TranslationCache } from '../../../src/hw/translation-cache.ts';

function lookup(cache: TranslationCache, domain: number, pasid: number, pfn: number): number {
  cache.turnTo(domain, pasid, pageHigh(pfn));
  return cache.lookup(pageLow(pfn));
}

function fill(
  cache: TranslationCache,
  domain: number,
  pasid: number,
  pfn: number,
  [frame, permissions, epoch]: readonly [number, number, number] = [9, 3, 0],
): number {
  cache.turnTo(domain, pasid, pageHigh(pfn));
  return cache.fill(pageLow(pfn), frame, permissions, epoch);
}

describe('a translation cache', () => {
  it('answers what it was filled with', () => {
    const cache = new TranslationCache(64);
    const slot = fill(cache, 1, 2, 0x7f1234567, [0xabcde, 7, 4]);
    expect(lookup(cache, 1, 2, 0x7f1234567)).toBe(slot);
    expect([cache.frame(slot), cache.permissions(slot), cache.epoch(slot)]).toEqual([
      0xabcde, 7, 4,
    ]);
    expect(cache.tag(slot)).toEqual({ domain: 1, pasid: 2, pfn: 0x7f1234567 });
  });

  it('holds nothing before it is turned to anything', () => {
    expect(new TranslationCache(1).lookup(0)).toBe(-1);
  });

  it.each([
    ['domain', 3, 2, 5],
    ['PASID', 1, 3, 5],
    ['absent PASID', 1, -1, 5],
    ['low half of the page', 1, 2, 4],
    ['high half of the page', 1, 2, 5 + 2 ** 18],
  ])('misses when the %s differs', (_, domain, pasid, pfn) => {
    const cache = new TranslationCache(1);
    fill(cache, 1, 2, 5);
    expect(lookup(cache, 1, 2, 5)).toBe(0);
    expect(lookup(cache, domain, pasid, pfn)).toBe(-1);
  });

  it('keeps neighbouring pages in different slots', () => {
    const cache = new TranslationCache(64);
    const slots = Array.from({ length: 64 }, (_, index) => fill(cache, 1, 2, 1000 + index));
    expect(new Set(slots).size).toBe(64);
  });

  it('spreads address spaces', () => {
    const cache = new TranslationCache(1024);
    const slots = Array.from({ length: 256 }, (_, pasid) => fill(cache, 0, pasid, 0x7f0000000));
    expect(new Set(slots).size).toBeGreaterThan(200);
  });

  it.each([
    ['everything', (cache: TranslationCache) => cache.invalidateAll()],
    ['its domain', (cache: TranslationCache) => cache.invalidateDomain(1)],
    ['its PASID', (cache: TranslationCache) => cache.invalidatePasid(1, 2)],
    ['its page', (cache: TranslationCache) => cache.invalidateRange(1, 2, 77, 0)],
    ['its block', (cache: TranslationCache) => cache.invalidateRange(1, 2, 64, 4)],
    ['a large block', (cache: TranslationCache) => cache.invalidateRange(1, 2, 0, 30)],
    ['every page', (cache: TranslationCache) => cache.invalidateRange(1, 2, 0, 52)],
  ])('forgets a page with %s', (_, invalidate) => {
    const cache = new TranslationCache(64);
    fill(cache, 1, 2, 77);
    invalidate(cache);
    expect(lookup(cache, 1, 2, 77)).toBe(-1);
  });

  it.each([
    ['another domain', (cache: TranslationCache) => cache.invalidateDomain(2)],
    ['another PASID', (cache: TranslationCache) => cache.invalidatePasid(1, 3)],
    ['the PASID in another domain', (cache: TranslationCache) => cache.invalidatePasid(2, 2)],
    ['another page', (cache: TranslationCache) => cache.invalidateRange(1, 2, 76, 0)],
    ['the block beside it', (cache: TranslationCache) => cache.invalidateRange(1, 2, 80, 4)],
    [
      'a large block beside it',
      (cache: TranslationCache) => cache.invalidateRange(1, 2, 2 ** 20, 20),
    ],
    [
      'pages no table reaches',
      (cache: TranslationCache) => cache.invalidateRange(1, 2, 2 ** 40 + 77, 0),
    ],
  ])('remembers a page through the invalidation of %s', (_, invalidate) => {
    const cache = new TranslationCache(64);
    fill(cache, 1, 2, 77);
    invalidate(cache);
    expect(lookup(cache, 1, 2, 77)).not.toBe(-1);
  });

  it('finds the first stale entry from a slot on, wrapping', () => {
    const cache = new TranslationCache(8);
    const old = fill(cache, 0, 1, 0, [1, 0, 1]);
    fill(cache, 0, 1, 1, [2, 0, 2]);
    const isStale = (_: number, epoch: number): boolean => epoch < 2;
    expect(cache.audit(0, 8, isStale)).toBe(old);
    expect(cache.audit((old + 1) & 7, 8, isStale)).toBe(old);
    expect(cache.audit((old + 1) & 7, 7, isStale)).toBe(-1);
    cache.invalidateAll();
    expect(cache.audit(0, 8, () => true)).toBe(-1);
  });

  it('refuses a size that is no power of two', () => {
    expect(() => new TranslationCache(24)).toThrow('24 is no power of two');
  });

  const domains = fc.nat(2);
  const pasids = fc.integer({ min: -1, max: 2 });
  const pages = fc.oneof(
    fc.nat(40),
    fc.nat(40).map((near) => 2 ** 18 - 20 + near),
    fc.nat(40).map((near) => 2 ** 36 - 1 - near),
  );
  const orders = fc.oneof(fc.nat(6), fc.constantFrom(9, 11, 13, 18, 19, 36, 52));
  const command = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constant('fill' as const), domains, pasids, pages, orders),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constant('range' as const), domains, pasids, pages, orders),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constantFrom('all' as const, 'domain' as const, 'pasid' as const),
        domains,
        pasids,
        pages,
        orders,
      ),
    },
  );

  it.each([1, 16, 64])(
    'of %d slots answers only what was filled and not invalidated',
    (entries) => {
      fc.assert(
        fc.property(fc.array(command, { maxLength: 80 }), (run) => {
          const cache = new TranslationCache(entries);
          const may = new Map<
            string,
            { domain: number; pasid: number; pfn: number; frame: number }
          >();
          const forget = (
            matches: (tag: { domain: number; pasid: number; pfn: number }) => boolean,
          ) => {
            for (const [key, tag] of may) if (matches(tag)) may.delete(key);
          };
          for (const [step, [kind, domain, pasid, pfn, order]] of run.entries()) {
            if (kind === 'fill') {
              fill(cache, domain, pasid, pfn, [step, 1, 0]);
              may.set(`${domain} ${pasid} ${pfn}`, { domain, pasid, pfn, frame: step });
              expect(cache.frame(lookup(cache, domain, pasid, pfn))).toBe(step);
            } else if (kind === 'range') {
              cache.invalidateRange(domain, pasid, pfn, order);
              const block = (page: number): bigint => BigInt(page) >> BigInt(order);
              forget(
                (tag) =>
                  tag.domain === domain && tag.pasid === pasid && block(tag.pfn) === block(pfn),
              );
            } else if (kind === 'domain') {
              cache.invalidateDomain(domain);
              forget((tag) => tag.domain === domain);
            } else if (kind === 'pasid') {
              cache.invalidatePasid(domain, pasid);
              forget((tag) => tag.domain === domain && tag.pasid === pasid);
            } else {
              cache.invalidateAll();
              may.clear();
            }
          }
          const filled = run.filter(([kind]) => kind === 'fill');
          for (const [, domain, pasid, pfn] of filled) {
            const slot = lookup(cache, domain, pasid, pfn);
            const allowed = may.get(`${domain} ${pasid} ${pfn}`);
            if (slot >= 0) expect(cache.frame(slot)).toBe(allowed?.frame);
          }
        }),
      );
    },
  );
});
