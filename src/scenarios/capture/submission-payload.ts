/**
 * The payload of `qi_submit`: one descriptor of the invalidation queue, read by the codecs from its words.
 *
 * Kernel: drivers/iommu/intel/trace.h, qi_submit.
 * Policy: the name that is printed must be that of the words, or one of the two is damaged.
 */

import { readInvalidationWords } from '../../hw/vtd/invalidation-decoding.ts';
import {
  responsePasid,
  responsePrgIndex,
  responseRid,
  responseWireCode,
  TYPE_PAGE_GROUP_RESPONSE,
  wireCodeMeaning,
} from '../../hw/vtd/page-group-response.ts';
import type { InvalidationSubmitted, PageGroupResponded } from './capture-event.ts';
import { putQuadword, rawFields, rawHex, rawText } from './payload-numbers.ts';

const TEXT =
  /^(\S+) ([^\s:]+): 0x([\da-f]{1,16}) 0x([\da-f]{1,16}) 0x([\da-f]{1,16}) 0x([\da-f]{1,16})$/;

/** By type; any other is printed as a number. */
const NAMES: readonly (string | undefined)[] = [
  undefined,
  'cc_inv',
  'iotlb_inv',
  'dev_tlb_inv',
  'iec_inv',
  'inv_wait',
  'p_iotlb_inv',
  'pc_inv',
  'p_dev_tlb_inv',
  'page_grp_resp',
];
const DESCRIPTOR_WORDS = 8;
const TYPE_MASK = 0xf;

type Submission = PageGroupResponded | InvalidationSubmitted;

/** Undefined when it is not what the kernel prints. */
export function readSubmission(payload: string): Submission | undefined {
  const found = TEXT.exec(payload);
  if (found === null) return readRaw(payload);
  const [, name = '', unit = '', ...hex] = found;
  const words = new Int32Array(DESCRIPTOR_WORDS);
  for (const [quad, digits] of hex.entries()) putQuadword(digits, words, 2 * quad);
  return nameOf(words) === name ? fromWords(unit, words) : undefined;
}

/** Four quadwords as fields. */
function readRaw(payload: string): Submission | undefined {
  const fields = rawFields(payload);
  const unit = fields && rawText(fields, 'iommu');
  if (fields === undefined || unit === undefined) return undefined;
  const words = new Int32Array(DESCRIPTOR_WORDS);
  for (let quad = 0; quad < DESCRIPTOR_WORDS / 2; quad += 1) {
    const hex = rawHex(fields, `qw${quad}`);
    if (hex === undefined || !putQuadword(hex, words, 2 * quad)) return undefined;
  }
  return fromWords(unit, words);
}

const typeOf = (words: Int32Array): number => (words[0] ?? 0) & TYPE_MASK;

const nameOf = (words: Int32Array): string =>
  NAMES[typeOf(words)] ?? `0x${typeOf(words).toString(16)}`;

function fromWords(unit: string, words: Int32Array): Submission {
  if (typeOf(words) === TYPE_PAGE_GROUP_RESPONSE) {
    const pasid = responsePasid(words, 0);
    const wireCode = responseWireCode(words, 0);
    return {
      kind: 'page-group.responded',
      unit,
      rid: responseRid(words, 0),
      pasid: pasid < 0 ? undefined : pasid,
      index: responsePrgIndex(words, 0),
      wireCode,
      code: wireCodeMeaning(wireCode),
    };
  }
  const decoded = readInvalidationWords(words, 0);
  const descriptor = decoded.ok
    ? decoded.value
    : ({ kind: 'opaque', type: nameOf(words), words: hexWords(words) } as const);
  return { kind: 'invalidation.submitted', unit, descriptor };
}

/** As 32-bit words, low first. */
const hexWords = (words: Int32Array): string[] =>
  Array.from(words, (value) => `0x${(value >>> 0).toString(16)}`);
