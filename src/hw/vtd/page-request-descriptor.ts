/**
 * VT-d page request descriptor: the 32-byte entry hardware appends at the Page Request Queue tail.
 *
 * Spec:   Intel VT-d, "Page Request Descriptor".
 * Kernel: drivers/iommu/intel/prq.c, struct page_req_dsc.
 * Units:  addr is an IOVA page frame number (IOVA >> 12); offsets are bytes, `at` counts words.
 * Policy: none. What a driver refuses (canonical form, privileged mode) is the fault queue's rule.
 */
import { iovaPfn, pasid, prgIndex, requesterId } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import type { PageRequest, StopMarker } from '../../core/page-request.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { word } from '../../core/words.ts';
import { ACCESS_EXEC, ACCESS_PRIVILEGED, ACCESS_READ, ACCESS_WRITE } from '../access.ts';
import { bit, bitLayout, bits, piece, placed, twoPlaces } from '../bit-layout.ts';

const TYPE_PAGE_REQUEST = 0x01;

/**
 * Software of 7.3 reads neither the private data nor its present bit: the last two words carry our
 * hidden ledger (request id, epoch) without the model's driver being able to see them.
 */
export const PAGE_REQUEST_DESCRIPTOR = bitLayout(32, {
  type: bits(7, 0),
  pasidPresent: bit(8),
  privateDataPresent: bit(9),
  rid: bits(31, 16),
  pasid: bits(51, 32),
  exeReq: bit(52),
  pmReq: bit(53),
  rdReq: bit(64),
  wrReq: bit(65),
  lpig: bit(66),
  prgIndex: bits(75, 67),
  addr: bits(127, 76),
  privateData0: bits(159, 128),
  privateData1: bits(191, 160),
  privateData2: bits(223, 192),
  privateData3: bits(255, 224),
});

export type PageRequestDescriptorError = {
  readonly code: 'unknown-descriptor-type';
  readonly type: number;
};

/** Reads the entry at `offset` in the queue. */
export function decodePageRequest(
  queue: DataView,
  offset: number,
): Result<PageRequest | StopMarker, PageRequestDescriptorError> {
  const raw = PAGE_REQUEST_DESCRIPTOR.read(queue, offset);
  if (raw.type !== TYPE_PAGE_REQUEST) {
    return err({ code: 'unknown-descriptor-type', type: raw.type });
  }

  const source = {
    rid: requesterId(raw.rid),
    pasid: raw.pasidPresent === 1 ? pasid(raw.pasid) : undefined,
  };
  const last = raw.lpig === 1;
  const read = raw.rdReq === 1;
  const write = raw.wrReq === 1;
  if (last && !read && !write) return ok({ kind: 'stop-marker', ...source });

  return ok({
    kind: 'page-request',
    ...source,
    prgi: prgIndex(raw.prgIndex),
    iovaPfn: iovaPfn(raw.addr),
    access: { read, write, exec: raw.exeReq === 1, privileged: raw.pmReq === 1 },
    last,
  });
}

/** Writes the entry at `offset` as hardware would, without private data. */
export function encodePageRequest(
  queue: DataView,
  offset: number,
  request: PageRequest | StopMarker,
): void {
  const asked = request.kind === 'page-request' ? request : undefined;
  PAGE_REQUEST_DESCRIPTOR.write(queue, offset, {
    type: TYPE_PAGE_REQUEST,
    pasidPresent: Number(request.pasid !== undefined),
    privateDataPresent: 0,
    rid: request.rid,
    pasid: request.pasid ?? 0,
    exeReq: Number(asked?.access.exec === true),
    pmReq: Number(asked?.access.privileged === true),
    rdReq: Number(asked?.access.read === true),
    wrReq: Number(asked?.access.write === true),
    lpig: Number(asked === undefined || asked.last),
    prgIndex: asked?.prgi ?? 0,
    addr: asked?.iovaPfn ?? 0,
    privateData0: 0,
    privateData1: 0,
    privateData2: 0,
    privateData3: 0,
  });
}

const LAYOUT = PAGE_REQUEST_DESCRIPTOR;
const TYPE = LAYOUT.place('type');
const PASID_PRESENT = LAYOUT.place('pasidPresent');
const RID = LAYOUT.place('rid');
const PASID = LAYOUT.place('pasid');
const EXEC = LAYOUT.place('exeReq');
const PRIVILEGED = LAYOUT.place('pmReq');
const READ = LAYOUT.place('rdReq');
const WRITE = LAYOUT.place('wrReq');
const LAST = LAYOUT.place('lpig');
const PRG_INDEX = LAYOUT.place('prgIndex');
const [ADDR_LOW, ADDR_HIGH] = twoPlaces(LAYOUT.places('addr'));
invariant(TYPE.word === RID.word && PASID_PRESENT.word === RID.word, 'the source fields part');
invariant(EXEC.word === PASID.word && PRIVILEGED.word === PASID.word, 'the PASID fields part');
invariant(ADDR_LOW.word === PRG_INDEX.word && LAST.word === READ.word, 'the group fields part');
invariant(READ.word === WRITE.word && READ.word === PRG_INDEX.word, 'the group fields part');
const STOP_BITS = placed(1, LAST) | placed(1, READ) | placed(1, WRITE);

