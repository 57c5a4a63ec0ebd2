/**
 * Payloads printed again from what was read, as the kernel prints them: nothing was lost, nothing made up.
 *
 * Source: the format strings of drivers/iommu/intel/trace.h and include/trace/events/iommu.h; response words are put
 *         together from the bit positions of iommu.h, QI_PGRP_*, without our layouts.
 */
import type { InvalidationDescriptor } from '../../../../src/hw/vtd/invalidation-descriptors.ts';
import { writeInvalidationWords } from '../../../../src/hw/vtd/invalidation-encoding.ts';
import type {
  CaptureFact,
  PageGroupResponded,
  PageRequestReported,
} from '../../../../src/scenarios/capture/capture-event.ts';

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
const hex16 = (value: bigint): string => `0x${value.toString(16).padStart(16, '0')}`;
const address = (pfn: number): bigint => BigInt(pfn) << 12n;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  'context-cache': 'cc_inv',
  iotlb: 'iotlb_inv',
  'device-tlb': 'dev_tlb_inv',
  wait: 'inv_wait',
  'pasid-iotlb': 'p_iotlb_inv',
  'pasid-cache': 'pc_inv',
  'pasid-device-tlb': 'p_dev_tlb_inv',
};

/** Undefined for facts whose text does not hold all there was. */
export function reprinted(fact: CaptureFact): string | undefined {
  switch (fact.kind) {
    case 'page-request.reported':
      return request(fact);
    case 'page-group.responded':
      return response(fact);
    case 'invalidation.submitted':
      return fact.descriptor.kind === 'opaque' ? undefined : submission(fact.unit, fact.descriptor);
    case 'cache-tag.assigned':
    case 'cache-tag.unassigned':
      return `${fact.unit}/${fact.device} type ${fact.type} did ${fact.did} pasid ${fact.pasid} ref ${fact.references}`;
    case 'cache-tag.flushed': {
      const range = `[${hex(address(fact.first))}-${hex(address(fact.last) | 0xfffn)}]`;
      const block = `addr ${hex(address(fact.pfn))} mask ${hex(fact.order)}`;
      return `${fact.unit} ${fact.device}[${fact.pasid}] type ${fact.type} did ${fact.did} ${range} ${block}`;
    }
    case 'device.grouped':
    case 'device.ungrouped':
      return `IOMMU: groupID=${fact.group} device=${fact.device}`;
    case 'device.attached':
      return `IOMMU: device=${fact.device}`;
    case 'range.mapped':
      return `IOMMU: ${range(fact.pfn, fact.pages)} paddr=${hex16(address(fact.frame))} size=${fact.pages * 4096}`;
    case 'range.unmapped':
      return `IOMMU: ${range(fact.pfn, fact.pages)} size=${fact.pages * 4096} unmapped_size=${fact.unmappedPages * 4096}`;
    case 'function.entered':
    case 'function.returned':
    case 'handler.ran':
    case 'io-page-fault.reported':
    case 'events.lost':
    case 'command.submitted':
    case 'attachment.listed':
    case 'attachment.unlisted':
    case 'operation.returned':
      return undefined; // the last four are a storm's own, and in no capture
    case 'thread.held':
      return `pritest point ${fact.point}: hold (-1)`;
    case 'thread.released':
      return `pritest point ${fact.point}: go`;
    case 'mark.written':
      return fact.text;
  }
}

const range = (pfn: number, pages: number): string =>
  `iova=${hex16(address(pfn))} - ${hex16(address(pfn + pages))}`;

function request(fact: PageRequestReported): string {
  const letters = [
    fact.read ? 'r' : '-',
    fact.write ? 'w' : '-',
    fact.exec ? 'x' : '-',
    fact.privileged ? 'p' : '-',
    fact.last ? 'l' : '-',
  ].join('');
  const source = `rid=${hex(fact.rid)} addr=${hex(fact.pfn)} ${letters}`;
  return `${fact.unit}/${fact.device} seq# ${fact.sequence}: ${source} pasid=${hex(fact.pasid)} index=${hex(fact.index)}`;
}

function response(fact: PageGroupResponded): string {
  const present = fact.pasid === undefined ? 0n : (1n << 4n) | (BigInt(fact.pasid) << 32n);
  const qw0 = 9n | present | (BigInt(fact.wireCode) << 12n) | (BigInt(fact.rid) << 16n);
  return `page_grp_resp ${fact.unit}: ${hex(qw0)} ${hex(BigInt(fact.index) << 3n)} 0x0 0x0`;
}

function submission(unit: string, descriptor: InvalidationDescriptor): string {
  const words = new Int32Array(8);
  writeInvalidationWords(words, 0, descriptor);
  const quads = [0, 2, 4, 6].map((at) =>
    hex((BigInt((words[at + 1] ?? 0) >>> 0) << 32n) | BigInt((words[at] ?? 0) >>> 0)),
  );
  return `${TYPE_NAMES[descriptor.kind]} ${unit}: ${quads.join(' ')}`;
}
