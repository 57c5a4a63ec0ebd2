/** Bytes are checked against the examples of the specification notes; ranges against BigInt. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { domainId, iovaPfn, pasid, requesterId } from '../../../../src/core/ids.ts';
import * as make from '../../../../src/hw/vtd/invalidation-constructors.ts';
import { decodeInvalidation } from '../../../../src/hw/vtd/invalidation-decoding.ts';
import type { InvalidationDescriptor } from '../../../../src/hw/vtd/invalidation-descriptors.ts';
import { encodeInvalidation } from '../../../../src/hw/vtd/invalidation-encoding.ts';
import {
  decodeSized,
  EVERY_PAGE,
  encodeSized,
  type InvalidationRange,
  ORDER_ALL,
  rangeOf,
} from '../../../../src/hw/vtd/invalidation-range.ts';
import { quadwordsOf, viewOf } from '../quadwords.ts';

const DID = domainId(1);
const PASID = pasid(1);
const SID = requesterId(0x50);
const ONE_PAGE: InvalidationRange = { pfn: iovaPfn(0x7f1234567), order: 0 };
const EIGHT_PAGES: InvalidationRange = { pfn: iovaPfn(0x200), order: 3 };
const ANY_ORDER = { supported: true, orderMax: 63 };

const EXAMPLES: readonly (readonly [string, InvalidationDescriptor, bigint, bigint])[] = [
  ['context-cache, all', make.contextCacheGlobal(), 0x11n, 0n],
  [
    'context-cache, a device',
    make.contextCacheDevice(domainId(0), requesterId(0x30)),
    0x3000000031n,
    0n,
  ],
  ['IOTLB, all', make.iotlbGlobal(), 0xd2n, 0n],
  ['IOTLB, a domain', make.iotlbDomain(domainId(5)), 0x500e2n, 0n],
  [
    'IOTLB, pages',
    make.iotlbPages(domainId(5), { ...EIGHT_PAGES, leafOnly: true }, ANY_ORDER),
    0x500f2n,
    0x200043n,
  ],
  ['device-TLB, all', make.deviceTlb(SID, EVERY_PAGE), 0x5000000003n, 0x7ffffffffffff001n],
  ['device-TLB, pages', make.deviceTlb(SID, EIGHT_PAGES), 0x5000000003n, 0x203001n],
  ['device-TLB, queue depth 31', make.deviceTlb(SID, ONE_PAGE, 31), 0x50001f0003n, 0x7f1234567000n],
  ['device-TLB, queue depth 32', make.deviceTlb(SID, ONE_PAGE, 32), 0x5000000003n, 0x7f1234567000n],
  [
    'device-TLB, of a virtual function',
    make.deviceTlb(SID, ONE_PAGE, 0, 0x1234),
    0x1230005000004003n,
    0x7f1234567000n,
  ],
  ['wait, fence of a drain', make.fence(), 0x200000045n, 0n],
  ['wait, appended', make.completion(0, 0, false), 0x200000025n, 0n],
  ['wait, appended to a drain', make.completion(0x12345, 3, true), 0x2000000a5n, 0x1234500cn],
  ['PASID-IOTLB, all', make.pasidIotlb(DID, PASID, undefined), 0x100010026n, 0n],
  [
    'PASID-IOTLB, a page',
    make.pasidIotlb(DID, PASID, { ...ONE_PAGE, leafOnly: false }),
    0x100010036n,
    0x7f1234567000n,
  ],
  ['PASID-cache', make.pasidCache('pasid', DID, PASID), 0x100010017n, 0n],
  ['PASID-cache, all', make.pasidCache('global', domainId(0), pasid(0)), 0x37n, 0n],
  [
    'PASID device-TLB, all',
    make.pasidDeviceTlb(SID, PASID, EVERY_PAGE),
    0x100500008n,
    0x7ffffffffffff800n,
  ],
  [
    'PASID device-TLB, pages',
    make.pasidDeviceTlb(SID, PASID, EIGHT_PAGES, 32),
    0x100500008n,
    0x203800n,
  ],
];

describe('an invalidation descriptor', () => {
  it.each(EXAMPLES)('has the bytes of the specification: %s', (_, descriptor, first, second) => {
    const view = viewOf();
    encodeInvalidation(view, 0, descriptor);
    expect(quadwordsOf(view)).toEqual([first, second, 0n, 0n]);
    expect(decodeInvalidation(view, 0)).toEqual({ ok: true, value: descriptor });
  });

  it.each([
    [0x0n, 0],
    [0x4n, 4],
    [0x9n, 9],
    [0xan, 10],
  ])('refuses the type of %x', (first, type) => {
    expect(decodeInvalidation(viewOf(first), 0)).toEqual({
      ok: false,
      error: { code: 'unknown-descriptor-type', type },
    });
  });

  it.each([
    ['context-cache granularity 0', 0x01n, 0n],
    ['IOTLB granularity 0', 0x02n, 0n],
    ['device-TLB without a zero bit', 0x03n, 0xfffffffffffff001n],
    ['PASID-IOTLB granularity 1', 0x16n, 0n],
    ['PASID-cache granularity 2', 0x27n, 0n],
    ['PASID device-TLB without a zero bit', 0x08n, 0xfffffffffffff800n],
  ])('refuses a reserved encoding: %s', (_, first, second) => {
    expect(decodeInvalidation(viewOf(first, second), 0)).toMatchObject({
      error: { code: 'reserved-encoding', type: Number(first & 0xfn) },
    });
  });

  it.each([
    ['pages cannot be selected', 3, { supported: false, orderMax: 63 }],
    ['the block is too large', 3, { supported: true, orderMax: 2 }],
    ['the block is everything', ORDER_ALL, ANY_ORDER],
  ])('falls back to the whole domain when %s', (_, order, selection) => {
    const pages = { pfn: iovaPfn(0), order, leafOnly: false };
    expect(make.iotlbPages(DID, pages, selection)).toEqual(make.iotlbDomain(DID));
  });

  it('falls back to the whole PASID when the block is everything', () => {
    expect(make.pasidIotlb(DID, PASID, { ...EVERY_PAGE, leafOnly: true }).pages).toBeUndefined();
  });
});

describe('an invalidation range', () => {
  const pages = fc.maxSafeInteger().map((value) => Math.abs(value) % 2 ** 52);

  it('is the smallest aligned block around its pages', () => {
    fc.assert(
      fc.property(pages, pages, fc.nat(40), (one, other, near) => {
        const first = Math.min(one, other);
        const last = near < 20 ? Math.max(one, other) : Math.min(first + near, 2 ** 52 - 1);
        const { pfn, order } = rangeOf(first, last);
        const block = (page: number, size: number): bigint => BigInt(page) >> BigInt(size);
        expect(BigInt(pfn)).toBe(block(first, order) << BigInt(order));
        expect(block(first, order)).toBe(block(last, order));
        if (order > 0) expect(block(first, order - 1)).not.toBe(block(last, order - 1));
      }),
    );
  });

  it('is every page when the first and the last of all are in it', () => {
    expect(rangeOf(0, 2 ** 52 - 1)).toEqual(EVERY_PAGE);
    expect(rangeOf(2 ** 51 - 1, 2 ** 51)).toEqual(EVERY_PAGE);
  });

  it('tells its size by the lowest zero bit', () => {
    fc.assert(
      fc.property(pages, fc.integer({ min: 0, max: ORDER_ALL }), (page, order) => {
        const base = (BigInt(page) >> BigInt(order)) << BigInt(order);
        const range = { pfn: iovaPfn(Number(base)), order };
        const lowest = order === 0 ? 0n : (1n << BigInt(order - 1)) - 1n;
        expect(encodeSized(range)).toEqual({
          size: order === 0 ? 0 : 1,
          addr: Number(base | lowest),
        });
        expect(decodeSized(encodeSized(range))).toEqual(range);
      }),
    );
  });

  it('refuses to run backwards, and blocks that are not aligned', () => {
    expect(() => rangeOf(2, 1)).toThrow('a range from page 2 back to 1');
    expect(() => encodeSized({ pfn: iovaPfn(1), order: 1 })).toThrow('is not aligned to order 1');
  });
});
