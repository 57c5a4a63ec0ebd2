/**
 * Translation agent: how the accesses of devices find their pages: ATC, IOTLB, PASID entry, page tables.
 *
 * Spec:  PCIe Base, "Address Translation Services".
 * Actor: the hardware of one unit and the caches of its devices; all private to the device thread.
 *
 * Every cached translation carries the hidden epoch of its frame; a hit on a frame that went back to the allocator
 * since is what S9 forbids.
 */
import { word } from '../core/words.ts';
import { ACCESS_WRITE } from '../hw/access.ts';
import { leafTable, readEntry } from '../hw/page-table.ts';
import {
  ENTRY_FLAGS_MASK,
  ENTRY_PRESENT,
  ENTRY_USER,
  ENTRY_WRITE,
  entryFrame,
} from '../hw/page-table-entry.ts';
import { NO_FRAME } from '../hw/table-memory.ts';
import { TranslationCache } from '../hw/translation-cache.ts';
import type { StormMemory } from './storm-memory.ts';
import type { EntryBytes } from './unit-seams.ts';
import { BREACH, type ViolationLog } from './violation-log.ts';

export const MISS = 0;
export const HIT = 1;
/** The PASID entry isn't present: the access is refused before any table is read. */
export const BLOCKED = 2;

const READABLE = ENTRY_PRESENT | ENTRY_USER;
const WRITABLE = READABLE | ENTRY_WRITE;
const IOTLB_ENTRIES = 4096;
const ATC_ENTRIES = 512;
/** ATCs of one domain: the PASID alone tells address spaces apart. */
const ATC_DOMAIN = 0;
const NO_PASID = -1;
/** Cache slots looked at for stale entries each time the audit is given a turn. */
const AUDIT_SLOTS = 16;

export class TranslationAgent {
  readonly #memory: StormMemory;
  readonly #entries: EntryBytes;
  /** By device, whether it has ATS. */
  readonly #devicesWithTlb: readonly boolean[];
  readonly #violations: ViolationLog;
  readonly iotlb: TranslationCache = new TranslationCache(IOTLB_ENTRIES);
  readonly atcs: readonly TranslationCache[];
  #audited = 0;
  // What `turnTo` found.
  #atc: TranslationCache = this.iotlb;
  #device = 0;
  #hasDeviceTlb = false;
  #pasid = 0;
  /** PASID in the tags of the IOTLB. */
  #tagged = 0;
  #present = false;
  #domain = 0;
  #root = NO_FRAME;
  /** High half that the caches are turned to. */
  #high = -1;
  // The leaf table that served last since.
  #leaf = NO_FRAME;
  #leafHigh = -1;
  #leafRegion = -1;
  hits = 0;
  iotlbHits = 0;

