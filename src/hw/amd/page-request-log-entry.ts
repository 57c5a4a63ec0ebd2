/**
 * PPR log entry: the 16 bytes an AMD unit appends to its peripheral page request log.
 *
 * Spec:   AMD I/O Virtualization Technology (IOMMU) Specification, "Peripheral Page Request Log".
 * Kernel: drivers/iommu/amd/ppr.c, iommu_call_iopf_notifier(); amd_iommu_types.h, PPR_*.
 * Units:  addr is an IOVA page frame number; the driver drops the low 12 bits. Offsets are bytes, `at` counts words.
 * Policy: none. What a driver refuses (no GN, a reserved bit, PASID 0) is its rule. An entry carries PASIDs of 20
 *         bits, Linux enables 16 of them.
 */
import { iovaPfn, type Pasid, pasid, prgIndex, requesterId } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import type { PageRequest } from '../../core/page-request.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { word } from '../../core/words.ts';
import { ACCESS_EXEC, ACCESS_PRIVILEGED, ACCESS_READ, ACCESS_WRITE } from '../access.ts';
import { bit, bitLayout, bits, piece, placed, twoPlaces } from '../bit-layout.ts';

/** The type nibble of an entry that hardware has announced and not written yet. */
export const TYPE_NOT_WRITTEN = 0;
const TYPE_PAGE_REQUEST = 1;

export const PPR_LOG_ENTRY = bitLayout(16, {
  deviceId: bits(15, 0),
  pasidLow: bits(31, 16),
  tag: bits(40, 32),
  last: bit(41),
  pasidHigh: bits(45, 42),
  execute: bit(49),
  read: bit(50),
  write: bit(53),
  user: bit(54),
  reservedBit: bit(55),
  gn: bit(56),
  type: bits(63, 60),
  addr: bits(127, 76),
});

export const PPR_LOG_ENTRY_WORDS = PPR_LOG_ENTRY.bytes / 4;

/** A page request, and whether the walk that failed met a reserved bit. */
export type LoggedRequest = { readonly request: PageRequest; readonly reservedBit: boolean };

export type LogEntryError =
  | { readonly code: 'entry-not-written' }
  | { readonly code: 'unknown-entry-type'; readonly type: number };

/** Reads the entry at `offset` of the log. A request without GN carries no PASID. */
export function decodeLogEntry(
  log: DataView,
  offset: number,
): Result<LoggedRequest, LogEntryError> {
  const raw = PPR_LOG_ENTRY.read(log, offset);
  if (raw.type === TYPE_NOT_WRITTEN) return err({ code: 'entry-not-written' });
  if (raw.type !== TYPE_PAGE_REQUEST) return err({ code: 'unknown-entry-type', type: raw.type });
  return ok({
    reservedBit: raw.reservedBit === 1,
    request: {
      kind: 'page-request',
      rid: requesterId(raw.deviceId),
      pasid: raw.gn === 1 ? pasid(raw.pasidHigh * 2 ** 16 + raw.pasidLow) : undefined,
      prgi: prgIndex(raw.tag),
      iovaPfn: iovaPfn(raw.addr),
      access: {
        read: raw.read === 1,
        write: raw.write === 1,
        exec: raw.execute === 1,
        privileged: raw.user === 0,
      },
      last: raw.last === 1,
    },
  });
}

/** Writes the entry at `offset` as hardware would. */
export function encodeLogEntry(
  log: DataView,
  offset: number,
  { request, reservedBit }: LoggedRequest,
): void {
  const { access } = request;
  PPR_LOG_ENTRY.write(log, offset, {
    deviceId: request.rid,
    ...pasidHalves(request.pasid ?? 0),
    tag: request.prgi,
    last: Number(request.last),
    execute: Number(access.exec),
    read: Number(access.read),
    write: Number(access.write),
    user: Number(!access.privileged),
    reservedBit: Number(reservedBit),
    gn: Number(request.pasid !== undefined),
    type: TYPE_PAGE_REQUEST,
    addr: request.iovaPfn,
  });
}

const pasidHalves = (
  value: Pasid | 0,
): { readonly pasidLow: number; readonly pasidHigh: number } => ({
  pasidLow: value % 2 ** 16,
  pasidHigh: Math.floor(value / 2 ** 16),
});

