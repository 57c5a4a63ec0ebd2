/** Goal: what real machines wrote is understood, and written back bit for bit. */
import { describe, expect, it } from 'vitest';

import {
  decodeInvalidation,
  readInvalidationWords,
} from '../../../../src/hw/vtd/invalidation-decoding.ts';
import {
  encodeInvalidation,
  writeInvalidationWords,
} from '../../../../src/hw/vtd/invalidation-encoding.ts';
import {
  decodePageGroupResponse,
  encodePageGroupResponse,
} from '../../../../src/hw/vtd/page-group-response.ts';
import {
  decodePageRequest,
  encodePageRequest,
} from '../../../../src/hw/vtd/page-request-descriptor.ts';
import * as captured from '../captured-descriptors.ts';
import { quadwordsOf, viewOf, wordsOf } from '../quadwords.ts';

const INVALIDATIONS = [
  ['pasid-cache', captured.CAPTURED_PASID_CACHE],
  ['pasid-iotlb', captured.CAPTURED_PASID_IOTLB],
  ['pasid-device-tlb', captured.CAPTURED_PASID_DEVICE_TLB],
  ['wait', captured.CAPTURED_WAITS],
  ['context-cache', captured.CAPTURED_CONTEXT_CACHE],
  ['iotlb', captured.CAPTURED_IOTLB],
  ['device-tlb', captured.CAPTURED_DEVICE_TLB],
] as const;

const dirty = (): DataView => viewOf(~0n, ~0n, ~0n, ~0n);

describe.each(INVALIDATIONS)('captured %s descriptors', (kind, descriptors) => {
  it.each(descriptors)('come back identical: %x %x', (first, second) => {
    const decoded = decodeInvalidation(viewOf(first, second), 0);
    if (!decoded.ok) throw new Error(decoded.error.code);
    expect(decoded.value.kind).toBe(kind);
    const view = dirty();
    encodeInvalidation(view, 0, decoded.value);
    expect(quadwordsOf(view)).toEqual([first, second, 0n, 0n]);
  });

  it.each(descriptors)('come back identical as words: %x %x', (first, second) => {
    const decoded = readInvalidationWords(wordsOf(viewOf(first, second)), 0);
    if (!decoded.ok) throw new Error(decoded.error.code);
    const view = dirty();
    writeInvalidationWords(wordsOf(view), 0, decoded.value);
    expect(quadwordsOf(view)).toEqual([first, second, 0n, 0n]);
  });
});

describe('captured page group responses', () => {
  it.each(captured.CAPTURED_RESPONSES)('come back identical: %x %x', (first, second) => {
    const decoded = decodePageGroupResponse(viewOf(first, second), 0);
    if (!decoded.ok) throw new Error(decoded.error.code);
    const view = dirty();
    encodePageGroupResponse(view, 0, decoded.value);
    expect(quadwordsOf(view)).toEqual([first, second, 0n, 0n]);
  });
});

describe('captured page requests', () => {
  it.each(captured.CAPTURED_PAGE_REQUESTS)('come back identical: %x %x', (first, second) => {
    const decoded = decodePageRequest(viewOf(first, second), 0);
    if (!decoded.ok) throw new Error(decoded.error.code);
    const view = dirty();
    encodePageRequest(view, 0, decoded.value);
    expect(quadwordsOf(view)).toEqual([first, second, 0n, 0n]);
  });
});