  constructor(memory: StormMemory, entries: EntryBytes, violations: ViolationLog) {
    this.#memory = memory;
    this.#entries = entries;
    this.#violations = violations;
    this.#devicesWithTlb = Array.from({ length: memory.sizes.devices }, (_, device) =>
      entries.hasDeviceTlb(device),
    );
    this.atcs = this.#devicesWithTlb.map((has) => new TranslationCache(has ? ATC_ENTRIES : 1));
  }

  /** Turns to the accesses of one (device, PASID): its entry and the tables are read again. */
  turnTo(device: number, pasid: number, entry: number): void {
    const { tables } = this.#memory;
    this.#atc = this.atcs[device] ?? this.iotlb;
    this.#device = device;
    this.#hasDeviceTlb = this.#devicesWithTlb[device] === true;
    this.#pasid = pasid;
    const wasPresent = this.#entries.isPresent(tables, entry, device);
    this.#domain = this.#entries.domain(tables, entry, device);
    this.#root = this.#entries.root(tables, entry);
    // Hardware fetches an entry whole: what was taken away between these reads was not there.
    this.#present = wasPresent && this.#entries.isPresent(tables, entry, device);
    this.#tagged = this.#entries.tagsPasid ? pasid : NO_PASID;
    this.#leaf = NO_FRAME;
    this.#leafHigh = -1;
    this.#high = -1;
  }

  #turnToHigh(high: number): void {
    this.#high = high;
    this.#atc.turnTo(ATC_DOMAIN, this.#pasid, high);
    this.iotlb.turnTo(this.#domain, this.#tagged, high);
  }

  /** Whether the access may be made now; fills the caches on the way. Caller's duty: `turnTo` in the same step. */
  translate(low: number, high: number, access: number): number {
    const needs = (access & ACCESS_WRITE) !== 0 ? WRITABLE : READABLE;
    const atc = this.#atc;
    if (high !== this.#high) this.#turnToHigh(high);
    const cached = atc.lookup(low);
    if (cached >= 0 && (atc.permissions(cached) & needs) === needs) {
      this.#check(atc, cached);
      this.hits += 1;
      return HIT;
    }
    if (!this.#present) return BLOCKED;
    const { iotlb } = this;
    const shared = iotlb.lookup(low);
    if (shared >= 0 && (iotlb.permissions(shared) & needs) === needs) {
      this.#check(iotlb, shared);
      this.iotlbHits += 1;
      this.#fillAtc(low, iotlb.frame(shared), iotlb.permissions(shared), iotlb.epoch(shared));
      return HIT;
    }
    return this.#walk(low, high, needs);
  }

  #walk(low: number, high: number, needs: number): number {
    const { tables, frameEpochs, sizes } = this.#memory;
    const region = low >>> 9;
    if (this.#leafHigh !== high || this.#leafRegion !== region) {
      this.#leaf = leafTable(tables, this.#root, low, high);
      this.#leafHigh = high;
      this.#leafRegion = region;
    }
    if (this.#leaf === NO_FRAME) return MISS;
    const found = readEntry(tables, this.#leaf, low);
    if ((found & needs) !== needs) return MISS;
    const frame = entryFrame(found);
    const epoch = word(frameEpochs, frame - sizes.tableFrames);
    const permissions = found & ENTRY_FLAGS_MASK;
    this.iotlb.fill(low, frame, permissions, epoch);
    this.#fillAtc(low, frame, permissions, epoch);
    return HIT;
  }

  #fillAtc(low: number, frame: number, permissions: number, epoch: number): void {
    if (this.#hasDeviceTlb) this.#atc.fill(low, frame, permissions, epoch);
  }

  #check(cache: TranslationCache, slot: number): void {
    const frame = cache.frame(slot);
    if (this.#isStale(frame, cache.epoch(slot))) {
      this.#violations.add(BREACH.staleTranslation, this.#device, 0, this.#pasid, 0, frame);
    }
  }

  #isStale = (frame: number, epoch: number): boolean =>
    word(this.#memory.frameEpochs, frame - this.#memory.sizes.tableFrames) !== epoch;

  /** Looks at a few entries of one cache, another one each time; a stale one breaks S9 even unused. */
  audit(): void {
    const turn = this.#audited % (this.atcs.length + 1);
    const cache = turn === 0 ? this.iotlb : this.atcs[turn - 1];
    if (cache === undefined) return;
    const from = Math.floor(this.#audited / (this.atcs.length + 1)) * AUDIT_SLOTS;
    this.#audited += 1;
    this.#report(cache, turn - 1, cache.audit(from % cache.entries, AUDIT_SLOTS, this.#isStale));
  }

  /** Looks at every entry of every cache. */
  auditAll(): void {
    this.#report(this.iotlb, -1, this.iotlb.audit(0, this.iotlb.entries, this.#isStale));
    for (const [device, atc] of this.atcs.entries()) {
      this.#report(atc, device, atc.audit(0, atc.entries, this.#isStale));
    }
  }

  #report(cache: TranslationCache, device: number, slot: number): void {
    if (slot < 0) return;
    const { pasid, domain, pfn } = cache.tag(slot);
    this.#violations.add(
      BREACH.staleTranslation,
      Math.max(0, device),
      0,
      pasid,
      0,
      cache.frame(slot),
    );
    if (device < 0) this.iotlb.invalidateRange(domain, pasid, pfn, 0);
    else this.atcs[device]?.invalidateRange(domain, pasid, pfn, 0);
  }
}
