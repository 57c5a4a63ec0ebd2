/**
 * List judge: what threads show of the driver's lists, of cache tags and of flushes.
 *
 * A thread is in one list at a time; when it shows something elsewhere, that list has ended.
 */
import type { Driver } from '../../actors/driver.ts';
import type {
  CacheTagChanged,
  CacheTagFlushed,
  CaptureEvent,
  InvalidationSubmitted,
} from '../capture/capture-event.ts';
import { CacheTags } from './cache-tags.ts';
import { Flushes } from './flushes.ts';
import type { Fault } from './judgement.ts';
import { type Place, QUIET_ATTACHES, QUIET_DETACHES } from './place.ts';
import type { PlaceBook } from './place-book.ts';
import { PlaceDomains } from './place-domains.ts';
import { type OperationSign, SIGN } from './signs.ts';
import type { TraceScan } from './trace-scan.ts';

/** A block of so many pages is all of them. */
const WHOLE_ORDER = 52;

/** What a thread is in the middle of. */
type Thread = {
  place: Place | undefined;
  last: OperationSign | undefined;
  isKnown: boolean;
  previousAt: number;
  lastAt: number;
};

export class ListJudge {
  readonly #driver: Driver;
  readonly #events: readonly CaptureEvent[];
  readonly #scan: TraceScan;
  readonly #book: PlaceBook;
  /** A trace that may begin in the middle of anything. */
  readonly #mayBeginLate: boolean;
  #threads = new Map<string, Thread>();
  #domains = new PlaceDomains();
  #tags: CacheTags;
  #flushes: Flushes;

  constructor(
    driver: Driver,
    events: readonly CaptureEvent[],
    scan: TraceScan,
    book: PlaceBook,
    isStorm: boolean,
  ) {
    this.#driver = driver;
    this.#events = events;
    this.#scan = scan;
    this.#book = book;
    this.#mayBeginLate = !isStorm;
    this.#tags = new CacheTags(!isStorm);
    this.#flushes = new Flushes(driver.operations['mm-invalidate'], this.#tags);
  }

  /** The thread did something, whatever it was. */
  passed(at: number, name: string): void {
    const thread = this.#thread(name);
    thread.previousAt = thread.lastAt;
    thread.lastAt = at;
  }

  /** Whatever list the thread was in has ended. */
  left(name: string): Fault | undefined {
    const thread = this.#thread(name);
    const { place } = thread;
    thread.place = undefined;
    thread.last = undefined;
    return place?.left(name);
  }

  flushed(name: string, fact: CacheTagFlushed): Fault | undefined {
    return this.left(name) ?? this.#flushes.flushed(name, fact);
  }

  /** Nothing is known any more. */
  reset(): void {
    this.#threads = new Map();
    this.#domains = new PlaceDomains();
    this.#tags = new CacheTags(true);
    this.#flushes = new Flushes(this.#driver.operations['mm-invalidate'], this.#tags);
  }

  quiet(at: number): void {
    for (const { thread, unit, rid, pasid } of this.#scan.quietDetaches.get(at) ?? []) {
      this.#book.placeOf(unit, rid, pasid).quiet(QUIET_DETACHES, thread);
    }
  }

