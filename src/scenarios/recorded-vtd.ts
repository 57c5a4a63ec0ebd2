/**
 * Recorded VT-d unit: the kernel's own events.
 *
 * Kernel: drivers/iommu/intel/trace.h.
 */
import { FLPT_DEFAULT_DID } from '../core/ids.ts';
import { ACCESS_EXEC, ACCESS_PRIVILEGED, ACCESS_READ, ACCESS_WRITE } from '../hw/access.ts';
import { RESPONSE_WORDS, writeResponseWords } from '../hw/vtd/page-group-response.ts';
import { deviceRid } from '../workers/requester.ts';
import {
  nameOf,
  quads,
  type RecordedRequest,
  type RecordedUnit,
  type Told,
  type Words,
} from './recorded-unit.ts';

const UNIT = 'dmar0';
/** Descriptor types by number, as the kernel prints them. */
const TYPES = [
  '',
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
const WHOLE_ORDER = 52;

export const RECORDED_VTD: RecordedUnit = {
  name: UNIT,
  comm: `irq/1-${UNIT}-prq`,
  report,
  answer: (device, pasid, index, code) => {
    const words = new Int32Array(RESPONSE_WORDS);
    writeResponseWords(words, 0, deviceRid(device), pasid, index, code);
    return submission(words);
  },
  command: submission,
  listed,
  flushed: (device, words) => [flush(device, words)],
};

function report({
  sequence,
  device,
  pasid,
  index,
  low,
  high,
  access,
  last,
}: RecordedRequest): string {
  const pfn = (high & 0xfffff) * 2 ** 32 + (low >>> 0);
  const letter = (isSet: boolean, name: string): string => (isSet ? name : '-');
  const letters = [
    letter((access & ACCESS_READ) !== 0, 'r'),
    letter((access & ACCESS_WRITE) !== 0, 'w'),
    letter((access & ACCESS_EXEC) !== 0, 'x'),
    letter((access & ACCESS_PRIVILEGED) !== 0, 'p'),
    letter(last, 'l'),
  ].join('');
  const number = Math.max(0, pasid).toString(16);
  return [
    `prq_report: ${UNIT}/${nameOf(device)} seq# ${sequence}:`,
    `rid=0x${deviceRid(device).toString(16)} addr=0x${pfn.toString(16)} ${letters}`,
    `pasid=0x${number} index=0x${index.toString(16)}`,
  ].join(' ');
}

function submission(words: ArrayLike<number>): string {
  const type = (words[0] ?? 0) & 0xf;
  const name = TYPES[type] ?? `0x${type.toString(16)}`;
  return `qi_submit: ${name} ${UNIT}: ${quads(words, 2)} 0x0 0x0`;
}

/** A tag of the IOTLB and one of the device. */
function listed(added: boolean, device: number, pasid: number, users: number): Told {
  const event = added ? 'cache_tag_assign' : 'cache_tag_unassign';
  const did = FLPT_DEFAULT_DID;
  return [
    `${event}: ${UNIT}/${UNIT} type iotlb did ${did} pasid ${pasid} ref ${users}`,
    `${event}: ${UNIT}/${nameOf(device)} type devtlb did ${did} pasid ${pasid} ref 1`,
  ];
}

function flush(device: number, [, pasid, tag, order, low, high]: Words): string {
  const start = (BigInt(high) << 32n) | BigInt(low >>> 0);
  const isWhole = order >= WHOLE_ORDER;
  const first = isWhole ? 0n : start << 12n;
  const last = isWhole ? 0xffff_ffff_ffff_ffffn : first + (1n << BigInt(12 + order)) - 1n;
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  const where =
    tag === 0 ? `${UNIT}[${pasid}] type iotlb` : `${nameOf(device)}[${pasid}] type devtlb`;
  return [
    `cache_tag_flush_range: ${UNIT} ${where} did ${FLPT_DEFAULT_DID}`,
    `[${hex(first)}-${hex(last)}] addr ${hex(first)} mask ${hex(BigInt(order))}`,
  ].join(' ');
}
