/**
 * Trace judge: goes through a trace once, tells every place and every open request what was seen of it, and stops at
 * the first event that nothing explains.
 */
import type { Driver } from '../../actors/driver.ts';
import { Refused } from '../../explore/refusal.ts';
import { type UnitKind, unitKindOf } from '../../workers/unit-kind.ts';
import type {
  CaptureEvent,
  CaptureFact,
  PageGroupResponded,
  PageRequestReported,
} from '../capture/capture-event.ts';
import { CommandJudge } from './command-judge.ts';
import { distinct, type Fault, type Judgement, type Rejection } from './judgement.ts';
import { ListJudge } from './list-judge.ts';
import { ListWalk } from './list-walk.ts';
import { ObserverPool } from './observer-pool.ts';
import { QUIET_DETACHES } from './place.ts';
import { PlaceBook } from './place-book.ts';
import type { RequestClass } from './place-observer.ts';
import { Returns } from './returns.ts';
import { answerSign } from './signs.ts';
import { reportAt, scanTrace, type TraceScan } from './trace-scan.ts';
import { Unjudged } from './unjudged.ts';

export type TraceOrigin = {
  /** Whoever recorded it began before anything had happened, and lets nothing stand before its cause. */
  readonly isStorm: boolean;
  /** Nothing happened behind the last event. */
  readonly isComplete: boolean;
};

/** The addresses that a processor of 48 bits has. */
const CANONICAL_TOP = 2 ** (64 - 48 + 1) - 1;
const CANONICAL_PFN_BITS = 2 ** (47 - 12);

/** A sequence of reports of one unit. */
type Reports = { next: number; sequence: number | undefined; expected: number | undefined };

type Stop = { readonly limited: true };

/** @param pool what was found of the driver's places in other traces is not searched again */
export function judgeTrace(
  driver: Driver,
  events: readonly CaptureEvent[],
  origin: TraceOrigin,
  pool: ObserverPool = new ObserverPool(driver),
): Judgement {
  return new TraceJudge(driver, events, origin, pool).judged();
}

class TraceJudge {
  readonly #events: readonly CaptureEvent[];
  readonly #origin: TraceOrigin;
  readonly #scan: TraceScan;
  readonly #book: PlaceBook;
  readonly #kind: UnitKind;
  readonly #walk: ListWalk;
  readonly #lists: ListJudge;
  readonly #commands: CommandJudge;
  readonly #returns: Returns;
  readonly #unjudged = new Unjudged();
  readonly #failureOnWire: number;
  readonly #reports = new Map<string, Reports>();
  /** Events up to the end, or to the first that is rejected, but for those among lost ones. */
  #passed = 0;
  #requests = 0;
  #answers = 0;
  #unknown = 0;
  #losses = 0;