  tagged(at: number, name: string, fact: CacheTagChanged): Fault | undefined {
    const thread = this.#thread(name);
    const walking = this.#flushes.left(name);
    const counted = walking ?? this.#tags.changed(fact);
    if (counted !== undefined) return counted;
    const { rid } = this.#scan.subjects[at] ?? {};
    if (fact.pasid <= 0) {
      if (rid === undefined) return undefined;
      const added = fact.kind === 'cache-tag.assigned';
      this.#domains.ofFunction(`${fact.unit} ${rid}`, added ? fact.did : undefined);
      return added
        ? this.#attaching(this.#book.placeOf(fact.unit, rid, 0), name, thread)
        : undefined;
    }
    if (fact.type !== 'iotlb' && fact.type !== 'devtlb') return undefined;
    if (this.#isCut(at, fact.unit, thread)) return undefined;
    const place = this.#book.placeOf(fact.unit, rid, fact.pasid);
    return this.#domains.tagged(place, fact) ?? this.#show(place, signOf(fact), name, thread, 0);
  }

  submitted(at: number, name: string, fact: InvalidationSubmitted): Fault | undefined {
    const thread = this.#thread(name);
    if (this.#flushes.isWalking(name)) return this.#flushes.submitted(name, fact);
    const { descriptor, unit } = fact;
    const locks = this.#events[at]?.locks;
    const { rid, pasid } = this.#scan.subjects[at] ?? {};
    if (this.#isCut(at, unit, thread)) return undefined;
    const drains = thread.last === SIGN.fence || thread.last === SIGN.drainIotlb;
    const placeAt = (of: number): Place => this.#book.placeOf(unit, rid, of);
    switch (descriptor.kind) {
      case 'pasid-cache': {
        if (descriptor.granularity !== 'pasid') return undefined;
        const place = placeAt(descriptor.pasid);
        return (
          this.#domains.invalidated(place, descriptor.did) ??
          this.#show(place, SIGN.pasidCache, name, thread, locks)
        );
      }
      case 'wait': {
        if (!descriptor.fence) return undefined;
        const place = placeAt(pasid ?? 0);
        return (
          this.#show(place, SIGN.fence, name, thread, locks) ?? this.#drained(place, name, thread)
        );
      }
      case 'pasid-iotlb': {
        if (descriptor.pages !== undefined) return this.#strayFlush();
        const place = placeAt(descriptor.pasid);
        if (drains) {
          return (
            this.#domains.drained(place, descriptor.did) ??
            this.#show(place, SIGN.drainIotlb, name, thread, locks)
          );
        }
        return (
          this.#domains.invalidated(place, descriptor.did) ??
          this.#show(place, SIGN.iotlb, name, thread, locks)
        );
      }
      case 'iotlb': {
        if (descriptor.scope.kind !== 'domain' || thread.place === undefined) return undefined;
        if (!drains) return this.#show(thread.place, SIGN.iotlb, name, thread, locks);
        return (
          this.#domains.drained(thread.place, descriptor.scope.did) ??
          this.#show(thread.place, SIGN.drainIotlb, name, thread, locks)
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
        return this.#show(place, drains ? SIGN.drainDevtlb : SIGN.devtlb, name, thread, locks);
      }
      default:
        return undefined;
    }
  }

  /** A function is attached by a list that shows nothing. */
  #attaching(place: Place, name: string, thread: Thread): Fault | undefined {
    const isElsewhere = thread.place !== undefined && thread.place !== place;
    const left = isElsewhere ? this.left(name) : undefined;
    if (left !== undefined) return left;
    thread.place = place;
    place.quiet(QUIET_ATTACHES, name);
    return undefined;
  }

  /**
   * The trace ends before the thread names the device that this is about, and there is one: the thread is in the
   * middle of a list, and nobody can tell where.
   */
  #isCut(at: number, unit: string, { place }: Thread): boolean {
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
  #drained(place: Place, name: string, thread: Thread): Fault | undefined {
    const lists = place.listsOf(name);
    const waits =
      lists.length > 0 &&
      lists.every((list) => {
        const steps: readonly string[] = this.#driver.operations[list];
        const flush = steps.indexOf('flush-workqueue');
        const drain = steps.findIndex((step) => step.startsWith('drain-hardware'));
        return drain < 0 || (flush >= 0 && flush < drain);
      });
    if (!waits) return undefined;
    for (const each of this.#book.places) {
      if (each.unit === place.unit) each.mayHaveStrays = false;
    }
    if (thread.previousAt < 0) return undefined;
    for (const openIndex of this.#book.openIndices) {
      if (openIndex.place === place || openIndex.place.unit !== place.unit) continue;
      const fault = openIndex.flushed(thread.previousAt);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #show(
    place: Place,
    sign: OperationSign,
    name: string,
    thread: Thread,
    locks?: number,
  ): Fault | undefined {
    const isElsewhere = thread.place !== undefined && thread.place !== place;
    const left = isElsewhere ? this.left(name) : undefined;
    if (left !== undefined) return left;
    if (this.#isTail(place, sign, name, thread)) return undefined;
    thread.place = place;
    thread.last = sign;
    thread.isKnown = true;
    return place.shown(sign, name, locks);
  }

  /** A trace may begin in the middle of a thread's list; its rest is passed over. */
  #isTail(place: Place, sign: OperationSign, name: string, thread: Thread): boolean {
    const begins =
      sign === SIGN.assignIotlb || sign === SIGN.pasidCache || sign === SIGN.unassignIotlb;
    return this.#mayBeginLate && !thread.isKnown && !begins && !place.isIn(name);
  }

  #thread(name: string): Thread {
    const known = this.#threads.get(name);
    if (known !== undefined) return known;
    const thread: Thread = {
      place: undefined,
      last: undefined,
      isKnown: false,
      previousAt: -1,
      lastAt: -1,
    };
    this.#threads.set(name, thread);
    return thread;
  }
}

const signOf = ({ kind, type }: CacheTagChanged): OperationSign => {
  if (kind === 'cache-tag.assigned') return type === 'iotlb' ? SIGN.assignIotlb : SIGN.assignDevtlb;
  return type === 'iotlb' ? SIGN.unassignIotlb : SIGN.unassignDevtlb;
};
