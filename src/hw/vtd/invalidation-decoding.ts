/**
 * Decoding of invalidation descriptors: what hardware understands from the invalidation queue.
 *
 * Spec:   Intel VT-d, "Queued Invalidation Interface".
 * Units:  offsets are bytes, `at` counts words; an entry is 32 bytes (scalable mode).
 * Policy: reserved bits are ignored; whether an error sets IQE is the queue's rule.
 */
import { domainId, iovaPfn, pasid, requesterId } from '../../core/ids.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { BitLayout, BitTable, BitValues } from '../bit-layout.ts';
import type {
  HintedRange,
  InvalidationDescriptor,
  IotlbScope,
  PasidIotlbInvalidation,
} from './invalidation-descriptors.ts';
import {
  CONTEXT_CACHE_INVALIDATION,
  CONTEXT_GRANULARITY,
  DEVICE_TLB_INVALIDATION,
  INVALIDATION_HEADER,
  INVALIDATION_TYPE,
  IOTLB_GRANULARITY,
  IOTLB_INVALIDATION,
  PASID_CACHE_GRANULARITY,
  PASID_CACHE_INVALIDATION,
  PASID_DEVICE_TLB_INVALIDATION,
  PASID_IOTLB_GRANULARITY,
  PASID_IOTLB_INVALIDATION,
  WAIT,
} from './invalidation-layouts.ts';
import { decodeSized } from './invalidation-range.ts';

export type InvalidationError =
  | { readonly code: 'unknown-descriptor-type'; readonly type: number }
  /** A granularity or a size the specification does not define. */
  | { readonly code: 'reserved-encoding'; readonly type: number };

type Decoded = Result<InvalidationDescriptor, InvalidationError>;
type Read = <Table extends BitTable>(layout: BitLayout<Table>) => BitValues<Table>;

export const decodeInvalidation = (queue: DataView, offset: number): Decoded =>
  decode((layout) => layout.read(queue, offset));

/** As `decodeInvalidation`, from the word `at`; plain loads. */
export const readInvalidationWords = (words: Int32Array, at: number): Decoded =>
  decode((layout) => layout.readWords(words, at));

function decode(read: Read): Decoded {
  const { type } = read(INVALIDATION_HEADER);
  const descriptor = descriptorOf(type, read);
  if (descriptor === 'unknown') return err({ code: 'unknown-descriptor-type', type });
  return descriptor === undefined ? err({ code: 'reserved-encoding', type }) : ok(descriptor);
}

/** Undefined when the type is known and what it says is reserved. */
function descriptorOf(type: number, read: Read): InvalidationDescriptor | undefined | 'unknown' {
  switch (type) {
    case INVALIDATION_TYPE.contextCache:
      return contextCacheIn(read);
    case INVALIDATION_TYPE.iotlb:
      return iotlbIn(read);
    case INVALIDATION_TYPE.deviceTlb:
      return deviceTlbIn(read);
    case INVALIDATION_TYPE.wait:
      return waitIn(read);
    case INVALIDATION_TYPE.pasidIotlb:
      return pasidIotlbIn(read);
    case INVALIDATION_TYPE.pasidCache:
      return pasidCacheIn(read);
    case INVALIDATION_TYPE.pasidDeviceTlb:
      return pasidDeviceTlbIn(read);
    default:
      return 'unknown'; // types 9 and above are not invalidations, 4 is of interrupt remapping
  }
}

function contextCacheIn(read: Read): InvalidationDescriptor | undefined {
  const raw = read(CONTEXT_CACHE_INVALIDATION);
  const granularity = nameOf(CONTEXT_GRANULARITY, raw.granularity);
  if (granularity === undefined) return undefined;
  return {
    kind: 'context-cache',
    granularity,
    did: domainId(raw.did),
    sid: requesterId(raw.sid),
    functionMask: raw.functionMask,
  };
}

function iotlbIn(read: Read): InvalidationDescriptor | undefined {
  const raw = read(IOTLB_INVALIDATION);
  const scope = iotlbScopeIn(raw);
  if (scope === undefined) return undefined;
  return {
    kind: 'iotlb',
    scope,
    drainReads: raw.drainReads === 1,
    drainWrites: raw.drainWrites === 1,
  };
}

function iotlbScopeIn(raw: BitValues<typeof IOTLB_INVALIDATION.table>): IotlbScope | undefined {
  const did = domainId(raw.did);
  switch (raw.granularity) {
    case IOTLB_GRANULARITY.global:
      return { kind: 'global' };
    case IOTLB_GRANULARITY.domain:
      return { kind: 'domain', did };
    case IOTLB_GRANULARITY.pages:
      return { kind: 'pages', did, pages: pagesIn(raw) };
    default:
      return undefined; // the field has one more code, reserved
  }
}

function deviceTlbIn(read: Read): InvalidationDescriptor | undefined {
  const raw = read(DEVICE_TLB_INVALIDATION);
  const range = decodeSized(raw);
  if (range === undefined) return undefined;
  return {
    kind: 'device-tlb',
    sid: requesterId(raw.sid),
    pfsid: pfsidIn(raw),
    queueDepth: raw.queueDepth,
    range,
  };
}

function waitIn(read: Read): InvalidationDescriptor {
  const raw = read(WAIT);
  return {
    kind: 'wait',
    interrupt: raw.interruptFlag === 1,
    statusWrite: raw.statusWrite === 1,
    fence: raw.fence === 1,
    drainPageRequests: raw.pageRequestDrain === 1,
    statusData: raw.statusData,
    statusPage: raw.statusPage,
    statusWord: raw.statusWord,
  };
}

function pasidIotlbIn(read: Read): PasidIotlbInvalidation | undefined {
  const raw = read(PASID_IOTLB_INVALIDATION);
  const granularity = nameOf(PASID_IOTLB_GRANULARITY, raw.granularity);
  if (granularity === undefined) return undefined;
  return {
    kind: 'pasid-iotlb',
    did: domainId(raw.did),
    pasid: pasid(raw.pasid),
    pages: granularity === 'pages' ? pagesIn(raw) : undefined,
  };
}

function pasidCacheIn(read: Read): InvalidationDescriptor | undefined {
  const raw = read(PASID_CACHE_INVALIDATION);
  const granularity = nameOf(PASID_CACHE_GRANULARITY, raw.granularity);
  if (granularity === undefined) return undefined;
  return { kind: 'pasid-cache', granularity, did: domainId(raw.did), pasid: pasid(raw.pasid) };
}

function pasidDeviceTlbIn(read: Read): InvalidationDescriptor | undefined {
  const raw = read(PASID_DEVICE_TLB_INVALIDATION);
  const range = decodeSized(raw);
  if (range === undefined) return undefined;
  return {
    kind: 'pasid-device-tlb',
    sid: requesterId(raw.sid),
    pasid: pasid(raw.pasid),
    pfsid: pfsidIn(raw),
    queueDepth: raw.queueDepth,
    range,
  };
}

const pfsidIn = (raw: { readonly pfsidLow: number; readonly pfsidHigh: number }): number =>
  (raw.pfsidHigh << 4) | raw.pfsidLow;

const pagesIn = (raw: {
  readonly addressMask: number;
  readonly hint: number;
  readonly addr: number;
}): HintedRange => ({
  pfn: iovaPfn(raw.addr),
  order: raw.addressMask,
  leafOnly: raw.hint === 1,
});

function nameOf<Name extends string>(
  codes: Readonly<Record<Name, number>>,
  code: number,
): Name | undefined {
  return (Object.keys(codes) as Name[]).find((name) => codes[name] === code); // keys are names
}
