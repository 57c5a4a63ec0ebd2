/**
 * Trace judge: goes through a trace once, tells every place and lane what was seen of it, and stops at the first
 * event that nothing explains.
 */
import type { Driver } from '../../actors/driver.ts';
import type {
  CacheTagChanged,
  CaptureEvent,
  CaptureFact,
  InvalidationSubmitted,
  PageGroupResponded,
  PageRequestReported,
} from '../capture/capture-event.ts';
import { CacheTags } from './cache-tags.ts';
import { Flushes } from './flushes.ts';
import { Lane } from './lane.ts';
import { ObserverPool } from './observer-pool.ts';
import { Place, QUIET_ATTACHES, QUIET_DETACHES } from './place.ts';
import type { PlaceShape } from './place-kinds.ts';
import type { PlaceObserver, RequestClass } from './place-observer.ts';
import { PLACE_SHAPES } from './place-shapes.ts';
import { answerSign, type OperationSign, SIGN } from './signs.ts';
import { reportAt, scanTrace, type TraceScan } from './trace-scan.ts';
import { distinct, type Fault, type Rejection, type Verdict } from './verdict.ts';

export type TraceOrigin = {
  /** Whoever recorded it began before anything had happened, and lets nothing stand before its cause. */
  readonly isStorm: boolean;
  /** Nothing happened behind the last event. */
  readonly isComplete: boolean;
};

/** Linux's domain id of every SVA domain. */
const SVA_DID = 1;
const CANONICAL_TOP = 2 ** (64 - 48 + 1) - 1;
const CANONICAL_PFN_BITS = 2 ** (47 - 12);

/** What a thread is in the middle of. */
type Thread = {
  place: Place | undefined;
  last: OperationSign | undefined;
  isKnown: boolean;
  previousAt: number;
  lastAt: number;
};

/** A sequence of reports of one unit. */
type Reports = { next: number; sequence: number | undefined; expected: number | undefined };

type Stop = { readonly limited: true };

/** @param pool what was found of the driver's places in other traces is not searched again */
export function judgeTrace(
  driver: Driver,
  events: readonly CaptureEvent[],
  origin: TraceOrigin,
  pool: ObserverPool = new ObserverPool(driver),
): Verdict {
  return new TraceJudge(driver, events, origin, pool).judged();
}

class TraceJudge {
  readonly #driver: Driver;
  readonly #events: readonly CaptureEvent[];
  readonly #origin: TraceOrigin;
  readonly #scan: TraceScan;
  readonly #pool: ObserverPool;
  #places = new Map<string, Place>();
  #lanes = new Map<string, Lane>();
  #threads = new Map<string, Thread>();
  #reports = new Map<string, Reports>();
  #ridDids = new Map<string, number>();
  #tags: CacheTags;
  #flushes: Flushes;
  readonly #seen = new Set<string>();
  /** Devices known to have PRI. */
  readonly #withPri = new Set<string>();
  #judged = 0;
  #requests = 0;
  #answers = 0;
  #unknown = 0;
  #losses = 0;
  #begins = true;

  constructor(
    driver: Driver,
    events: readonly CaptureEvent[],
    origin: TraceOrigin,
    pool: ObserverPool,
  ) {
    this.#driver = driver;
    this.#pool = pool;
    this.#events = events;
    this.#origin = origin;
    this.#scan = scanTrace(events);
    this.#tags = new CacheTags(!origin.isStorm);
    this.#flushes = new Flushes(driver.operations['mm-invalidate'], this.#tags);
  }

  judged(): Verdict {
    let firstRejected: Rejection | undefined;
    let limitedAt: number | undefined;
    let isLost = false;
    this.#expectAll(0);
    this.#quiet(-1);
    for (const [at, event] of this.#events.entries()) {
      if (this.#scan.isLost[at] === true) {
        if (!isLost) this.#lose();
        isLost = true;
        continue;
      }
      if (isLost) this.#expectAll(at);
      isLost = false;
      const stop = this.#event(at, event.fact);
      if (stop !== undefined && 'limited' in stop) {
        limitedAt = event.line;
        break;
      }
      if (stop !== undefined) {
        const candidates = distinct(stop.candidates);
        firstRejected = { line: event.line, event: event.fact.kind, why: stop.why, candidates };
        break;
      }
      this.#quiet(at);
    }
    const open = [...this.#lanes.values()].reduce((sum, { owed }) => sum + owed, 0);
    if (firstRejected === undefined && limitedAt === undefined && this.#origin.isComplete) {
      firstRejected = this.#unanswered();
    }
    return {
      events: this.#events.length,
      judged: this.#judged,
      firstRejected,
      places: this.#seen.size,
      requests: this.#requests,
      answers: this.#answers,
      open,
      unknown: this.#unknown,
      losses: this.#losses,
      limitedAt,
      notes: this.#notes(),
    };
  }

  #unanswered(): Rejection | undefined {
    const lane = [...this.#lanes.values()].find(({ owed }) => owed > 0);
    const line = this.#events.at(-1)?.line ?? 0;
    return lane && { line: line + 1, event: 'end', ...lane.leftOver() };
  }

  #notes(): readonly string[] {
    const { reports, submissions, tags } = this.#scan.shows;
    const off = (name: string, what: string): string =>
      `the trace has no ${name}: ${what} are not judged`;
    return [
      ...(reports ? [] : [off('prq_report', 'answers')]),
      ...(submissions ? [] : [off('qi_submit', 'answers and invalidations')]),
      ...(tags ? [] : [off('cache_tag_assign or cache_tag_unassign', 'cache tags')]),
    ];
  }

