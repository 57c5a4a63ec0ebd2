/**
 * Constructors of invalidation descriptors, one for each thing Linux asks the queue to do.
 *
 * Kernel: drivers/iommu/intel/iommu.h, qi_desc_*(); dmar.c, qi_submit_sync(); cache.c, qi_batch_*().
 * Units:  ranges are blocks of pages (invalidation-range.ts).
 * Policy: IOTLB invalidations drain reads and writes, as on every unit that can.
 */
import {
  type DomainId,
  domainId,
  type Pasid,
  type RequesterId,
  requesterId,
} from '../../core/ids.ts';
import type {
  ContextCacheInvalidation,
  DeviceTlbInvalidation,
  HintedRange,
  IotlbInvalidation,
  IotlbScope,
  PasidCacheInvalidation,
  PasidDeviceTlbInvalidation,
  PasidIotlbInvalidation,
  WaitDescriptor,
} from './invalidation-descriptors.ts';
import { type InvalidationRange, ORDER_ALL } from './invalidation-range.ts';

/** What a wait descriptor of Linux writes as its status. */
export const QI_DONE = 2;
/** A queue depth of 32 or more is written as 0. */
const QUEUE_DEPTH_END = 32;

/** What the capability register says of page-selective IOTLB invalidation. */
export type PageSelection = { readonly supported: boolean; readonly orderMax: number };

const NO_DOMAIN = domainId(0);
const NO_SOURCE = requesterId(0);

export const contextCacheGlobal = (): ContextCacheInvalidation => ({
  kind: 'context-cache',
  granularity: 'global',
  did: NO_DOMAIN,
  sid: NO_SOURCE,
  functionMask: 0,
});

export const contextCacheDevice = (did: DomainId, sid: RequesterId): ContextCacheInvalidation => ({
  kind: 'context-cache',
  granularity: 'device',
  did,
  sid,
  functionMask: 0,
});

const drainingIotlb = (scope: IotlbScope): IotlbInvalidation => ({
  kind: 'iotlb',
  scope,
  drainReads: true,
  drainWrites: true,
});

export const iotlbGlobal = (): IotlbInvalidation => drainingIotlb({ kind: 'global' });

export const iotlbDomain = (did: DomainId): IotlbInvalidation =>
  drainingIotlb({ kind: 'domain', did });

/** Second-stage pages; the whole domain when the unit cannot select such a block. */
export const iotlbPages = (
  did: DomainId,
  pages: HintedRange,
  selection: PageSelection,
): IotlbInvalidation =>
  selection.supported && pages.order <= selection.orderMax && pages.order < ORDER_ALL
    ? drainingIotlb({ kind: 'pages', did, pages })
    : iotlbDomain(did);

export const deviceTlb = (
  sid: RequesterId,
  range: InvalidationRange,
  queueDepth = 0,
  pfsid = 0,
): DeviceTlbInvalidation => ({
  kind: 'device-tlb',
  sid,
  pfsid,
  queueDepth: queueDepth < QUEUE_DEPTH_END ? queueDepth : 0,
  range,
});

/** Holds back what follows until all before it is done; writes no status. */
export const fence = (): WaitDescriptor => ({
  kind: 'wait',
  interrupt: false,
  statusWrite: false,
  fence: true,
  drainPageRequests: false,
  statusData: QI_DONE,
  statusPage: 0,
  statusWord: 0,
});

/** The wait descriptor a submission appends to learn that it is done. */
export const completion = (
  statusPage: number,
  statusWord: number,
  drainPageRequests: boolean,
): WaitDescriptor => ({
  ...fence(),
  fence: false,
  statusWrite: true,
  drainPageRequests,
  statusPage,
  statusWord,
});

/** `pages` undefined, or a block of every page: all the PASID has. */
export const pasidIotlb = (
  did: DomainId,
  pasid: Pasid,
  pages: HintedRange | undefined,
): PasidIotlbInvalidation => ({
  kind: 'pasid-iotlb',
  did,
  pasid,
  pages: pages !== undefined && pages.order < ORDER_ALL ? pages : undefined,
});

export const pasidCache = (
  granularity: PasidCacheInvalidation['granularity'],
  did: DomainId,
  pasid: Pasid,
): PasidCacheInvalidation => ({ kind: 'pasid-cache', granularity, did, pasid });

export const pasidDeviceTlb = (
  sid: RequesterId,
  pasid: Pasid,
  range: InvalidationRange,
  queueDepth = 0,
  pfsid = 0,
): PasidDeviceTlbInvalidation => ({
  kind: 'pasid-device-tlb',
  sid,
  pasid,
  pfsid,
  queueDepth: queueDepth < QUEUE_DEPTH_END ? queueDepth : 0,
  range,
});
