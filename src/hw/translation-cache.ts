/**
 * Translation cache: a direct-mapped store of translations, built twice: IOTLB and ATC.
 *
 * Spec:   Intel VT-d, "IOTLB"; PCIe Base, "Address Translation Cache".
 * Actor:  one IOTLB per unit, one ATC per device; each private to the thread that looks it up.
 * Units:  a page is named by its halves `low` and `high` (page-number.ts); a PASID of -1 is none;
 *         an ATC has one domain, 0.
 * Policy: what is remembered may be stale: invalidating is software's duty. The epoch is no part of
 *         the tag: it is the hidden ledger's, so that entries outliving their owner can be found.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import { blockFirst, blockPages, pageHigh, pageLow, pageOf, TABLE_PAGES } from './page-number.ts';

export type TranslationTag = {
  readonly domain: number;
  readonly pasid: number;
  readonly pfn: number;
};

/** Words of a slot, half a cache line: what is looked at together lies together. */
const SLOT = {
  domain: 0,
  pasid: 1,
  low: 2,
  high: 3,
  frame: 4,
  permissions: 5,
  epoch: 6,
  /** Where in the census of regions it is counted. */
  region: 7,
} as const;
const SLOT_SHIFT = 3;

/** In the domain word: the slot is empty. */
const EMPTY = -1;
/** No slot has it. */
const NO_DOMAIN = -2;
/** A region is what one leaf table maps. Regions share counts when there are more than these. */
const REGIONS = 256;
const REGION_SHIFT = 32 - Math.log2(REGIONS);
const REGION_BITS = 9;
const REGION_PAGES = 2 ** REGION_BITS;
/** Regions that are asked for one by one; a larger range is swept. */
const REGIONS_ASKED_MAX = 16;

export class TranslationCache {
  readonly entries: number;
  readonly #mask: number;
  readonly #words: Int32Array;
  /** Census: how many slots hold pages of a region. Most ranges that are invalidated were never cached. */
  readonly #regions = new Int32Array(REGIONS);
  // What `turnTo` was told, and where its pages begin.
  #domain = NO_DOMAIN;
  #pasid = 0;
  #high = 0;
  #place = 0;

  /** @throws InvariantViolation when `entries` is no power of two. */
  constructor(entries: number) {
    invariant(entries >= 1 && (entries & (entries - 1)) === 0, `${entries} is no power of two`);
    this.entries = entries;
    this.#mask = entries - 1;
    this.#words = new Int32Array(entries << SLOT_SHIFT);
    for (let slot = 0; slot < entries; slot += 1) {
      this.#words[(slot << SLOT_SHIFT) + SLOT.domain] = EMPTY;
    }
  }

  #field(slot: number, field: number): number {
    return word(this.#words, (slot << SLOT_SHIFT) + field);
  }

  /** Turns to the pages of an address space with one high half: `lookup` and `fill` are about them. */
  turnTo(domain: number, pasid: number, high: number): void {
    this.#domain = domain;
    this.#pasid = pasid;
    this.#high = high;
    this.#place = placeOf(domain, pasid, high);
  }

  /** The slot that holds the translation of a page, or -1. Caller's duty: `turnTo`. */
  lookup(low: number): number {
    return this.#find(this.#place, this.#domain, this.#pasid, low, this.#high);
  }

