/**
 * List judge: what threads show of a VT-d driver's lists, of cache tags and of flushes.
 */
import { type Driver, submittedIn } from '../../actors/driver.ts';
import { submittedBy } from '../../machines/operation-steps.ts';
import type {
  CacheTagChanged,
  CacheTagFlushed,
  CaptureEvent,
  InvalidationSubmitted,
} from '../capture/capture-event.ts';
import { CacheTags } from './cache-tags.ts';
import { Flushes } from './flushes.ts';
import type { Fault } from './judgement.ts';
import type { ListWalk, WalkingThread } from './list-walk.ts';
import { type Place, QUIET_ATTACHES } from './place.ts';
import type { PlaceBook } from './place-book.ts';
import { PlaceDomains } from './place-domains.ts';
import { type OperationSign, SIGN } from './signs.ts';
import type { TraceScan } from './trace-scan.ts';
import type { Unjudged } from './unjudged.ts';

/** A block of so many pages is all of them. */
const WHOLE_ORDER = 52;

/** The last list of a thread, whose device the trace does not come to name. */
const CUT = 'a list that the end of the trace cuts off';

export class ListJudge {
  readonly #driver: Driver;
  readonly #events: readonly CaptureEvent[];
  readonly #scan: TraceScan;
  readonly #book: PlaceBook;
  readonly #walk: ListWalk;
  readonly #unjudged: Unjudged;
  #domains = new PlaceDomains();
  #tags: CacheTags;
  #flushes: Flushes;

  constructor(
    events: readonly CaptureEvent[],
    driver: Driver,
    scan: TraceScan,
    book: PlaceBook,
    walk: ListWalk,
    unjudged: Unjudged,
    isStorm: boolean,
  ) {
    this.#driver = driver;
    this.#events = events;
    this.#scan = scan;
    this.#book = book;
    this.#walk = walk;
    this.#unjudged = unjudged;
    this.#tags = new CacheTags(!isStorm);
    this.#flushes = new Flushes(submittedIn(driver, 'mm-invalidate'), this.#tags);
  }

  flushed(name: string, fact: CacheTagFlushed): Fault | undefined {
    return this.#walk.left(name) ?? this.#flushes.flushed(name, fact);
  }

  /** A flush that the end of a whole recording leaves behind. */
  unfinished(): Fault | undefined {
    return this.#flushes.unfinished();
  }

  /** Nothing is known any more. */
  reset(): void {
    this.#domains = new PlaceDomains();
    this.#tags = new CacheTags(true);
    this.#flushes = new Flushes(submittedIn(this.#driver, 'mm-invalidate'), this.#tags);
  }

