/**
 * Trace judge: goes through a trace once, tells every place and every open request what was seen of it, and stops at
 * the first event that nothing explains.
 */
import { type Driver, unitOf } from '../../actors/driver.ts';
import { Refused } from '../../explore/refusal.ts';
import type { UnitKind } from '../../workers/unit-kind.ts';
import type {
  CaptureEvent,
  CaptureFact,
  FunctionSeen,
  OperationReturned,
  PageGroupResponded,
} from '../capture/capture-event.ts';
import { BrokenProperties } from './broken.ts';
import { CommandJudge } from './command-judge.ts';
import { distinct, type Fault, type Judgement, type Rejection } from './judgement.ts';
import { ListJudge } from './list-judge.ts';
import { ListWalk } from './list-walk.ts';
import { ObserverPool } from './observer-pool.ts';
import type { Answered, OpenIndex } from './open-index.ts';
import { QUIET_DETACHES } from './place.ts';
import { PlaceBook } from './place-book.ts';
import { Reports } from './reports.ts';
import { Returns } from './returns.ts';
import { answerSign } from './signs.ts';
import { scanTrace, type TraceScan } from './trace-scan.ts';
import { Unjudged } from './unjudged.ts';

export type TraceOrigin = {
  /** Whoever recorded it began before anything had happened, and lets nothing stand before its cause. */
  readonly isStorm: boolean;
  /** Nothing happened behind the last event. */
  readonly isComplete: boolean;
};

type Stop = { readonly limited: true };

const RETURNS: ReadonlyMap<string, OperationReturned['operation']> = new Map([
  ['iommu_sva_bind_device', 'attach'],
  ['iommu_sva_unbind_device', 'detach'],
]);

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
  readonly #broken = new BrokenProperties();
  readonly #failureOnWire: number;
  readonly #reports: Reports;
  readonly #pool: ObserverPool;
  /** Events up to the end, or to the first that is rejected, but for those among lost ones. */
  #passed = 0;
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
    this.#pool = pool;
    pool.wasCut();
    this.#events = events;
    this.#origin = origin;
    this.#kind = unitOf(driver);
    this.#scan = scanTrace(events, this.#kind);
    this.#book = new PlaceBook(pool, this.#scan, origin.isStorm);
    this.#walk = new ListWalk(!origin.isStorm);
    this.#reports = new Reports(events, this.#scan, this.#book);
    const parts = [driver, this.#scan, this.#book, this.#walk, this.#unjudged] as const;
    this.#lists = new ListJudge(events, ...parts, origin.isStorm);
    this.#commands = new CommandJudge(...parts, origin.isStorm);
    this.#returns = new Returns(driver, this.#book, this.#walk, this.#broken);
  }

  judged(): Judgement {
    let firstRejected: Rejection | undefined;
    let limitedAt: number | undefined;
    let isLost = false;
    this.#reports.expectAll(0);
    this.#quiet(-1);
    for (const [at, event] of this.#events.entries()) {
      if (this.#scan.isLost[at] === true) {
        if (!isLost) this.#lose();
        isLost = true;
        continue;
      }
      if (isLost) this.#reports.expectAll(at);
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
    // What was left out might have explained it.
    if (this.#pool.wasCut() && firstRejected !== undefined) {
      limitedAt = firstRejected.line;
      firstRejected = undefined;
    }
    return {
      events: this.#events.length,
      judged: this.#passed - this.#unjudged.total,
      notJudged: this.#unjudged.listed(),
      firstRejected,
      broken: this.#broken.found,
      brokenTotal: this.#broken.count,
      places: this.#book.placesSeen,
      requests: this.#reports.count,
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
        return this.#walk.left(name) ?? this.#reports.reported(at, fact);
      case 'page-group.responded':
        return this.#responded(at, name, fact);
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
        return this.#commands.left(name) ?? this.#returns.returned(name, this.#lineAt(at), fact);
      case 'function.returned':
        return this.#called(at, name, fact);
      default:
        this.#unjudged.add(nameOf(fact));
        return undefined;
    }
  }

  /** A probe on what the core calls tells, as a storm's mark does, when an attach or a detach has returned. */
  #called(at: number, name: string, fact: FunctionSeen): Fault | undefined {
    const { place, last } = this.#walk.thread(name);
    const operation = RETURNS.get(fact.function);
    if (operation === undefined || place === undefined || last === undefined) {
      this.#unjudged.add(nameOf(fact));
      return undefined;
    }
    return this.#returns.at(place, name, this.#lineAt(at), operation);
  }

  /** Detaches that may begin behind this event, and show nothing of themselves. */
  #quiet(at: number): void {
    for (const { thread, unit, rid, pasid } of this.#scan.quietDetaches.get(at) ?? []) {
      this.#book.placeOf(unit, rid, pasid).quiet(QUIET_DETACHES, thread);
    }
  }

  #responded(at: number, name: string, fact: PageGroupResponded): Fault | Stop | undefined {
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
      handles: !isReporter,
      // A storm removes a device from its fault queue in the unit's own thread.
      removes: isReporter && this.#origin.isStorm,
    });
    if (answered === 'too-many') return { limited: true };
    if (typeof answered !== 'string') return answered;
    this.#noteFreed(answered, at, openIndex);
    this.#book.learn(openIndex.named);
    this.#book.forget(openIndex);
    return undefined;
  }

  /** S8 and S1: a removal answers and frees what its worker still has; the worker answers once more. */
  #noteFreed(answered: Answered & string, at: number, { named, index }: OpenIndex): void {
    const group = `a group of ${named.name}, index ${index}`;
    const line = this.#lineAt(at);
    if (answered === 'freed under hands') {
      this.#broken.add('S8', 'all', line, `${group}, is freed while a worker has it`);
    } else if (answered === 'of freed memory') {
      this.#broken.add('S1', 'all', line, `${group}, is answered after it was answered and freed`);
    }
  }

  #lineAt(at: number): number {
    return this.#events[at]?.line ?? 0;
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
