/**
 * Event queue entry: the 32 bytes in which an SMMU reports a fault, stalled or terminated.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Event queue", "Event records".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.h, EVTQ_*; arm-smmu-v3.c, arm_smmu_handle_event().
 * Units:  the address is a page frame number and an offset in the page; a stall tag (STAG) has 16 bits.
 * Policy: which events Linux handles is HANDLED_EVENTS; that each stall is a group of its own, last of it, is the
 *         driver's.
 */
import { type IovaPfn, iovaPfn, type Pasid, pasid } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import type { Access } from '../../core/page-request.ts';
import { word } from '../../core/words.ts';
import { ACCESS_EXEC, ACCESS_PRIVILEGED, ACCESS_READ, ACCESS_WRITE } from '../access.ts';
import { bit, bitLayout, bits, piece, placed, twoPlaces } from '../bit-layout.ts';

export const EVENT_ENTRY = bitLayout(32, {
  id: bits(7, 0),
  ssv: bit(11),
  ssid: bits(31, 12),
  sid: bits(63, 32),
  stag: bits(79, 64),
  stall: bit(95),
  privileged: bit(97),
  instruction: bit(98),
  readNotWrite: bit(99),
  secondStage: bit(103),
  class: bits(105, 104),
  tableRead: bit(108),
  addressOffset: bits(139, 128),
  addressPage: bits(191, 140),
  fetchOffset: bits(203, 195),
  fetchPage: bits(243, 204),
});

/** Events Linux 7.3 looks into, by number; any other it logs. */
export const HANDLED_EVENTS = {
  badStreamEntry: 0x04,
  streamDisabled: 0x06,
  badSubstream: 0x08,
  badContextDescriptor: 0x0a,
  translation: 0x10,
  addressSize: 0x11,
  access: 0x12,
  permission: 0x13,
} as const;
export type HandledEvent = keyof typeof HANDLED_EVENTS;

export type FaultEvent = {
  readonly id: number;
  readonly stream: number;
  readonly pasid: Pasid | undefined;
  /** The transaction waits, under this tag, for a RESUME; undefined: it was terminated. */
  readonly stallTag: number | undefined;
  /** Either a read or a write. */
  readonly access: Access;
  readonly secondStage: boolean;
  /** What the walk was doing; two bits. */
  readonly class: number;
  readonly tableRead: boolean;
  readonly iovaPfn: IovaPfn;
  readonly offset: number;
  /** Intermediate address, as frame and offset in eights; what it means depends on the event. */
  readonly fetchPage: number;
  readonly fetchOffset: number;
};

/** The name of an event Linux looks into; undefined for the others. */
export const handledEvent = (id: number): HandledEvent | undefined =>
  (Object.keys(HANDLED_EVENTS) as HandledEvent[]) // keys of that record
    .find((name) => HANDLED_EVENTS[name] === id);

/** Reads the entry at `offset` in the queue. */
export function decodeEvent(queue: DataView, offset: number): FaultEvent {
  const raw = EVENT_ENTRY.read(queue, offset);
  return {
    id: raw.id,
    stream: raw.sid,
    pasid: raw.ssv === 1 ? pasid(raw.ssid) : undefined,
    stallTag: raw.stall === 1 ? raw.stag : undefined,
    access: {
      read: raw.readNotWrite === 1,
      write: raw.readNotWrite === 0,
      exec: raw.instruction === 1,
      privileged: raw.privileged === 1,
    },
    secondStage: raw.secondStage === 1,
    class: raw.class,
    tableRead: raw.tableRead === 1,
    iovaPfn: iovaPfn(raw.addressPage),
    offset: raw.addressOffset,
    fetchPage: raw.fetchPage,
    fetchOffset: raw.fetchOffset,
  };
}

/** Writes the entry at `offset` as hardware would. */
export function encodeEvent(queue: DataView, offset: number, event: FaultEvent): void {
  EVENT_ENTRY.write(queue, offset, {
    id: event.id,
    ssv: Number(event.pasid !== undefined),
    ssid: event.pasid ?? 0,
    sid: event.stream,
    stag: event.stallTag ?? 0,
    stall: Number(event.stallTag !== undefined),
    privileged: Number(event.access.privileged),
    instruction: Number(event.access.exec),
    readNotWrite: Number(event.access.read),
    secondStage: Number(event.secondStage),
    class: event.class,
    tableRead: Number(event.tableRead),
    addressOffset: event.offset,
    addressPage: event.iovaPfn,
    fetchOffset: event.fetchOffset,
    fetchPage: event.fetchPage,
  });
}