  tagged(at: number, name: string, fact: CacheTagChanged): Fault | undefined {
    const thread = this.#walk.thread(name);
    const walking = this.#flushes.left(name);
    const counted = walking ?? this.#tags.changed(fact);
    if (counted !== undefined) return counted;
    const { rid } = this.#scan.subjects[at] ?? {};
    if (fact.pasid <= 0) {
      if (rid === undefined) return undefined;
      const added = fact.kind === 'cache-tag.assigned';
      this.#domains.ofFunction(`${fact.unit} ${rid}`, added ? fact.did : undefined);
      return added ? this.#attaching(this.#book.placeOf(fact.unit, rid, 0), name) : undefined;
    }
    if (fact.type !== 'iotlb' && fact.type !== 'devtlb') return undefined; // counted, and no list's
    if (this.#isCut(at, fact.unit, thread)) return this.#passBy(CUT);
    const place = this.#book.placeOf(fact.unit, rid, fact.pasid);
    return this.#domains.tagged(place, fact) ?? this.#walk.show(place, signOf(fact), name, 0);
  }

  submitted(at: number, name: string, fact: InvalidationSubmitted): Fault | undefined {
    const thread = this.#walk.thread(name);
    if (this.#flushes.isWalking(name)) return this.#flushes.submitted(name, fact);
    const { descriptor, unit } = fact;
    const locks = this.#events[at]?.locks;
    const { rid, pasid } = this.#scan.subjects[at] ?? {};
    if (this.#isCut(at, unit, thread)) return this.#passBy(CUT);
    const drains = thread.last === SIGN.fence || thread.last === SIGN.drainIotlb;
    const placeAt = (of: number): Place => this.#book.placeOf(unit, rid, of);
    switch (descriptor.kind) {
      case 'pasid-cache': {
        if (descriptor.granularity !== 'pasid')
          return this.#passBy('a PASID cache invalidation of more than a PASID');
        const place = placeAt(descriptor.pasid);
        return (
          this.#domains.invalidated(place, descriptor.did) ??
          this.#walk.show(place, SIGN.pasidCache, name, locks)
        );
      }
      case 'wait': {
        if (!descriptor.fence) return this.#passBy('a wait that is no fence');
        const place = placeAt(pasid ?? 0);
        return (
          this.#walk.show(place, SIGN.fence, name, locks) ?? this.#drained(place, name, thread)
        );
      }
      case 'pasid-iotlb': {
        if (descriptor.pages !== undefined) return this.#strayFlush();
        const place = placeAt(descriptor.pasid);
        if (drains) {
          return (
            this.#domains.drained(place, descriptor.did) ??
            this.#walk.show(place, SIGN.drainIotlb, name, locks)
          );
        }
        return (
          this.#domains.invalidated(place, descriptor.did) ??
          this.#walk.show(place, SIGN.iotlb, name, locks)
        );
      }
      case 'iotlb': {
        if (descriptor.scope.kind !== 'domain') {
          return this.#passBy(`an IOTLB invalidation, ${descriptor.scope.kind}`);
        }
        if (thread.place === undefined) return this.#passBy('an IOTLB invalidation of no list');
        if (!drains) return this.#walk.show(thread.place, SIGN.iotlb, name, locks);
        return (
          this.#domains.drained(thread.place, descriptor.scope.did) ??
          this.#walk.show(thread.place, SIGN.drainIotlb, name, locks)
        );
      }
      case 'pasid-device-tlb':
      case 'device-tlb': {
        if (descriptor.range.order < WHOLE_ORDER) return this.#strayFlush();
        const place = this.#book.placeOf(
          unit,
          descriptor.sid,
          descriptor.kind === 'device-tlb' ? 0 : descriptor.pasid,
        );
        return this.#walk.show(place, drains ? SIGN.drainDevtlb : SIGN.devtlb, name, locks);
      }
      default:
        return this.#passBy(`${descriptor.kind} invalidation`);
    }
  }

  /** The machines have nothing like it. */
  #passBy(what: string): undefined {
    this.#unjudged.add(what);
  }

  /** A function is attached by a list that shows nothing. */
  #attaching(place: Place, name: string): Fault | undefined {
    const left = this.#walk.goneTo(place, name);
    if (left !== undefined) return left;
    place.quiet(QUIET_ATTACHES, name);
    return undefined;
  }

  /**
   * The trace ends before the thread names the device that this is about, and there is one: the thread is in the
   * middle of a list, and nobody can tell where.
   */
  #isCut(at: number, unit: string, { place }: WalkingThread): boolean {
    const { rid, pasid = place?.pasid } = this.#scan.subjects[at] ?? {};
    if (rid !== undefined) return false;
    return [...this.#book.places].some(
      (each) => each.unit === unit && each.pasid === pasid && each.rid !== undefined,
    );
  }

  /** A range is invalidated by a flush alone. */
  #strayFlush(): Fault | undefined {
    if (!this.#scan.shows.flushes) return undefined;
    return { why: 'a range is invalidated that no flush of this thread named', candidates: [] };
  }

  /** The drain of one place has waited for the work of the whole unit. */
  #drained(place: Place, name: string, thread: WalkingThread): Fault | undefined {
    const lists = place.listsOf(name);
    const waits =
      lists.length > 0 &&
      lists.every((list) => {
        const { operations, ownSteps } = this.#driver;
        const steps = operations[list];
        const flush = steps.indexOf('flush-workqueue');
        const drain = steps.findIndex((step) =>
          submittedBy(step, ownSteps).includes('submitDrain'),
        );
        return drain < 0 || (flush >= 0 && flush < drain);
      });
    if (!waits) return undefined;
    for (const each of this.#book.places) {
      if (each.unit === place.unit) each.mayHaveStrays = false;
    }
    if (thread.previousAt < 0) return undefined;
    for (const openIndex of this.#book.openIndices) {
      if (openIndex.named.unit !== place.unit) continue;
      const fault = openIndex.flushed(thread.previousAt, place);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

const signOf = ({ kind, type }: CacheTagChanged): OperationSign => {
  if (kind === 'cache-tag.assigned') return type === 'iotlb' ? SIGN.listed : SIGN.listedDevtlb;
  return type === 'iotlb' ? SIGN.unlisted : SIGN.unlistedDevtlb;
};
