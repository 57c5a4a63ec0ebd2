/**
 * Open index: the open requests of one place under one PRG index, and which of them each answer was for.
 *
 * A response names a place and an index, and a device may have several groups there at once. So hypotheses are kept: in
 * each, every answer so far belongs to one request. Requests that look alike are told apart no further, and the
 * oldest of them is answered first.
 */
import { type Frontier, NOWHERE } from '../../explore/observer.ts';
import { areEqual, type Beliefs, isDead, joined, moved } from './beliefs.ts';
import type { Candidate, Fault } from './judgement.ts';
import type { Follower, Place } from './place.ts';
import type { PlaceObserver, RequestClass } from './place-observer.ts';
import { REFUSED_REQUEST } from './place-observer.ts';
import { SIGN } from './signs.ts';

/** Beyond these the search gives up. */
const HYPOTHESES_MAX = 256;

/** One request as one hypothesis has it. */
type OpenRequest = {
  /** Counts the requests of the trace. */
  readonly number: number;
  /** Place of its report among the events; undefined: it is being reported, or will be. */
  readonly reportedAt: number | undefined;
  readonly request: RequestClass;
  readonly wasAnswered: boolean;
  readonly beliefs: Beliefs;
};

type Hypothesis = readonly OpenRequest[];

export type Answered = 'explained' | 'too-many' | Fault;

export class OpenIndex implements Follower {
  readonly place: Place;
  readonly index: number;
  #hypotheses: readonly Hypothesis[] = [[]];
  /** Groups that were freed under somebody's hands so far. */
  dangling = 0;

  constructor(place: Place, index: number) {
    this.place = place;
    this.index = index;
  }

  get isEmpty(): boolean {
    return this.#hypotheses.every((open) => open.length === 0);
  }

  /** Requests that owe their response, whichever hypothesis is true. */
  get owed(): number {
    return Math.min(
      ...this.#hypotheses.map((open) => open.filter((one) => one.reportedAt !== undefined).length),
    );
  }

  /** The unit's thread will report this request next. */
  expect(number: number, request: RequestClass): void {
    const beliefs = this.#arriving(this.place.beliefs, request);
    const coming = { number, reportedAt: undefined, request, wasAnswered: false, beliefs };
    this.#hypotheses = this.#hypotheses.map((open) => [...open, coming]);
    this.place.followers.add(this);
  }

