/**
 * VT-d invalidation descriptors as values: what software asks the invalidation queue to forget.
 *
 * Spec:   Intel VT-d, "Queued Invalidation Interface".
 * Kernel: drivers/iommu/intel/iommu.h, qi_desc_*(); cache.c, cache_tag_flush_*().
 * Units:  ranges are blocks of pages (invalidation-range.ts).
 * Policy: which caches a change of tables must empty is the driver's. Page group responses share
 *         the queue and are in page-group-response.ts.
 */
import type { DomainId, Pasid, RequesterId } from '../../core/ids.ts';
import type { InvalidationRange } from './invalidation-range.ts';

/** Pages of one address space; `leafOnly` (IH): upper-level entries did not change. */
export type HintedRange = InvalidationRange & { readonly leafOnly: boolean };

export type ContextCacheInvalidation = {
  readonly kind: 'context-cache';
  readonly granularity: 'global' | 'domain' | 'device';
  readonly did: DomainId;
  readonly sid: RequesterId;
  /** Code of the function bits to ignore, 2 bits. */
  readonly functionMask: number;
};

export type IotlbScope =
  | { readonly kind: 'global' }
  | { readonly kind: 'domain'; readonly did: DomainId }
  | { readonly kind: 'pages'; readonly did: DomainId; readonly pages: HintedRange };

export type IotlbInvalidation = {
  readonly kind: 'iotlb';
  readonly scope: IotlbScope;
  readonly drainReads: boolean;
  readonly drainWrites: boolean;
};

export type DeviceTlbInvalidation = {
  readonly kind: 'device-tlb';
  readonly sid: RequesterId;
  /** Requester id of the physical function behind a virtual one, or 0. */
  readonly pfsid: number;
  readonly queueDepth: number;
  readonly range: InvalidationRange;
};

export type WaitDescriptor = {
  readonly kind: 'wait';
  readonly interrupt: boolean;
  readonly statusWrite: boolean;
  readonly fence: boolean;
  /** PD: completes only after page requests and responses in flight have been drained. */
  readonly drainPageRequests: boolean;
  readonly statusData: number;
  /** Where the status goes: a page frame, and a 32-bit word of it. */
  readonly statusPage: number;
  readonly statusWord: number;
};

export type PasidIotlbInvalidation = {
  readonly kind: 'pasid-iotlb';
  readonly did: DomainId;
  readonly pasid: Pasid;
  /** Undefined: everything the PASID has. */
  readonly pages: HintedRange | undefined;
};

export type PasidCacheInvalidation = {
  readonly kind: 'pasid-cache';
  readonly granularity: 'domain' | 'pasid' | 'global';
  readonly did: DomainId;
  readonly pasid: Pasid;
};

export type PasidDeviceTlbInvalidation = {
  readonly kind: 'pasid-device-tlb';
  readonly sid: RequesterId;
  readonly pasid: Pasid;
  readonly pfsid: number;
  readonly queueDepth: number;
  readonly range: InvalidationRange;
};

export type InvalidationDescriptor =
  | ContextCacheInvalidation
  | IotlbInvalidation
  | DeviceTlbInvalidation
  | WaitDescriptor
  | PasidIotlbInvalidation
  | PasidCacheInvalidation
  | PasidDeviceTlbInvalidation;
