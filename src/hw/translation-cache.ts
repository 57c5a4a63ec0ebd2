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

export type TranslationCache = {
  readonly entries: number;
  /** The slot that holds a translation, or -1. */
  lookup(domain: number, pasid: number, low: number, high: number): number;
  permissions(slot: number): number;
  frame(slot: number): number;
  epoch(slot: number): number;
  /** What the slot translates, for a report. */
  tag(slot: number): TranslationTag;
  /** Remembers a translation, displacing what was in its slot; returns the slot. */
  fill(
    domain: number,
    pasid: number,
    low: number,
    high: number,
    frame: number,
    permissionBits: number,
    epoch: number,
  ): number;
  invalidateAll(): void;
  invalidateDomain(domain: number): void;
  invalidatePasid(domain: number, pasid: number): void;
  /** Forgets the aligned block of 2^order pages around `pfn`; order 52 is every page. */
  invalidateRange(domain: number, pasid: number, pfn: number, order: number): void;
  /** First slot of `count` from `from` (wrapping) whose entry `isStale`, or -1. */
  audit(from: number, count: number, isStale: (frame: number, epoch: number) => boolean): number;
};

export type TranslationTag = {
  readonly domain: number;
  readonly pasid: number;
  readonly pfn: number;
};

/** A slot is eight words, half a cache line, so that a lookup touches one. */
const SLOT_SHIFT = 3;
const DOMAIN = 0;
const PASID = 1;
const LOW = 2;
const HIGH = 3;
const FRAME = 4;
const PERMISSIONS = 5;
const EPOCH = 6;
/** As a domain: the slot is empty. */
const EMPTY = -1;

/** @throws InvariantViolation when `entries` is no power of two. */
export function translationCache(entries: number): TranslationCache {
  invariant(entries >= 1 && (entries & (entries - 1)) === 0, `${entries} is no power of two`);
  const mask = entries - 1;
  const cells = new Int32Array(entries << SLOT_SHIFT).fill(EMPTY);
  const read = (slot: number, part: number): number => word(cells, (slot << SLOT_SHIFT) + part);
  const pfnIn = (slot: number): number => pageOf(read(slot, LOW), read(slot, HIGH));
  const empty = (slot: number): void => {
    cells[(slot << SLOT_SHIFT) + DOMAIN] = EMPTY;
  };

  const slotOf = (domain: number, pasid: number, low: number, high: number): number =>
    (low + spread(domain, pasid, high)) & mask;
  const lookup = (domain: number, pasid: number, low: number, high: number): number => {
    const slot = slotOf(domain, pasid, low, high);
    const at = slot << SLOT_SHIFT;
    const hit =
      word(cells, at + LOW) === low &&
      word(cells, at + HIGH) === high &&
      word(cells, at + PASID) === pasid &&
      word(cells, at + DOMAIN) === domain;
    return hit ? slot : -1;
  };
  const sweep = (domain: number, pasid: number, first: number, end: number): void => {
    for (let slot = 0; slot < entries; slot += 1) {
      if (read(slot, DOMAIN) !== domain || read(slot, PASID) !== pasid) continue;
      const pfn = pfnIn(slot);
      if (pfn >= first && pfn < end) empty(slot);
    }
  };

  return {
    entries,
    lookup,
    permissions: (slot) => read(slot, PERMISSIONS),
    frame: (slot) => read(slot, FRAME),
    epoch: (slot) => read(slot, EPOCH),
    tag: (slot) => ({ domain: read(slot, DOMAIN), pasid: read(slot, PASID), pfn: pfnIn(slot) }),
    fill: (domain, pasid, low, high, frame, permissionBits, epoch) => {
      const slot = slotOf(domain, pasid, low, high);
      const at = slot << SLOT_SHIFT;
      cells[at + DOMAIN] = domain;
      cells[at + PASID] = pasid;
      cells[at + LOW] = low;
      cells[at + HIGH] = high;
      cells[at + FRAME] = frame;
      cells[at + PERMISSIONS] = permissionBits;
      cells[at + EPOCH] = epoch;
      return slot;
    },
    invalidateAll: () => {
      cells.fill(EMPTY);
    },
    invalidateDomain: (domain) => {
      for (let slot = 0; slot < entries; slot += 1) {
        if (read(slot, DOMAIN) === domain) empty(slot);
      }
    },
    invalidatePasid: (domain, pasid) => sweep(domain, pasid, 0, TABLE_PAGES),
    invalidateRange: (domain, pasid, pfn, order) => {
      const pages = 2 ** order;
      const first = Math.floor(pfn / pages) * pages;
      const end = Math.min(first + pages, TABLE_PAGES);
      if (end - first > entries) {
        sweep(domain, pasid, first, end);
        return;
      }
      for (let page = first; page < end; page += 1) {
        const slot = lookup(domain, pasid, pageLow(page), pageHigh(page));
        if (slot >= 0) empty(slot);
      }
    },
    audit: (from, count, isStale) => {
      for (let step = 0; step < count; step += 1) {
        const slot = (from + step) & mask;
        if (read(slot, DOMAIN) === EMPTY) continue;
        if (isStale(read(slot, FRAME), read(slot, EPOCH))) return slot;
      }
      return -1;
    },
  };
}

/** Scatters address spaces over the slots while neighbouring pages stay neighbours. */
function spread(domain: number, pasid: number, high: number): number {
  const mixed =
    Math.imul(domain, 0x9e3779b1) ^ Math.imul(pasid, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}
