/**
 * The payloads of the generic iommu events: groups, attaches, mappings and the legacy fault report.
 *
 * Kernel: include/trace/events/iommu.h.
 * Units:  the second address of a range is the first behind it; all are pages here.
 */
import type {
  DeviceAttached,
  DeviceGrouped,
  LegacyFaultReported,
  RangeMapped,
  RangeUnmapped,
} from './capture-event.ts';
import {
  alignedPageOf,
  pageOf,
  pagesOf,
  type RawFields,
  rawFields,
  rawHex,
  rawNumber,
  rawText,
} from './payload-numbers.ts';

const GROUPED = /^IOMMU: groupID=(\d{1,10}) device=(\S+)$/;
const ATTACHED = /^IOMMU: device=(\S+)$/;
const MAPPED =
  /^IOMMU: iova=0x([\da-f]{16}) - 0x([\da-f]{16}) paddr=0x([\da-f]{16}) size=(\d{1,20})$/;
const UNMAPPED =
  /^IOMMU: iova=0x([\da-f]{16}) - 0x([\da-f]{16}) size=(\d{1,20}) unmapped_size=(\d{1,20})$/;
const FAULT = /^IOMMU:(\S+) (\S+) iova=0x([\da-f]{16}) flags=0x([\da-f]{4,8})$/;

/** Undefined, here and below, when it is not what the kernel prints. */
export function readGrouping(
  kind: DeviceGrouped['kind'],
  payload: string,
): DeviceGrouped | undefined {
  const [, group, name] = GROUPED.exec(payload) ?? [];
  const fields = rawFields(payload);
  const device = name ?? (fields && rawText(fields, 'device'));
  const number = group === undefined ? fields && rawNumber(fields, 'gid', 31) : Number(group);
  return device === undefined || number === undefined ? undefined : { kind, group: number, device };
}

export function readAttach(payload: string): DeviceAttached | undefined {
  const fields = rawFields(payload);
  const device = ATTACHED.exec(payload)?.[1] ?? (fields && rawText(fields, 'device'));
  return device === undefined ? undefined : { kind: 'device.attached', device };
}

export function readMap(payload: string): RangeMapped | undefined {
  const [, start, end, paddr, size] = MAPPED.exec(payload) ?? [];
  const fields = rawFields(payload);
  const range = rangeOf(start, end, size, fields);
  const frameHex = paddr ?? (fields && rawHex(fields, 'paddr'));
  const frame = frameHex === undefined ? undefined : alignedPageOf(frameHex);
  return range === undefined || frame === undefined
    ? undefined
    : { kind: 'range.mapped', pfn: range.pfn, frame, pages: range.pages };
}

export function readUnmap(payload: string): RangeUnmapped | undefined {
  const [, start, end, size, unmapped] = UNMAPPED.exec(payload) ?? [];
  const fields = rawFields(payload);
  const range = rangeOf(start, end, size, fields);
  const text = unmapped ?? (fields && rawDecimal(fields, 'unmapped_size'));
  const unmappedPages = text === undefined ? undefined : pagesOf(text);
  return range === undefined || unmappedPages === undefined
    ? undefined
    : { kind: 'range.unmapped', ...range, unmappedPages };
}

export function readLegacyFault(payload: string): LegacyFaultReported | undefined {
  const [, driverName, deviceName, iovaHex, flagsHex] = FAULT.exec(payload) ?? [];
  const fields = rawFields(payload);
  const driver = driverName ?? (fields && rawText(fields, 'driver'));
  const device = deviceName ?? (fields && rawText(fields, 'device'));
  const iova = iovaHex ?? (fields && rawHex(fields, 'iova'));
  const flags =
    flagsHex === undefined
      ? fields && rawNumber(fields, 'flags', 32)
      : Number.parseInt(flagsHex, 16);
  const pfn = iova === undefined ? undefined : pageOf(iova);
  if (driver === undefined || device === undefined) return undefined;
  if (pfn === undefined || flags === undefined) return undefined;
  return { kind: 'io-page-fault.reported', driver, device, pfn, flags };
}

/** Of text, both ends and the size must agree; raw fields have no second end. */
function rangeOf(
  start: string | undefined,
  end: string | undefined,
  size: string | undefined,
  fields: RawFields | undefined,
): { readonly pfn: number; readonly pages: number } | undefined {
  const startHex = start ?? (fields && rawHex(fields, 'iova'));
  const sizeText = size ?? (fields && rawDecimal(fields, 'size'));
  const pfn = startHex === undefined ? undefined : alignedPageOf(startHex);
  const pages = sizeText === undefined ? undefined : pagesOf(sizeText);
  if (pfn === undefined || pages === undefined) return undefined;
  if (end === undefined) return { pfn, pages };
  // A range up to the very last page ends at 2^64, which is printed as 0.
  return alignedPageOf(end) === (pfn + pages) % 2 ** 52 ? { pfn, pages } : undefined;
}

function rawDecimal(fields: RawFields, name: string): string | undefined {
  const hex = rawHex(fields, name);
  return hex === undefined ? undefined : BigInt(`0x${hex}`).toString();
}