  #event(at: number, fact: CaptureFact): Fault | Stop | undefined {
    const name = this.#scan.threads[at] ?? '';
    const thread = this.#thread(name);
    thread.previousAt = thread.lastAt;
    thread.lastAt = at;
    switch (fact.kind) {
      case 'page-request.reported':
        this.#judged += 1;
        return this.#left(name, thread) ?? this.#reported(at, fact);
      case 'page-group.responded':
        this.#judged += 1;
        return this.#responded(name, fact);
      case 'cache-tag.assigned':
      case 'cache-tag.unassigned':
        this.#judged += 1;
        return this.#tagged(at, name, thread, fact);
      case 'cache-tag.flushed':
        this.#judged += 1;
        return this.#left(name, thread) ?? this.#flushes.flushed(name, fact);
      case 'invalidation.submitted':
        this.#judged += 1;
        return this.#submitted(at, name, thread, fact);
      default:
        return undefined;
    }
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

  /** Whatever list the thread was in has ended. */
  #left(name: string, thread: Thread): Fault | undefined {
    const { place } = thread;
    thread.place = undefined;
    thread.last = undefined;
    return place?.left(name);
  }

  // Reports and answers

  #expectAll(from: number): void {
    for (const [unit, places] of this.#scan.reports) {
      const next = places.findIndex((at) => at >= from);
      const reports = {
        next: next < 0 ? places.length : next,
        sequence: undefined,
        expected: undefined,
      };
      this.#reports.set(unit, reports);
      this.#expect(unit, reports);
    }
  }

  /** The request that the unit reports next has arrived, or will have. */
  #expect(unit: string, reports: Reports): void {
    const at = this.#scan.reports.get(unit)?.[reports.next];
    const request =
      at === undefined || this.#scan.isLost[at] === true ? undefined : reportAt(this.#events, at);
    reports.expected = request && at;
    if (request === undefined || at === undefined) return;
    this.#laneOf(unit, request.rid, request.pasid, request.index).expect(at, classOf(request));
  }

  #reported(at: number, fact: PageRequestReported): Fault | undefined {
    const reports = this.#reports.get(fact.unit);
    if (reports === undefined || reports.expected !== at) return undefined;
    const wanted = reports.sequence;
    if (wanted !== undefined && fact.sequence !== wanted) {
      return {
        why: `report ${wanted} of ${fact.unit} comes next, and this is number ${fact.sequence}`,
        candidates: [],
      };
    }
    reports.sequence = fact.sequence + 1;
    this.#requests += 1;
    const lane = this.#laneOf(fact.unit, fact.rid, fact.pasid, fact.index);
    const fault = lane.reported(at, at);
    if (fault !== undefined) return fault;
    this.#learn(lane.place);
    this.#forget(fact, lane);
    reports.next += 1;
    this.#expect(fact.unit, reports);
    return undefined;
  }

  #responded(name: string, fact: PageGroupResponded): Fault | Stop | undefined {
    if (!this.#scan.shows.reports) return undefined;
    this.#answers += 1;
    const isReporter = this.#scan.reporters.has(`${fact.unit} ${name}`);
    const lane = this.#laneOf(fact.unit, fact.rid, fact.pasid ?? 0, fact.index);
    const answered = lane.answered(answerSign(fact.code), {
      thread: name,
      reports: isReporter || !this.#scan.reports.has(fact.unit),
      // A storm removes a device from its fault queue in the unit's own thread.
      lists: !isReporter || this.#origin.isStorm,
    });
    if (answered === 'too-many') return { limited: true };
    if (answered !== 'explained') return answered;
    this.#learn(lane.place);
    this.#forget({ ...fact, pasid: fact.pasid ?? 0 }, lane);
    return undefined;
  }

  /** What was handled at one place of a device says that it has PRI everywhere. */
  #learn({ unit, rid, pasid, hasPri }: Place): void {
    const device = `${unit} ${rid ?? '?'}`;
    if (pasid === 0 || !hasPri || this.#withPri.has(device)) return;
    this.#withPri.add(device);
    for (const place of this.#places.values()) {
      if (place.unit === unit && place.rid === rid && place.pasid > 0) place.learnPri();
    }
  }

  #laneOf(unit: string, rid: number, pasid: number, index: number): Lane {
    const key = `${unit} ${rid} ${pasid} ${index}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = new Lane(this.#placeOf(unit, rid, pasid), index);
    this.#lanes.set(key, lane);
    return lane;
  }

  /** A lane where nothing is open is made again when it is needed. */
  #forget(of: { unit: string; rid: number; pasid: number; index: number }, lane: Lane): void {
    if (lane.isEmpty) this.#lanes.delete(`${of.unit} ${of.rid} ${of.pasid} ${of.index}`);
  }

  // Places

  #placeOf(unit: string, rid: number | undefined, pasid: number): Place {
    const key = `${unit} ${rid ?? '?'} ${pasid}`;
    this.#seen.add(key);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const observers = PLACE_SHAPES.filter(
      ({ kind }) => (kind === 'function') === (pasid === 0),
    ).map((shape) => this.#observer(shape, rid !== undefined && this.#scan.ats.has(rid)));
    const isUnknown = !(this.#origin.isStorm && this.#begins);
    const place = new Place(unit, rid, pasid, observers, isUnknown);
    if (pasid > 0 && this.#withPri.has(`${unit} ${rid ?? '?'}`)) place.learnPri();
    this.#places.set(key, place);
    return place;
  }

  #observer(shape: PlaceShape, hasDevtlb: boolean): PlaceObserver {
    const { reports, submissions, tags } = this.#scan.shows;
    return this.#pool.observer(shape, {
      reportsAtOnce: this.#origin.isStorm,
      hasDevtlb,
      hasTags: shape.kind !== 'function',
      showsTags: tags,
      showsSubmissions: submissions,
      showsReports: reports,
    });
  }

  #quiet(at: number): void {
    for (const { thread, unit, rid, pasid } of this.#scan.quietDetaches.get(at) ?? []) {
      this.#placeOf(unit, rid, pasid).quiet(QUIET_DETACHES, thread);
    }
  }

  #show(
    place: Place,
    sign: OperationSign,
    name: string,
    thread: Thread,
    locks?: number,
  ): Fault | undefined {
    const isElsewhere = thread.place !== undefined && thread.place !== place;
    const left = isElsewhere ? this.#left(name, thread) : undefined;
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
    return !this.#origin.isStorm && !thread.isKnown && !begins && !place.isIn(name);
  }

  // Tags

  #tagged(at: number, name: string, thread: Thread, fact: CacheTagChanged): Fault | undefined {
    const walking = this.#flushes.left(name);
    const counted = walking ?? this.#tags.changed(fact);
    if (counted !== undefined) return counted;
    const { rid } = this.#scan.subjects[at] ?? {};
    if (fact.pasid <= 0) {
      if (rid !== undefined) this.#ridDids.delete(`${fact.unit} ${rid}`);
      if (rid !== undefined && fact.kind === 'cache-tag.assigned') {
        this.#ridDids.set(`${fact.unit} ${rid}`, fact.did);
        return this.#attaching(this.#placeOf(fact.unit, rid, 0), name, thread);
      }
      return undefined;
    }
    if (fact.type !== 'iotlb' && fact.type !== 'devtlb') return undefined;
    const place = this.#placeOf(fact.unit, rid, fact.pasid);
    return this.#tagOfPlace(place, fact) ?? this.#show(place, signOf(fact), name, thread, 0);
  }

  /** A function is attached by a list that shows nothing. */
  #attaching(place: Place, name: string, thread: Thread): Fault | undefined {
    const isElsewhere = thread.place !== undefined && thread.place !== place;
    const left = isElsewhere ? this.#left(name, thread) : undefined;
    if (left !== undefined) return left;
    thread.place = place;
    place.quiet(QUIET_ATTACHES, name);
    return undefined;
  }

  /** Which domain the tags are of. */
  #tagOfPlace(place: Place, { kind, type, did }: CacheTagChanged): Fault | undefined {
    if (kind === 'cache-tag.assigned') {
      if (type === 'iotlb') {
        place.narrow(did === SVA_DID);
        if (place.did === undefined) place.did = did;
        else place.comingDid = did;
        return undefined;
      }
      return otherThan(place, place.comingDid ?? place.did, did);
    }
    const fault = otherThan(place, place.did, did);
    if (fault === undefined && type === 'devtlb') {
      place.did = place.comingDid;
      place.comingDid = undefined;
    }
    return fault;
  }

  // Descriptors

  #submitted(
    at: number,
    name: string,
    thread: Thread,
    fact: InvalidationSubmitted,
  ): Fault | undefined {
    if (this.#flushes.isWalking(name)) return this.#flushes.submitted(name, fact);
    const { descriptor, unit } = fact;
    const locks = this.#events[at]?.locks;
    const { rid, pasid } = this.#scan.subjects[at] ?? {};
    const drains = thread.last === SIGN.fence || thread.last === SIGN.drainIotlb;
    const placeAt = (of: number): Place => this.#placeOf(unit, rid, of);
    switch (descriptor.kind) {
      case 'pasid-cache': {
        if (descriptor.granularity !== 'pasid') return undefined;
        const place = placeAt(descriptor.pasid);
        return (
          this.#domainOf(place, descriptor.did) ??
          this.#show(place, SIGN.pasidCache, name, thread, locks)
        );
      }
      case 'wait': {
        if (!descriptor.fence) return undefined;
        const place =
          rid === undefined && thread.place !== undefined ? thread.place : placeAt(pasid ?? 0);
        return (
          this.#show(place, SIGN.fence, name, thread, locks) ?? this.#drained(place, name, thread)
        );
      }
      case 'pasid-iotlb': {
        if (descriptor.pages !== undefined) return this.#strayFlush();
        const place = placeAt(descriptor.pasid);
        if (drains) {
          return (
            this.#drainDid(place, descriptor.did) ??
            this.#show(place, SIGN.drainIotlb, name, thread, locks)
          );
        }
        return (
          this.#domainOf(place, descriptor.did) ??
          this.#show(place, SIGN.iotlb, name, thread, locks)
        );
      }
      case 'iotlb': {
        if (descriptor.scope.kind !== 'domain' || thread.place === undefined) return undefined;
        if (!drains) return this.#show(thread.place, SIGN.iotlb, name, thread, locks);
        return (
          this.#drainDid(thread.place, descriptor.scope.did) ??
          this.#show(thread.place, SIGN.drainIotlb, name, thread, locks)
        );
      }
      case 'pasid-device-tlb':
      case 'device-tlb': {
        if (descriptor.range.order < 52) return this.#strayFlush();
        const place = this.#placeOf(
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

  /** A range is invalidated by a flush alone. */
  #strayFlush(): Fault | undefined {
    if (!this.#scan.shows.flushes) return undefined;
    return { why: 'a range is invalidated that no flush of this thread named', candidates: [] };
  }

  #domainOf(place: Place, did: number): Fault | undefined {
    if (place.pasid > 0) {
      if (place.did === undefined) place.narrow(did === SVA_DID);
      const fault = otherThan(place, place.did, did);
      place.did ??= did;
      return fault;
    }
    if (place.rid !== undefined) this.#ridDids.delete(`${place.unit} ${place.rid}`);
    return undefined;
  }

  /** The drain names the domain of the function itself, whatever PASID it drains. */
  #drainDid({ unit, rid, name }: Place, did: number): Fault | undefined {
    if (rid === undefined) return undefined;
    const key = `${unit} ${rid}`;
    const known = this.#ridDids.get(key);
    this.#ridDids.set(key, did);
    return known === undefined || known === did
      ? undefined
      : { why: `the function of ${name} is in domain ${known}, not ${did}`, candidates: [] };
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
    for (const each of this.#places.values()) {
      if (each.unit === place.unit) each.mayHaveStrays = false;
    }
    if (thread.previousAt < 0) return undefined;
    for (const lane of this.#lanes.values()) {
      if (lane.place === place || lane.place.unit !== place.unit) continue;
      const fault = lane.flushed(thread.previousAt);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  // Losses

  #lose(): void {
    this.#losses += 1;
    for (const { owed } of this.#lanes.values()) this.#unknown += owed;
    this.#begins = false;
    this.#places = new Map();
    this.#lanes = new Map();
    this.#threads = new Map();
    this.#ridDids = new Map();
    this.#tags = new CacheTags(true);
    this.#flushes = new Flushes(this.#driver.operations['mm-invalidate'], this.#tags);
  }
}

const signOf = ({ kind, type }: CacheTagChanged): OperationSign => {
  if (kind === 'cache-tag.assigned') return type === 'iotlb' ? SIGN.assignIotlb : SIGN.assignDevtlb;
  return type === 'iotlb' ? SIGN.unassignIotlb : SIGN.unassignDevtlb;
};

const otherThan = (place: Place, known: number | undefined, did: number): Fault | undefined =>
  known === undefined || known === did
    ? undefined
    : { why: `${place.name} is in domain ${known}, not ${did}`, candidates: [] };

const classOf = ({
  read,
  write,
  exec,
  privileged,
  last,
  pfn,
}: PageRequestReported): RequestClass => {
  const top = Math.floor(pfn / CANONICAL_PFN_BITS);
  const isCanonical = top === 0 || top === CANONICAL_TOP;
  return { read, write, exec, privileged, last, isCanonical };
};