const ID = EVENT_ENTRY.place('id');
const SSV = EVENT_ENTRY.place('ssv');
const SSID = EVENT_ENTRY.place('ssid');
const SID = EVENT_ENTRY.place('sid');
const STAG = EVENT_ENTRY.place('stag');
const STALL = EVENT_ENTRY.place('stall');
const PRIVILEGED = EVENT_ENTRY.place('privileged');
const INSTRUCTION = EVENT_ENTRY.place('instruction');
const READ = EVENT_ENTRY.place('readNotWrite');
const [PAGE_LOW, PAGE_HIGH] = twoPlaces(EVENT_ENTRY.places('addressPage'));
const [FETCH_LOW] = twoPlaces(EVENT_ENTRY.places('fetchPage'));
invariant(ID.word === SSID.word && SSV.word === SSID.word, 'the substream is apart from the event');
invariant(STAG.word === STALL.word, 'the stall is apart from its tag');

export const EVENT_WORDS = EVENT_ENTRY.bytes / 4;

/**
 * Writes an event of the first stage at the word `at` with plain stores. Caller's duty: every value fits its field.
 * `stallTagOrNone` is -1 for a transaction that was terminated. An access that writes is a write, whatever else it is.
 */
export function writeEventWords(
  words: Int32Array,
  at: number,
  id: number,
  stream: number,
  pasid: number,
  stallTagOrNone: number,
  pfnLow32: number,
  pfnHigh20: number,
  accessBits: number,
): void {
  words[at + ID.word] = placed(id, ID) | placed(1, SSV) | placed(pasid, SSID);
  words[at + SID.word] = stream;
  words[at + STAG.word] = stallTagOrNone < 0 ? 0 : placed(stallTagOrNone, STAG) | placed(1, STALL);
  words[at + READ.word] =
    ((accessBits & ACCESS_WRITE) === 0 ? placed(1, READ) : 0) |
    ((accessBits & ACCESS_EXEC) === 0 ? 0 : placed(1, INSTRUCTION)) |
    ((accessBits & ACCESS_PRIVILEGED) === 0 ? 0 : placed(1, PRIVILEGED));
  words[at + PAGE_LOW.word] = placed(pfnLow32 & PAGE_LOW.mask, PAGE_LOW);
  words[at + PAGE_HIGH.word] = (pfnLow32 >>> PAGE_HIGH.lsb) | (pfnHigh20 << (32 - PAGE_HIGH.lsb));
  words[at + FETCH_LOW.word] = 0;
  words[at + FETCH_LOW.word + 1] = 0;
}

export const eventId = (words: Int32Array, at: number): number => piece(words, at, ID);
export const eventStream = (words: Int32Array, at: number): number => piece(words, at, SID);
/** -1 when the transaction had none. */
export const eventPasid = (words: Int32Array, at: number): number =>
  piece(words, at, SSV) === 0 ? -1 : piece(words, at, SSID);
/** -1 when the transaction was terminated. */
export const eventStallTag = (words: Int32Array, at: number): number =>
  piece(words, at, STALL) === 0 ? -1 : piece(words, at, STAG);
/** As ACCESS_READ xor ACCESS_WRITE, with ACCESS_EXEC and ACCESS_PRIVILEGED. */
export const eventAccess = (words: Int32Array, at: number): number =>
  (piece(words, at, READ) === 1 ? ACCESS_READ : ACCESS_WRITE) |
  (piece(words, at, INSTRUCTION) * ACCESS_EXEC) |
  (piece(words, at, PRIVILEGED) * ACCESS_PRIVILEGED);
/** The low 32 bits of the page frame number, unsigned. */
export const eventPfnLow = (words: Int32Array, at: number): number =>
  (piece(words, at, PAGE_LOW) | (word(words, at + PAGE_HIGH.word) << PAGE_HIGH.lsb)) >>> 0;
/** The high 20 bits of the page frame number. */
export const eventPfnHigh = (words: Int32Array, at: number): number =>
  word(words, at + PAGE_HIGH.word) >>> (32 - PAGE_HIGH.lsb);