  /** What the place does is done to its requests; one that is still in the ring may have come only now. */
  placeMoved(
    move: (observer: PlaceObserver, frontier: Frontier) => Frontier,
    place: Beliefs,
  ): Fault | undefined {
    const { observers } = this.place;
    let stuck: OpenRequest | undefined;
    const next = this.#hypotheses.flatMap((open) => {
      const after = open.map((one) => {
        const beliefs = moved(observers, one.beliefs, move);
        if (one.reportedAt !== undefined || one.wasAnswered) return { ...one, beliefs };
        return { ...one, beliefs: joined(observers, beliefs, this.#arriving(place, one.request)) };
      });
      const dead = after.findIndex(({ beliefs }) => isDead(beliefs));
      if (dead < 0) return [after];
      stuck ??= open[dead];
      return [];
    });
    return this.#keep(next, () => ({
      why: `${this.#nameOf(stuck)} must have been answered before this`,
      candidates: this.#candidates(stuck === undefined ? [] : [stuck]),
    }));
  }

  /** The request that was expected is reported. */
  reported(number: number, at: number): Fault | undefined {
    const { observers } = this.place;
    const before = this.#hypotheses;
    const next = before.flatMap((open) => {
      const after = open.map((one) => {
        if (one.number !== number) return one;
        const beliefs = moved(observers, one.beliefs, (observer, frontier) =>
          observer.after(frontier, SIGN.report, observer.reporter),
        );
        return { ...one, reportedAt: at, beliefs };
      });
      return after.some(({ beliefs }) => isDead(beliefs)) ? [] : [this.#open(after)];
    });
    return this.#keep(next, () => ({
      why: 'the driver does not report such a request, or had to answer it first',
      candidates: this.#candidates(before.flat().filter((one) => one.number === number)),
    }));
  }

  /** An answer was sent: by the unit's own thread, or by another one. */
  answered(
    sign: string,
    by: { readonly thread: string; readonly reports: boolean; readonly lists: boolean },
  ): Answered {
    const { observers } = this.place;
    const before = this.#hypotheses;
    const next: Hypothesis[] = [];
    const answer = (observer: PlaceObserver, frontier: Frontier): Frontier => {
      const thread = by.reports ? observer.after(frontier, sign, observer.reporter) : NOWHERE;
      if (!by.lists) return thread;
      const others = observer.after(frontier, sign, this.place.answerers(observer, by.thread));
      return observer.union(thread, others);
    };
    for (const open of before) {
      for (const [at, one] of open.entries()) {
        if (open.findIndex((other) => isAlike(other, one)) < at) continue;
        const beliefs = moved(observers, one.beliefs, answer);
        if (isDead(beliefs)) continue;
        const after = this.#open(open.with(at, { ...one, wasAnswered: true, beliefs }));
        next.push(after);
      }
      if (by.reports && this.#refuses(sign)) next.push(open);
      if (by.lists && this.place.mayHaveStrays) next.push(open);
    }
    const fault = this.#keep(next, () => ({
      why: `no request of ${this.place.name}, index ${this.index}, could be answered so here`,
      candidates: this.#candidates(before.flat()),
    }));
    if (fault !== undefined) return fault;
    return this.#hypotheses.length > HYPOTHESES_MAX ? 'too-many' : 'explained';
  }

  /** Work that was queued before `at` has ended. */
  flushed(at: number): Fault | undefined {
    const { observers } = this.place;
    let stuck: OpenRequest | undefined;
    const next = this.#hypotheses.flatMap((open) => {
      const after = open.map((one) => {
        if (one.reportedAt === undefined || one.reportedAt >= at) return one;
        const beliefs = moved(observers, one.beliefs, (observer, frontier) =>
          observer.flushed(frontier),
        );
        return { ...one, beliefs };
      });
      const dead = after.findIndex(({ beliefs }) => isDead(beliefs));
      if (dead < 0) return [after];
      stuck ??= open[dead];
      return [];
    });
    return this.#keep(next, () => ({
      why: `a drain waits for all queued work, but ${this.#nameOf(stuck)} was not answered`,
      candidates: this.#candidates(stuck === undefined ? [] : [stuck]),
    }));
  }

  /** What the drain of its place, or the end of a whole recording, leaves behind. */
  leftOver(): Fault {
    const open = this.#hypotheses.flat().filter((one) => one.reportedAt !== undefined);
    return {
      why: `${this.#nameOf(open[0])} was never answered`,
      candidates: this.#candidates(open.slice(0, 1)),
    };
  }

  /** Whether the driver refuses a request before it reports it, and answers so. */
  #refuses(sign: string): boolean {
    const { observers, beliefs } = this.place;
    return !isDead(
      moved(observers, this.#arriving(beliefs, REFUSED_REQUEST), (observer, frontier) =>
        observer.after(frontier, sign, observer.reporter),
      ),
    );
  }

  #arriving(beliefs: Beliefs, request: RequestClass): Beliefs {
    return moved(this.place.observers, beliefs, (observer, frontier) =>
      observer.requested(frontier, request),
    );
  }

  /** Those that may owe something. */
  #open(requests: Hypothesis): Hypothesis {
    const { observers } = this.place;
    return requests.filter(({ reportedAt, beliefs }) => {
      if (reportedAt === undefined) return true;
      const owes = moved(observers, beliefs, (observer, one) => observer.owing(one));
      if (!isDead(owes)) return true;
      const dangles = moved(observers, beliefs, (observer, one) => observer.dangling(one));
      if (!isDead(dangles)) this.dangling += 1;
      return false;
    });
  }

  #keep(next: readonly Hypothesis[], fault: () => Fault): Fault | undefined {
    if (next.length === 0) return fault();
    const distinct = next.filter(
      (open, at) => next.findIndex((other) => areTheSame(other, open)) === at,
    );
    this.#hypotheses = distinct;
    this.place.ruleOut(this.#impossible());
    if (this.isEmpty) this.place.followers.delete(this);
    else this.place.followers.add(this);
    return undefined;
  }

  /** Worlds in which every hypothesis has a request that nothing explains. */
  #impossible(): readonly number[] {
    return this.place.observers.flatMap((_, world) =>
      this.#hypotheses.every((open) =>
        open.some(({ beliefs }) => (beliefs[world] ?? NOWHERE) === NOWHERE),
      )
        ? [world]
        : [],
    );
  }

  #nameOf(request: OpenRequest | undefined): string {
    const at = request?.reportedAt;
    const which = at === undefined ? 'the request being reported' : 'a group';
    return `${which} of ${this.place.name}, index ${this.index},`;
  }

  #candidates(requests: readonly OpenRequest[]): readonly Candidate[] {
    const object = `${this.place.name}, index ${this.index}`;
    const found = new Map<string, Candidate>();
    for (const { beliefs } of requests) {
      for (const [world, observer] of this.place.observers.entries()) {
        const frontier = beliefs[world] ?? NOWHERE;
        for (const next of observer.next(frontier, observer.everybody)) {
          found.set(`${next.actor} ${next.sign}`, { object, ...next });
        }
      }
    }
    return [...found.values()];
  }
}

const isAlike = (left: OpenRequest, right: OpenRequest): boolean =>
  (left.reportedAt === undefined) === (right.reportedAt === undefined) &&
  left.wasAnswered === right.wasAnswered &&
  areEqual(left.beliefs, right.beliefs);

const areTheSame = (left: Hypothesis, right: Hypothesis): boolean =>
  left.length === right.length &&
  left.every((one, at) => {
    const other = right[at];
    return (
      other !== undefined &&
      one.number === other.number &&
      one.reportedAt === other.reportedAt &&
      one.wasAnswered === other.wasAnswered &&
      areEqual(one.beliefs, other.beliefs)
    );
  });
