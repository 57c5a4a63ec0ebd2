/**
 * VT-d page group response: the invalidation-queue descriptor that answers a page request group.
 *
 * Spec:   Intel VT-d, "Page Group Response Descriptor".
 * Kernel: drivers/iommu/intel/prq.c, intel_iommu_page_response(); drivers/iommu/intel/iommu.h, QI_PGRP_*.
 * Units:  offsets are bytes, `at` counts words; an entry is 32 bytes (scalable mode).
 * Policy: the wire code is the driver's. 7.3 sends Linux's software code, so failure goes out as 2,
 *         a reserved code; the specification's Response Failure is WIRE_RESPONSE_FAILURE.
 */

import type { RequesterId } from '../../core/ids.ts';
import { type Pasid, type PrgIndex, pasid, prgIndex, requesterId } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import type { PageResponseCode } from '../../core/page-request.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { bit, bitLayout, bits, piece, placed } from '../bit-layout.ts';

export const TYPE_PAGE_GROUP_RESPONSE = 0x9;

export const PAGE_GROUP_RESPONSE = bitLayout(32, {
  type: bits(3, 0),
  pasidPresent: bit(4),
  responseCode: bits(15, 12),
  rid: bits(31, 16),
  pasid: bits(51, 32),
  prgIndex: bits(75, 67),
});

export type PageGroupResponse = {
  readonly kind: 'page-group-response';
  readonly rid: RequesterId;
  readonly pasid: Pasid | undefined;
  readonly prgi: PrgIndex;
  /** Four bits, as sent. */
  readonly wireCode: number;
};

export type PageGroupResponseError = {
  readonly code: 'unknown-descriptor-type';
  readonly type: number;
};

/** Reads the entry at `offset` in the queue. */
export function decodePageGroupResponse(
  queue: DataView,
  offset: number,
): Result<PageGroupResponse, PageGroupResponseError> {
  const raw = PAGE_GROUP_RESPONSE.read(queue, offset);
  if (raw.type !== TYPE_PAGE_GROUP_RESPONSE) {
    return err({ code: 'unknown-descriptor-type', type: raw.type });
  }
  return ok({
    kind: 'page-group-response',
    rid: requesterId(raw.rid),
    pasid: raw.pasidPresent === 1 ? pasid(raw.pasid) : undefined,
    prgi: prgIndex(raw.prgIndex),
    wireCode: raw.responseCode,
  });
}

/** Writes the entry at `offset` as the driver submits it. */
export function encodePageGroupResponse(
  queue: DataView,
  offset: number,
  response: PageGroupResponse,
): void {
  PAGE_GROUP_RESPONSE.write(queue, offset, {
    type: TYPE_PAGE_GROUP_RESPONSE,
    pasidPresent: Number(response.pasid !== undefined),
    responseCode: response.wireCode,
    rid: response.rid,
    pasid: response.pasid ?? 0,
    prgIndex: response.prgi,
  });
}

/** What a function makes of a code: all but success and invalid mean failure to it. */
export function wireCodeMeaning(wireCode: number): PageResponseCode {
  if (wireCode === 0) return 'success';
  return wireCode === 1 ? 'invalid' : 'failure';
}

const TYPE = PAGE_GROUP_RESPONSE.place('type');
const PASID_PRESENT = PAGE_GROUP_RESPONSE.place('pasidPresent');
const CODE = PAGE_GROUP_RESPONSE.place('responseCode');
const RID = PAGE_GROUP_RESPONSE.place('rid');
const PASID = PAGE_GROUP_RESPONSE.place('pasid');
const PRG_INDEX = PAGE_GROUP_RESPONSE.place('prgIndex');
invariant(TYPE.word === RID.word && PASID_PRESENT.word === RID.word, 'the source fields part');
invariant(CODE.word === RID.word, 'the response code is apart from the requester id');

export const RESPONSE_WORDS = PAGE_GROUP_RESPONSE.bytes / 4;

/**
 * Writes the first four words of the entry at the word `at` with plain stores; the reserved rest is
 * the caller's. Caller's duty: every value fits its field. `pasidOrNone` is -1 when there is none.
 */
export function writeResponseWords(
  words: Int32Array,
  at: number,
  rid: number,
  pasidOrNone: number,
  prgIndex: number,
  wireCode: number,
): void {
  const source = placed(TYPE_PAGE_GROUP_RESPONSE, TYPE) | placed(wireCode, CODE) | placed(rid, RID);
  words[at + RID.word] = pasidOrNone < 0 ? source : source | placed(1, PASID_PRESENT);
  words[at + PASID.word] = pasidOrNone < 0 ? 0 : placed(pasidOrNone, PASID);
  words[at + PRG_INDEX.word] = placed(prgIndex, PRG_INDEX);
  words[at + PRG_INDEX.word + 1] = 0;
}

export const responseRid = (words: Int32Array, at: number): number => piece(words, at, RID);
/** -1 when the response carries none. */
export const responsePasid = (words: Int32Array, at: number): number =>
  piece(words, at, PASID_PRESENT) === 0 ? -1 : piece(words, at, PASID);
export const responsePrgIndex = (words: Int32Array, at: number): number =>
  piece(words, at, PRG_INDEX);
/** Four bits, as sent. */
export const responseWireCode = (words: Int32Array, at: number): number => piece(words, at, CODE);
