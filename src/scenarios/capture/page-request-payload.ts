/**
 * The payload of `prq_report`: one page request, as text or as the descriptor's raw words.
 *
 * Kernel: drivers/iommu/intel/trace.h, prq_report; iommu.h, decode_prq_descriptor().
 * Units:  what is printed as addr is a page frame number already.
 */
import { ACCESS_EXEC, ACCESS_PRIVILEGED, ACCESS_READ, ACCESS_WRITE } from '../../hw/access.ts';
import {
  REQUEST_WORDS,
  requestAccess,
  requestIsLast,
  requestPasid,
  requestPfnHigh,
  requestPfnLow,
  requestPrgIndex,
  requestRid,
} from '../../hw/vtd/page-request-descriptor.ts';
import type { PageRequestReported } from './capture-event.ts';
import { pattern } from './pattern.ts';
import {
  hexInBits,
  putQuadword,
  type RawFields,
  rawFields,
  rawHex,
  rawNumber,
  rawText,
} from './payload-numbers.ts';

const TEXT = pattern(
  /^([^\s/]+)\/(\S+) seq# (\d{1,20}):/,
  / rid=0x([\da-f]{1,8}) addr=0x([\da-f]{1,13}) ([r-])([w-])([x-])([p-])([l-])/,
  / pasid=0x([\da-f]{1,8}) index=0x([\da-f]{1,8})(?: private=0x[\da-f]+\/0x[\da-f]+)?$/,
);

/** Undefined when it is not what the kernel prints. */
export function readPageRequest(payload: string): PageRequestReported | undefined {
  const found = TEXT.exec(payload);
  if (found === null) {
    const fields = rawFields(payload);
    return fields === undefined ? undefined : fromWords(fields);
  }
  const [, unit = '', device = '', sequence, ridHex = '', pfnHex = ''] = found;
  const rid = hexInBits(ridHex, 16);
  const pasid = hexInBits(found[11] ?? '', 20);
  const index = hexInBits(found[12] ?? '', 9);
  if (rid === undefined || pasid === undefined || index === undefined) return undefined;
  return {
    kind: 'page-request.reported',
    unit,
    device,
    sequence: Number(sequence),
    rid,
    pasid,
    index,
    pfn: Number.parseInt(pfnHex, 16),
    read: found[6] === 'r',
    write: found[7] === 'w',
    exec: found[8] === 'x',
    privileged: found[9] === 'p',
    last: found[10] === 'l',
  };
}

/** The descriptor itself, in four quadwords. */
function fromWords(fields: RawFields): PageRequestReported | undefined {
  const words = new Int32Array(REQUEST_WORDS);
  for (let quad = 0; quad < REQUEST_WORDS / 2; quad += 1) {
    const hex = rawHex(fields, `dw${quad}`);
    if (hex === undefined || !putQuadword(hex, words, 2 * quad)) return undefined;
  }
  const unit = rawText(fields, 'iommu');
  const device = rawText(fields, 'dev');
  const sequence = rawNumber(fields, 'seq', 64);
  if (unit === undefined || device === undefined || sequence === undefined) return undefined;
  const access = requestAccess(words, 0);
  return {
    kind: 'page-request.reported',
    unit,
    device,
    sequence,
    rid: requestRid(words, 0),
    pasid: Math.max(0, requestPasid(words, 0)),
    index: requestPrgIndex(words, 0),
    pfn: requestPfnHigh(words, 0) * 2 ** 32 + requestPfnLow(words, 0),
    read: (access & ACCESS_READ) !== 0,
    write: (access & ACCESS_WRITE) !== 0,
    exec: (access & ACCESS_EXEC) !== 0,
    privileged: (access & ACCESS_PRIVILEGED) !== 0,
    last: requestIsLast(words, 0),
  };
}