/** Words of an entry; the request id and the epoch of the hidden ledger are its last two. */
export const REQUEST_WORDS = LAYOUT.bytes / 4;
export const REQUEST_ID_WORD = LAYOUT.place('privateData2').word;
export const REQUEST_EPOCH_WORD = LAYOUT.place('privateData3').word;

/**
 * Writes the first four words of the entry at the word `at` with plain stores; the private data is
 * the caller's. Caller's duty: every value fits its field. `pasidOrNone` is -1 when there is none.
 */
export function writeRequestWords(
  words: Int32Array,
  at: number,
  rid: number,
  pasidOrNone: number,
  prgIndex: number,
  pfnLow32: number,
  pfnHigh20: number,
  accessBits: number,
  last: boolean,
): void {
  const source = placed(TYPE_PAGE_REQUEST, TYPE) | placed(rid, RID);
  words[at + RID.word] = pasidOrNone < 0 ? source : source | placed(1, PASID_PRESENT);
  words[at + PASID.word] =
    (pasidOrNone < 0 ? 0 : placed(pasidOrNone, PASID)) |
    ((accessBits & ACCESS_EXEC) === 0 ? 0 : placed(1, EXEC)) |
    ((accessBits & ACCESS_PRIVILEGED) === 0 ? 0 : placed(1, PRIVILEGED));
  words[at + PRG_INDEX.word] =
    placed(pfnLow32 & ADDR_LOW.mask, ADDR_LOW) |
    placed(prgIndex, PRG_INDEX) |
    ((accessBits & ACCESS_READ) === 0 ? 0 : placed(1, READ)) |
    ((accessBits & ACCESS_WRITE) === 0 ? 0 : placed(1, WRITE)) |
    (last ? placed(1, LAST) : 0);
  words[at + ADDR_HIGH.word] = (pfnLow32 >>> ADDR_HIGH.lsb) | (pfnHigh20 << (32 - ADDR_HIGH.lsb));
}

export const requestType = (words: Int32Array, at: number): number => piece(words, at, TYPE);
export const requestRid = (words: Int32Array, at: number): number => piece(words, at, RID);
/** -1 when the request carried none. */
export const requestPasid = (words: Int32Array, at: number): number =>
  piece(words, at, PASID_PRESENT) === 0 ? -1 : piece(words, at, PASID);
export const requestPrgIndex = (words: Int32Array, at: number): number =>
  piece(words, at, PRG_INDEX);
/** The low 32 bits of the page frame number, unsigned. */
export const requestPfnLow = (words: Int32Array, at: number): number =>
  (piece(words, at, ADDR_LOW) | (piece(words, at, ADDR_HIGH) << ADDR_HIGH.lsb)) >>> 0;
/** The high 20 bits of the page frame number. */
export const requestPfnHigh = (words: Int32Array, at: number): number =>
  piece(words, at, ADDR_HIGH) >>> (32 - ADDR_HIGH.lsb);
invariant(ACCESS_READ === 1 && ACCESS_WRITE === 2, 'read and write are not the lowest bits');
invariant(
  ACCESS_EXEC === 4 && ACCESS_PRIVILEGED === 8,
  'execute and privileged are not the next bits',
);
invariant(WRITE.shift === READ.shift + 1, 'read and write are not side by side');
invariant(PRIVILEGED.shift === EXEC.shift + 1, 'execute and privileged are not side by side');
/** As ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC | ACCESS_PRIVILEGED: two bits side by side, twice. */
export const requestAccess = (words: Int32Array, at: number): number =>
  ((word(words, at + READ.word) >>> READ.shift) & 0b11) |
  (((word(words, at + EXEC.word) >>> EXEC.shift) & 0b11) << 2);
export const requestIsLast = (words: Int32Array, at: number): boolean =>
  piece(words, at, LAST) === 1;
/** Last of its group, neither read nor write. */
export const requestIsStopMarker = (words: Int32Array, at: number): boolean =>
  (word(words, at + LAST.word) & STOP_BITS) === placed(1, LAST);
