/**
 * AMD commands: what software asks of the unit through its command ring, as values and as bytes.
 *
 * Spec:   AMD IOMMU Specification, "Commands"; PCIe Base, "Invalidate Request Message" for ranges.
 * Kernel: drivers/iommu/amd/iommu.c, build_completion_wait(), build_inv_*(), build_complete_ppr().
 * Units:  ranges are blocks of pages; `storeQuadword` is an address / 8; offsets are bytes.
 * Policy: completion status is the driver's: 7.3 sends the low four bits of its own code, so failure goes out as 2.
 *         7.3 sets GN by the kind of table behind the function, not by the request it completes.
 */
import {
  type DomainId,
  domainId,
  type Pasid,
  type PrgIndex,
  pasid,
  prgIndex,
  type RequesterId,
  requesterId,
} from '../../core/ids.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { BitLayout, BitTable, BitValues } from '../bit-layout.ts';
import { type DescriptorImage, descriptorImage } from '../descriptor-image.ts';
import { decodeSized, encodeSized, type InvalidationRange } from '../vtd/invalidation-range.ts';
import {
  COMMAND_HEADER,
  COMPLETE_PAGE_REQUEST,
  COMPLETION_WAIT,
  INVALIDATE_DEVICE_ENTRY,
  INVALIDATE_IOTLB_PAGES,
  INVALIDATE_PAGES,
  OPCODE,
} from './command-layouts.ts';

export type AmdCommand =
  | {
      readonly kind: 'completion-wait';
      /** Undefined: the unit only finishes what came before. */
      readonly storeQuadword: number | undefined;
      /** What is stored: a sequence number, in two words. */
      readonly dataLow: number;
      readonly dataHigh: number;
    }
  | { readonly kind: 'invalidate-device-entry'; readonly device: RequesterId }
  | {
      readonly kind: 'invalidate-pages';
      readonly domain: DomainId;
      /** Undefined: host translations; else guest translations of that PASID. */
      readonly pasid: Pasid | undefined;
      /** Upper-level entries too. */
      readonly directories: boolean;
      readonly range: InvalidationRange;
    }
  | {
      readonly kind: 'invalidate-iotlb-pages';
      readonly device: RequesterId;
      readonly queueDepth: number;
      /** 16 bits. */
      readonly pasid: Pasid | undefined;
      readonly range: InvalidationRange;
    }
  | {
      readonly kind: 'complete-page-request';
      readonly device: RequesterId;
      /** Undefined: sent without GN. */
      readonly pasid: Pasid | undefined;
      readonly prgi: PrgIndex;
      /** Four bits, as sent. */
      readonly status: number;
    }
  | { readonly kind: 'invalidate-all' };

export type CommandError =
  | { readonly code: 'unknown-opcode'; readonly opcode: number }
  /** An address whose size can't be told. */
  | { readonly code: 'reserved-encoding'; readonly opcode: number };

/** @throws InvariantViolation when a value does not fit, or a block is not aligned. */
export function encodeCommand(ring: DataView, offset: number, command: AmdCommand): void {
  imageOf(command).toBytes(ring, offset);
}

/** As `encodeCommand`, to the word `at`; plain stores. */
export function writeCommandWords(words: Int32Array, at: number, command: AmdCommand): void {
  imageOf(command).toWords(words, at);
}

function imageOf(command: AmdCommand): DescriptorImage {
  switch (command.kind) {
    case 'completion-wait':
      return descriptorImage(COMPLETION_WAIT, {
        store: Number(command.storeQuadword !== undefined),
        address: command.storeQuadword ?? 0,
        opcode: OPCODE.completionWait,
        dataLow: command.dataLow,
        dataHigh: command.dataHigh,
      });
    case 'invalidate-device-entry':
      return descriptorImage(INVALIDATE_DEVICE_ENTRY, {
        deviceId: command.device,
        opcode: OPCODE.invalidateDeviceEntry,
      });
    case 'invalidate-pages':
      return descriptorImage(INVALIDATE_PAGES, {
        pasid: command.pasid ?? 0,
        domain: command.domain,
        opcode: OPCODE.invalidatePages,
        pde: Number(command.directories),
        gn: Number(command.pasid !== undefined),
        ...encodeSized(command.range),
      });
    case 'invalidate-iotlb-pages':
      return descriptorImage(INVALIDATE_IOTLB_PAGES, {
        deviceId: command.device,
        queueDepth: command.queueDepth,
        queueId: command.device,
        pasidHigh: (command.pasid ?? 0) >>> 8,
        pasidLow: (command.pasid ?? 0) & 0xff,
        opcode: OPCODE.invalidateIotlbPages,
        gn: Number(command.pasid !== undefined),
        ...encodeSized(command.range),
      });
    case 'complete-page-request':
      return descriptorImage(COMPLETE_PAGE_REQUEST, {
        deviceId: command.device,
        pasid: command.pasid ?? 0,
        opcode: OPCODE.completePageRequest,
        gn: Number(command.pasid !== undefined),
        tag: command.prgi,
        status: command.status,
      });
    case 'invalidate-all':
      return descriptorImage(COMMAND_HEADER, { opcode: OPCODE.invalidateAll });
  }
}