const DEVICE = PPR_LOG_ENTRY.place('deviceId');
const PASID_LOW = PPR_LOG_ENTRY.place('pasidLow');
const PASID_HIGH = PPR_LOG_ENTRY.place('pasidHigh');
const TAG = PPR_LOG_ENTRY.place('tag');
const LAST = PPR_LOG_ENTRY.place('last');
const EXECUTE = PPR_LOG_ENTRY.place('execute');
const READ = PPR_LOG_ENTRY.place('read');
const WRITE = PPR_LOG_ENTRY.place('write');
const USER = PPR_LOG_ENTRY.place('user');
const RESERVED_BIT = PPR_LOG_ENTRY.place('reservedBit');
const GN = PPR_LOG_ENTRY.place('gn');
const TYPE = PPR_LOG_ENTRY.place('type');
const [ADDR_LOW, ADDR_HIGH] = twoPlaces(PPR_LOG_ENTRY.places('addr'));
const PASID_LOW_BITS = 16;
invariant(DEVICE.word === PASID_LOW.word, 'the source fields part');
invariant(
  [PASID_HIGH, LAST, EXECUTE, READ, WRITE, USER, GN, TYPE].every(({ word }) => word === TAG.word),
  'the group fields part',
);

/**
 * Writes the entry at the word `at` with plain stores, as hardware would for a request with a PASID.
 * Caller's duty: every value fits its field.
 */
export function writeLogEntryWords(
  words: Int32Array,
  at: number,
  rid: number,
  pasid: number,
  tag: number,
  pfnLow32: number,
  pfnHigh20: number,
  accessBits: number,
  last: boolean,
): void {
  words[at + DEVICE.word] = placed(rid, DEVICE) | placed(pasid & PASID_LOW.mask, PASID_LOW);
  words[at + ADDR_LOW.word] = placed(pfnLow32 & ADDR_LOW.mask, ADDR_LOW);
  words[at + ADDR_HIGH.word] = (pfnLow32 >>> ADDR_HIGH.lsb) | (pfnHigh20 << (32 - ADDR_HIGH.lsb));
  words[at + TAG.word] =
    placed(tag, TAG) |
    placed(pasid >>> PASID_LOW_BITS, PASID_HIGH) |
    (last ? placed(1, LAST) : 0) |
    ((accessBits & ACCESS_EXEC) === 0 ? 0 : placed(1, EXECUTE)) |
    ((accessBits & ACCESS_READ) === 0 ? 0 : placed(1, READ)) |
    ((accessBits & ACCESS_WRITE) === 0 ? 0 : placed(1, WRITE)) |
    ((accessBits & ACCESS_PRIVILEGED) === 0 ? placed(1, USER) : 0) |
    placed(1, GN) |
    placed(TYPE_PAGE_REQUEST, TYPE);
}

export const logEntryIsRequest = (words: Int32Array, at: number): boolean =>
  piece(words, at, TYPE) === TYPE_PAGE_REQUEST;
export const logEntryDevice = (words: Int32Array, at: number): number => piece(words, at, DEVICE);
/** -1 when the request carried none. */
export const logEntryPasid = (words: Int32Array, at: number): number =>
  piece(words, at, GN) === 0
    ? -1
    : piece(words, at, PASID_LOW) | (piece(words, at, PASID_HIGH) << PASID_LOW_BITS);
export const logEntryTag = (words: Int32Array, at: number): number => piece(words, at, TAG);
export const logEntryIsLast = (words: Int32Array, at: number): boolean =>
  piece(words, at, LAST) === 1;
export const logEntryHasReservedBit = (words: Int32Array, at: number): boolean =>
  piece(words, at, RESERVED_BIT) === 1;
/** As ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC | ACCESS_PRIVILEGED. */
export const logEntryAccess = (words: Int32Array, at: number): number =>
  (piece(words, at, READ) * ACCESS_READ) |
  (piece(words, at, WRITE) * ACCESS_WRITE) |
  (piece(words, at, EXECUTE) * ACCESS_EXEC) |
  ((1 - piece(words, at, USER)) * ACCESS_PRIVILEGED);
/** The low 32 bits of the page frame number, unsigned. */
export const logEntryPfnLow = (words: Int32Array, at: number): number =>
  (piece(words, at, ADDR_LOW) | (word(words, at + ADDR_HIGH.word) << ADDR_HIGH.lsb)) >>> 0;
/** The high 20 bits of the page frame number. */
export const logEntryPfnHigh = (words: Int32Array, at: number): number =>
  word(words, at + ADDR_HIGH.word) >>> (32 - ADDR_HIGH.lsb);

/** Whether hardware has written the entry at the word `at`; the interrupt may come first. */
export const isWritten = (words: Int32Array, at: number): boolean =>
  ((Atomics.load(words, at + TYPE.word) >>> TYPE.shift) & TYPE.mask) !== TYPE_NOT_WRITTEN;

/** Gives the entry back as hardware must find it: the type word first, or an old type would be read again. */
export function eraseEntry(words: Int32Array, at: number): void {
  invariant(TYPE.word < PPR_LOG_ENTRY_WORDS, 'the type lies outside the entry');
  Atomics.store(words, at + TYPE.word, 0);
  for (let word = 0; word < PPR_LOG_ENTRY_WORDS; word += 1) words[at + word] = 0;
}
