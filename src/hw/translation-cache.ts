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
import { pageHigh, pageLow, pageOf, TABLE_PAGES } from './page-number.ts';

export type TranslationTag = {
  readonly domain: number;
  readonly pasid: number;
  readonly pfn: number;
};

/** Words of a slot, half a cache line: what is looked at together lies together. */
const SLOT = { domain: 0, pasid: 1, low: 2, high: 3, frame: 4, permissions: 5, epoch: 6 } as const;
const SLOT_SHIFT = 3;

/** In the domain word: the slot is empty. */
const EMPTY = -1;

export class TranslationCache {
  readonly entries: number;
  readonly #mask: number;
  readonly #words: Int32Array;

  /** @throws InvariantViolation when `entries` is no power of two. */
  constructor(entries: number) {
    invariant(entries >= 1 && (entries & (entries - 1)) === 0, `${entries} is no power of two`);
    this.entries = entries;
    this.#mask = entries - 1;
    this.#words = new Int32Array(entries << SLOT_SHIFT);
    this.invalidateAll();
  }

  #slotOf(domain: number, pasid: number, low: number, high: number): number {
    return (low + spread(domain, pasid, high)) & this.#mask;
  }

  #field(slot: number, field: number): number {
    return word(this.#words, (slot << SLOT_SHIFT) + field);
  }

  /** The slot that holds a translation, or -1. */
  lookup(domain: number, pasid: number, low: number, high: number): number {
    const words = this.#words;
    const slot = this.#slotOf(domain, pasid, low, high);
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

  /** Remembers a translation, displacing what was in its slot; returns the slot. */
  fill(
    domain: number,
    pasid: number,
    low: number,
    high: number,
    frame: number,
    permissionBits: number,
    epoch: number,
  ): number {
    const words = this.#words;
    const slot = this.#slotOf(domain, pasid, low, high);
    const at = slot << SLOT_SHIFT;
    words[at + SLOT.domain] = domain;
    words[at + SLOT.pasid] = pasid;
    words[at + SLOT.low] = low;
    words[at + SLOT.high] = high;
    words[at + SLOT.frame] = frame;
    words[at + SLOT.permissions] = permissionBits;
    words[at + SLOT.epoch] = epoch;
    return slot;
  }

  #empty(slot: number): void {
    this.#words[(slot << SLOT_SHIFT) + SLOT.domain] = EMPTY;
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
    const pages = 2 ** order;
    const first = Math.floor(pfn / pages) * pages;
    const end = Math.min(first + pages, TABLE_PAGES);
    if (end - first > this.entries) {
      this.#sweep(first, end, domain, pasid);
      return;
    }
    for (let page = first; page < end; page += 1) {
      const slot = this.lookup(domain, pasid, pageLow(page), pageHigh(page));
      if (slot >= 0) this.#empty(slot);
    }
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

/** Scatters address spaces over the slots while neighbouring pages stay neighbours. */
function spread(domain: number, pasid: number, high: number): number {
  const mixed =
    Math.imul(domain, 0x9e3779b1) ^ Math.imul(pasid, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}