type Read = <Table extends BitTable>(layout: BitLayout<Table>) => BitValues<Table>;

/** Reads the command at `offset` of the ring. */
export const decodeCommand = (ring: DataView, offset: number): Result<AmdCommand, CommandError> =>
  decode((layout) => layout.read(ring, offset));

/** As `decodeCommand`, from the word `at`; plain loads. */
export const readCommandWords = (words: Int32Array, at: number): Result<AmdCommand, CommandError> =>
  decode((layout) => layout.readWords(words, at));

function decode(read: Read): Result<AmdCommand, CommandError> {
  const { opcode } = read(COMMAND_HEADER);
  switch (opcode) {
    case OPCODE.completionWait: {
      const raw = read(COMPLETION_WAIT);
      const storeQuadword = raw.store === 1 ? raw.address : undefined;
      return ok({
        kind: 'completion-wait',
        storeQuadword,
        dataLow: raw.dataLow,
        dataHigh: raw.dataHigh,
      });
    }
    case OPCODE.invalidateDeviceEntry: {
      const raw = read(INVALIDATE_DEVICE_ENTRY);
      return ok({ kind: 'invalidate-device-entry', device: requesterId(raw.deviceId) });
    }
    case OPCODE.invalidatePages:
      return pagesOf(read(INVALIDATE_PAGES));
    case OPCODE.invalidateIotlbPages:
      return iotlbPagesOf(read(INVALIDATE_IOTLB_PAGES));
    case OPCODE.completePageRequest: {
      const raw = read(COMPLETE_PAGE_REQUEST);
      return ok({
        kind: 'complete-page-request',
        device: requesterId(raw.deviceId),
        pasid: raw.gn === 1 ? pasid(raw.pasid) : undefined,
        prgi: prgIndex(raw.tag),
        status: raw.status,
      });
    }
    case OPCODE.invalidateAll:
      return ok({ kind: 'invalidate-all' });
    default:
      return err({ code: 'unknown-opcode', opcode });
  }
}

function pagesOf(raw: BitValues<typeof INVALIDATE_PAGES.table>): Result<AmdCommand, CommandError> {
  const range = decodeSized(raw);
  if (range === undefined) return err({ code: 'reserved-encoding', opcode: raw.opcode });
  return ok({
    kind: 'invalidate-pages',
    domain: domainId(raw.domain),
    pasid: raw.gn === 1 ? pasid(raw.pasid) : undefined,
    directories: raw.pde === 1,
    range,
  });
}

function iotlbPagesOf(
  raw: BitValues<typeof INVALIDATE_IOTLB_PAGES.table>,
): Result<AmdCommand, CommandError> {
  const range = decodeSized(raw);
  if (range === undefined) return err({ code: 'reserved-encoding', opcode: raw.opcode });
  return ok({
    kind: 'invalidate-iotlb-pages',
    device: requesterId(raw.deviceId),
    queueDepth: raw.queueDepth,
    pasid: raw.gn === 1 ? pasid((raw.pasidHigh << 8) | raw.pasidLow) : undefined,
    range,
  });
}

/** What a function makes of a completion status; the specification's failure is 0xf, 7.3 sends 2. */
export const COMPLETION_STATUS = { success: 0, invalid: 1, failure: 0xf } as const;
/** What 7.3 sends for failure. */
export const COMPLETION_FAILURE_AS_SENT = 2;