  constructor(
    driver: Driver,
    events: readonly CaptureEvent[],
    origin: TraceOrigin,
    pool: ObserverPool,
  ) {
    this.#failureOnWire = driver.traits.failureOnWire;
    this.#events = events;
    this.#origin = origin;
    this.#kind = unitKindOf(driver.name);
    this.#scan = scanTrace(events, this.#kind);
    this.#book = new PlaceBook(pool, this.#scan, origin.isStorm);
    this.#walk = new ListWalk(!origin.isStorm);
    const parts = [driver, this.#scan, this.#book, this.#walk, this.#unjudged] as const;
    this.#lists = new ListJudge(events, ...parts, origin.isStorm);
    this.#commands = new CommandJudge(...parts, origin.isStorm);
    this.#returns = new Returns(driver, this.#book, this.#walk);
  }

  judged(): Judgement {
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
      this.#passed += Number(event.fact.kind !== 'events.lost');
      const stop = this.#withinBounds(at, event.fact);
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
    if (firstRejected === undefined && limitedAt === undefined && this.#origin.isComplete) {
      firstRejected = this.#leftOver();
    }
    return {
      events: this.#events.length,
      judged: this.#passed - this.#unjudged.total,
      notJudged: this.#unjudged.listed(),
      firstRejected,
      places: this.#book.placesSeen,
      requests: this.#requests,
      answers: this.#answers,
      open: this.#book.owed,
      unknown: this.#unknown,
      losses: this.#losses,
      limitedAt,
      notes: this.#notes(),
    };
  }

  /** Behind the last event of a whole recording nothing is owed. */
  #leftOver(): Rejection | undefined {
    const openIndex = [...this.#book.openIndices].find(({ owed }) => owed > 0);
    const fault = openIndex?.leftOver() ?? this.#lists.unfinished() ?? this.#commands.unfinished();
    const line = this.#events.at(-1)?.line ?? 0;
    return fault && { line: line + 1, event: 'end', ...fault };
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

  /** More of a kind at once than the machines' tables hold is a limit, and no judgement. */
  #withinBounds(at: number, fact: CaptureFact): Fault | Stop | undefined {
    try {
      return this.#event(at, fact);
    } catch (error) {
      if (error instanceof Refused) return { limited: true };
      throw error;
    }
  }

  #event(at: number, fact: CaptureFact): Fault | Stop | undefined {
    const name = this.#scan.threads[at] ?? '';
    this.#walk.passed(at, name);
    switch (fact.kind) {
      case 'page-request.reported':
        return this.#walk.left(name) ?? this.#reported(at, fact);
      case 'page-group.responded':
        return this.#responded(name, fact);
      case 'cache-tag.assigned':
      case 'cache-tag.unassigned':
        return this.#lists.tagged(at, name, fact);
      case 'cache-tag.flushed':
        return this.#lists.flushed(name, fact);
      case 'invalidation.submitted':
        return this.#lists.submitted(at, name, fact);
      case 'attachment.listed':
      case 'attachment.unlisted':
        return this.#commands.left(name) ?? this.#commands.listed(name, fact);
      case 'command.submitted':
        return this.#commands.submitted(at, name, fact);
      case 'operation.returned':
        return this.#commands.left(name) ?? this.#returns.returned(name, fact);
      default:
        this.#unjudged.add(nameOf(fact));
        return undefined;
    }
  }

  /** Detaches that may begin behind this event, and show nothing of themselves. */
  #quiet(at: number): void {
    for (const { thread, unit, rid, pasid } of this.#scan.quietDetaches.get(at) ?? []) {
      this.#book.placeOf(unit, rid, pasid).quiet(QUIET_DETACHES, thread);
    }
  }

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
    const place = this.#book.placeOf(request.unit, request.rid, request.pasid);
    this.#book.openIndexOf(request).expect(place, at, classOf(request));
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
    const openIndex = this.#book.openIndexOf(fact);
    const fault = openIndex.reported(at, at);
    if (fault !== undefined) return fault;
    this.#book.learn(this.#book.placeOf(fact.unit, fact.rid, fact.pasid));
    this.#book.forget(openIndex);
    reports.next += 1;
    this.#expect(fact.unit, reports);
    return undefined;
  }

  #responded(name: string, fact: PageGroupResponded): Fault | Stop | undefined {
    if (!this.#scan.shows.reports) return undefined;
    this.#answers += 1;
    if (fact.code === 'failure' && fact.wireCode !== this.#failureOnWire) {
      const why = `this driver writes ${this.#failureOnWire} for a failure, not ${fact.wireCode}`;
      return { why, candidates: [] };
    }
    const isReporter = this.#scan.reporters.has(`${fact.unit} ${name}`);
    const openIndex = this.#book.openIndexOf({ ...fact, pasid: fact.pasid ?? 0 });
    // Without a PASID it is for the function itself where that is one place of many.
    const pasid = this.#kind === 'vtd' ? (fact.pasid ?? 0) : fact.pasid;
    const answered = openIndex.answered(answerSign(this.#kind, fact.code), pasid, {
      thread: name,
      reports: isReporter || !this.#scan.reports.has(fact.unit),
      // A storm removes a device from its fault queue in the unit's own thread.
      lists: !isReporter || this.#origin.isStorm,
    });
    if (answered === 'too-many') return { limited: true };
    if (answered !== 'explained') return answered;
    this.#book.learn(openIndex.named);
    this.#book.forget(openIndex);
    return undefined;
  }

  #lose(): void {
    this.#losses += 1;
    this.#unknown += this.#book.owed;
    this.#book.reset();
    this.#walk.reset();
    this.#lists.reset();
    this.#commands.reset();
  }
}

/** What is counted of events that the machines say nothing of. */
const nameOf = (fact: CaptureFact): string =>
  fact.kind === 'function.entered' || fact.kind === 'function.returned'
    ? `${fact.kind} ${fact.function}`
    : fact.kind;

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
