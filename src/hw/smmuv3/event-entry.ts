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
import type { Access } from '../../core/page-request.ts';
import { bit, bitLayout, bits } from '../bit-layout.ts';

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
