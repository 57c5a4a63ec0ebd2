/**
 * Flushes: a thread walks the tags of a domain, and then submits what they need, in the same order.
 *
 * Kernel: drivers/iommu/intel/cache.c, cache_tag_flush_range(): the walk and the submission are under one lock, so
 *         that no tag comes or goes meanwhile; full batches of descriptors are submitted in the middle of the walk.
 */
import type { SubmitEffect } from '../../machines/operation-steps.ts';
import type { CacheTagFlushed, InvalidationSubmitted } from '../capture/capture-event.ts';
import type { CacheTags } from './cache-tags.ts';
import type { Fault } from './judgement.ts';
import { ridOf } from './trace-scan.ts';

/** Kernel: QI_MAX_BATCHED_DESC_COUNT. */
const BATCH_MAX = 16;

/** One walk under way. */
type Walk = {
  /** Flushed and not yet submitted. */
  readonly owed: CacheTagFlushed[];
  walked: number;
  /** A batch went out before its last tag was traced. */
  ahead: InvalidationSubmitted | undefined;
  submitted: number;
  readonly missing: Set<string>;
};

export class Flushes {
  readonly #submits: readonly SubmitEffect[];
  readonly #tags: CacheTags;
  readonly #walks = new Map<string, Walk>();

  /** `submits`: what the driver's list for a range that an address space gives back submits, in order. */
  constructor(submits: readonly SubmitEffect[], tags: CacheTags) {
    this.#submits = submits;
    this.#tags = tags;
  }

  isWalking(thread: string): boolean {
    return this.#walks.has(thread);
  }

  flushed(thread: string, flush: CacheTagFlushed): Fault | undefined {
    const walk = this.#walks.get(thread);
    if (
      walk === undefined ||
      (walk.submitted > 0 && walk.owed.length > 0 && walk.walked < BATCH_MAX)
    ) {
      const fault = this.left(thread);
      if (fault !== undefined) return fault;
    }
    const current = this.#walks.get(thread) ?? this.#begin(thread, flush);
    current.missing.delete(`${flush.device} ${flush.type}`);
    const step = flush.type.endsWith('devtlb') ? 'invalidate-device-tlb' : 'invalidate-iotlb';
    if (!this.#submits.includes(needOf(flush))) {
      return { why: `this driver's flush has no ${step}`, candidates: [] };
    }
    const last = current.owed.at(-1);
    if (
      last !== undefined &&
      this.#orderOf(last) > this.#orderOf(flush) &&
      last.unit === flush.unit
    ) {
      return { why: 'a flush empties the IOTLB before the device TLBs', candidates: [] };
    }
    current.walked += 1;
    const { ahead } = current;
    if (ahead === undefined) {
      current.owed.push(flush);
      return undefined;
    }
    current.ahead = undefined;
    if (isFor(ahead, flush)) return undefined;
    return { why: 'what was submitted before is not what this tag needs', candidates: [] };
  }

  /** A descriptor of a thread that walks. */
  submitted(thread: string, fact: InvalidationSubmitted): Fault | undefined {
    const walk = this.#walks.get(thread);
    if (walk === undefined) return undefined;
    const [flush] = walk.owed;
    walk.submitted += 1;
    if (flush === undefined) {
      walk.ahead = fact;
      return undefined;
    }
    if (!isFor(fact, flush)) {
      return {
        why: 'this is not what the flushed tag needs',
        candidates: [candidateOf(flush)],
      };
    }
    walk.owed.shift();
    const lacking = walk.owed.length === 0 && walk.walked % BATCH_MAX !== BATCH_MAX - 1;
    return lacking ? this.left(thread) : undefined;
  }

  /** The thread is elsewhere: its walk is over. */
  left(thread: string): Fault | undefined {
    const walk = this.#walks.get(thread);
    if (walk === undefined) return undefined;
    this.#walks.delete(thread);
    const [owed] = walk.owed;
    if (owed !== undefined) {
      return { why: 'a flushed tag was not submitted', candidates: [candidateOf(owed)] };
    }
    const [missing] = walk.missing;
    return missing === undefined
      ? undefined
      : { why: `the flush passed by the cache tag of ${missing}`, candidates: [] };
  }

  /** Undefined when every walk that was begun has come to its end. */
  unfinished(): Fault | undefined {
    for (const thread of [...this.#walks.keys()]) {
      const fault = this.left(thread);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #begin(thread: string, flush: CacheTagFlushed): Walk {
    const names = this.#tags
      .listed(flush)
      .filter((tag) => this.#submits.includes(needOf(tag)))
      .map(({ device, type }) => `${device} ${type}`);
    const walk = { owed: [], walked: 0, ahead: undefined, submitted: 0, missing: new Set(names) };
    this.#walks.set(thread, walk);
    return walk;
  }

  #orderOf(flush: CacheTagFlushed): number {
    return this.#submits.indexOf(needOf(flush));
  }
}

/** What empties the cache of a tag. */
const needOf = ({ type }: Pick<CacheTagFlushed, 'type'>): SubmitEffect =>
  type.endsWith('devtlb') ? 'submitDeviceTlbInvalidation' : 'submitIotlbInvalidation';

const candidateOf = ({ unit, device, type, pasid }: CacheTagFlushed) => ({
  object: `${unit}: cache tag of ${device}, PASID ${pasid}`,
  actor: 'flush',
  sign: `invalidation of its ${type}`,
});

/** Whether the descriptor is what this tag and range come to. */
function isFor({ unit, descriptor }: InvalidationSubmitted, flush: CacheTagFlushed): boolean {
  if (unit !== flush.unit) return false;
  const isWhole = flush.order >= WHOLE_ORDER;
  const covers = (range: { readonly pfn: number; readonly order: number } | undefined): boolean =>
    range === undefined || range.order >= WHOLE_ORDER
      ? isWhole
      : range.pfn === flush.pfn && range.order === flush.order;
  switch (descriptor.kind) {
    case 'pasid-iotlb':
      return (
        flush.type.endsWith('iotlb') &&
        descriptor.did === flush.did &&
        descriptor.pasid === flush.pasid &&
        covers(descriptor.pages)
      );
    case 'iotlb':
      // A unit that cannot select such a range empties the domain.
      return (
        flush.type.endsWith('iotlb') &&
        descriptor.scope.kind !== 'global' &&
        descriptor.scope.did === flush.did &&
        (descriptor.scope.kind === 'domain' || covers(descriptor.scope.pages))
      );
    case 'pasid-device-tlb':
      return (
        flush.type === 'devtlb' &&
        descriptor.sid === ridOf(flush.device) &&
        descriptor.pasid === flush.pasid &&
        covers(descriptor.range)
      );
    case 'device-tlb':
      return (
        flush.type.endsWith('devtlb') &&
        descriptor.sid === ridOf(flush.device) &&
        (flush.type === 'nesting_devtlb' || covers(descriptor.range))
      );
    default:
      return false;
  }
}

const WHOLE_ORDER = 52;