  #find(place: number, domain: number, pasid: number, low: number, high: number): number {
    const words = this.#words;
    const slot = (low + place) & this.#mask;
    const at = slot << SLOT_SHIFT;
    const hit =
      word(words, at + SLOT.low) === low &&
      word(words, at + SLOT.pasid) === pasid &&
      word(words, at + SLOT.high) === high &&
      word(words, at + SLOT.domain) === domain;
    return hit ? slot : -1;
  }

  permissions(slot: number): number {
    return this.#field(slot, SLOT.permissions);
  }

  frame(slot: number): number {
    return this.#field(slot, SLOT.frame);
  }

  epoch(slot: number): number {
    return this.#field(slot, SLOT.epoch);
  }

  /** What the slot translates, for a report. */
  tag(slot: number): TranslationTag {
    return {
      domain: this.#field(slot, SLOT.domain),
      pasid: this.#field(slot, SLOT.pasid),
      pfn: pageOf(this.#field(slot, SLOT.low), this.#field(slot, SLOT.high)),
    };
  }

  /** Remembers a page's translation, displacing what was in its slot; returns the slot. Caller's duty: `turnTo`. */
  fill(low: number, frame: number, permissionBits: number, epoch: number): number {
    const words = this.#words;
    const slot = (low + this.#place) & this.#mask;
    const at = slot << SLOT_SHIFT;
    this.#uncount(at);
    const region = regionOf(this.#place, low);
    this.#regions[region] = word(this.#regions, region) + 1;
    words[at + SLOT.region] = region;
    words[at + SLOT.domain] = this.#domain;
    words[at + SLOT.pasid] = this.#pasid;
    words[at + SLOT.low] = low;
    words[at + SLOT.high] = this.#high;
    words[at + SLOT.frame] = frame;
    words[at + SLOT.permissions] = permissionBits;
    words[at + SLOT.epoch] = epoch;
    return slot;
  }

  #uncount(at: number): void {
    if (word(this.#words, at + SLOT.domain) === EMPTY) return;
    const region = word(this.#words, at + SLOT.region);
    this.#regions[region] = word(this.#regions, region) - 1;
  }

  #empty(slot: number): void {
    const at = slot << SLOT_SHIFT;
    this.#uncount(at);
    this.#words[at + SLOT.domain] = EMPTY;
  }

  invalidateAll(): void {
    for (let slot = 0; slot < this.entries; slot += 1) this.#empty(slot);
  }

  invalidateDomain(domain: number): void {
    for (let slot = 0; slot < this.entries; slot += 1) {
      if (this.#field(slot, SLOT.domain) === domain) this.#empty(slot);
    }
  }

  invalidatePasid(domain: number, pasid: number): void {
    this.#sweep(0, TABLE_PAGES, domain, pasid);
  }

  /** Forgets the aligned block of 2^order pages around `pfn`; order 52 is every page. */
  invalidateRange(domain: number, pasid: number, pfn: number, order: number): void {
    const first = blockFirst(pfn, order);
    const end = Math.min(first + blockPages(order), TABLE_PAGES);
    if (!this.#mayHold(domain, pasid, first, end)) return;
    if (end - first > this.entries) {
      this.#sweep(first, end, domain, pasid);
      return;
    }
    for (let page = first; page < end; page += 1) {
      const high = pageHigh(page);
      const place = placeOf(domain, pasid, high);
      const slot = this.#find(place, domain, pasid, pageLow(page), high);
      if (slot >= 0) this.#empty(slot);
    }
  }

  #mayHold(domain: number, pasid: number, first: number, end: number): boolean {
    if (end - first > REGIONS_ASKED_MAX * REGION_PAGES) return true;
    for (let page = first; page < end; page += REGION_PAGES) {
      const region = regionOf(placeOf(domain, pasid, pageHigh(page)), pageLow(page));
      if (word(this.#regions, region) > 0) return true;
    }
    return false;
  }

  #sweep(first: number, end: number, domain: number, pasid: number): void {
    for (let slot = 0; slot < this.entries; slot += 1) {
      if (this.#field(slot, SLOT.pasid) !== pasid) continue;
      if (this.#field(slot, SLOT.domain) !== domain) continue;
      const pfn = pageOf(this.#field(slot, SLOT.low), this.#field(slot, SLOT.high));
      if (pfn >= first && pfn < end) this.#empty(slot);
    }
  }

  /** First slot of `count` from `from` (wrapping) whose entry `isStale`, or -1. */
  audit(from: number, count: number, isStale: (frame: number, epoch: number) => boolean): number {
    for (let step = 0; step < count; step += 1) {
      const slot = (from + step) & this.#mask;
      if (this.#field(slot, SLOT.domain) === EMPTY) continue;
      if (isStale(this.#field(slot, SLOT.frame), this.#field(slot, SLOT.epoch))) return slot;
    }
    return -1;
  }
}

/** Where the pages of an address space begin: scatters spaces over the slots while neighbours stay neighbours. */
function placeOf(domain: number, pasid: number, high: number): number {
  const mixed =
    Math.imul(domain, 0x9e3779b1) ^ Math.imul(pasid, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}

const regionOf = (place: number, low: number): number =>
  Math.imul(place ^ (low >>> REGION_BITS), 0x9e3779b1) >>> REGION_SHIFT;
