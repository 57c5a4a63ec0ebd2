/**
 * Encoding of invalidation descriptors: the bytes a driver puts into the invalidation queue.
 *
 * Spec:   Intel VT-d, "Queued Invalidation Interface".
 * Units:  offsets are bytes, `at` counts words; an entry is 32 bytes (scalable mode).
 */
import { type DescriptorImage, descriptorImage as image } from '../descriptor-image.ts';
import type {
  HintedRange,
  InvalidationDescriptor,
  IotlbInvalidation,
} from './invalidation-descriptors.ts';
import {
  CONTEXT_CACHE_INVALIDATION,
  CONTEXT_GRANULARITY,
  DEVICE_TLB_INVALIDATION,
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
import { encodeSized } from './invalidation-range.ts';

/** @throws InvariantViolation when a value does not fit, or a block is not aligned. */
export function encodeInvalidation(
  queue: DataView,
  offset: number,
  descriptor: InvalidationDescriptor,
): void {
  imageOf(descriptor).toBytes(queue, offset);
}

/** As `encodeInvalidation`, to the word `at`; plain stores. */
export function writeInvalidationWords(
  words: Int32Array,
  at: number,
  descriptor: InvalidationDescriptor,
): void {
  imageOf(descriptor).toWords(words, at);
}

function imageOf(descriptor: InvalidationDescriptor): DescriptorImage {
  switch (descriptor.kind) {
    case 'context-cache':
      return image(CONTEXT_CACHE_INVALIDATION, {
        type: INVALIDATION_TYPE.contextCache,
        granularity: CONTEXT_GRANULARITY[descriptor.granularity],
        did: descriptor.did,
        sid: descriptor.sid,
        functionMask: descriptor.functionMask,
      });
    case 'iotlb':
      return iotlbImage(descriptor);
    case 'device-tlb':
      return image(DEVICE_TLB_INVALIDATION, {
        type: INVALIDATION_TYPE.deviceTlb,
        queueDepth: descriptor.queueDepth,
        sid: descriptor.sid,
        ...pfsidHalves(descriptor.pfsid),
        ...encodeSized(descriptor.range),
      });
    case 'wait':
      return image(WAIT, {
        type: INVALIDATION_TYPE.wait,
        interruptFlag: Number(descriptor.interrupt),
        statusWrite: Number(descriptor.statusWrite),
        fence: Number(descriptor.fence),
        pageRequestDrain: Number(descriptor.drainPageRequests),
        statusData: descriptor.statusData,
        statusWord: descriptor.statusWord,
        statusPage: descriptor.statusPage,
      });
    case 'pasid-iotlb':
      return image(PASID_IOTLB_INVALIDATION, {
        type: INVALIDATION_TYPE.pasidIotlb,
        granularity: PASID_IOTLB_GRANULARITY[descriptor.pages === undefined ? 'pasid' : 'pages'],
        did: descriptor.did,
        pasid: descriptor.pasid,
        ...maskedAddress(descriptor.pages),
      });
    case 'pasid-cache':
      return image(PASID_CACHE_INVALIDATION, {
        type: INVALIDATION_TYPE.pasidCache,
        granularity: PASID_CACHE_GRANULARITY[descriptor.granularity],
        did: descriptor.did,
        pasid: descriptor.pasid,
      });
    case 'pasid-device-tlb':
      return image(PASID_DEVICE_TLB_INVALIDATION, {
        type: INVALIDATION_TYPE.pasidDeviceTlb,
        queueDepth: descriptor.queueDepth,
        sid: descriptor.sid,
        pasid: descriptor.pasid,
        ...pfsidHalves(descriptor.pfsid),
        ...encodeSized(descriptor.range),
      });
  }
}

function iotlbImage({ scope, drainReads, drainWrites }: IotlbInvalidation): DescriptorImage {
  return image(IOTLB_INVALIDATION, {
    type: INVALIDATION_TYPE.iotlb,
    granularity: IOTLB_GRANULARITY[scope.kind],
    drainReads: Number(drainReads),
    drainWrites: Number(drainWrites),
    did: scope.kind === 'global' ? 0 : scope.did,
    ...maskedAddress(scope.kind === 'pages' ? scope.pages : undefined),
  });
}

const pfsidHalves = (pfsid: number): { readonly pfsidLow: number; readonly pfsidHigh: number } => ({
  pfsidLow: pfsid & 0xf,
  pfsidHigh: pfsid >>> 4,
});

/** The address mask is the block's order; all is zero where no pages are selected. */
function maskedAddress(pages: HintedRange | undefined): {
  readonly addressMask: number;
  readonly hint: number;
  readonly addr: number;
} {
  if (pages === undefined) return { addressMask: 0, hint: 0, addr: 0 };
  return { addressMask: pages.order, hint: Number(pages.leafOnly), addr: pages.pfn };
}
