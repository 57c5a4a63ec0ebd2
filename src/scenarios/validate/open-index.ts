/**
 * Open index: the open requests of a device under one PRG index, and which of them each answer was for.
 *
 * A response names the index, and the place or only its function, and a device may have several groups there at once.
 * So hypotheses are kept: in each, every answer so far belongs to one request. Requests that look alike are told apart
 * no further, and the oldest of them is answered first.
 */
import { type Frontier, NOWHERE } from '../../explore/frontier.ts';
import { isDead, joined, moved } from './beliefs.ts';
import type { Share } from './broken.ts';
import type { Candidate, Fault } from './judgement.ts';
import {
  areTheSame,
  arriving,
  type Hypothesis,
  isAlike,
  isFreedUnderHands,
  type OpenRequest,
  shareIn,
} from './open-request.ts';
import type { Follower, Place } from './place.ts';
import type { PlaceObserver, RequestClass } from './place-observer.ts';
import { REFUSED_REQUEST } from './place-observer.ts';
import { SIGN, signText } from './signs.ts';

/** Beyond these the search gives up. */
const HYPOTHESES_MAX = 256;

/** `freed under hands`: whoever works on the group will touch it; `of freed memory`: he has. */
export type Answered = 'explained' | 'freed under hands' | 'of freed memory' | 'too-many' | Fault;

/** Whose work the thread that sent an answer may have been doing. */
export type Answerer = {
  readonly thread: string;
  /** The unit's own thread's. */
  readonly reports: boolean;
  /** A worker's or a handler's, or that of a list of the thread's own. */
  readonly handles: boolean;
  /** That of whoever's list takes a device off the fault queue. */
  readonly removes: boolean;
};

export class OpenIndex implements Follower {
  /** The place that its answers name: the function itself, where they say no more. */
  readonly named: Place;
  readonly index: number;
  #hypotheses: readonly Hypothesis[] = [[]];
  #followed: ReadonlySet<Place> = new Set();
  /** Groups that were answered and freed, in every explanation under the hands of whoever works on them. */
  #freed = 0;

  constructor(named: Place, index: number) {
    this.named = named;
    this.index = index;
  }

  get isEmpty(): boolean {
    return this.#freed === 0 && this.#hypotheses.every((open) => open.length === 0);
  }

  /** In how many explanations a request of the place, reported before `at`, still owes its response. */
  inFlight(place: Place, at: number): Share {
    return this.#shareOf((one) =>
      one.place === place && one.reportedAt !== undefined && one.reportedAt < at
        ? shareIn(one, (observer, frontier) => observer.owing(frontier))
        : 'none',
    );
  }

  #shareOf(shareOf: (one: OpenRequest) => Share): Share {
    const shares = this.#hypotheses.map((open) => open.map(shareOf));
    if (shares.every((of) => of.includes('all'))) return 'all';
    return shares.some((of) => of.some((share) => share !== 'none')) ? 'some' : 'none';
  }

  /** Requests that owe their response, whichever hypothesis is true. */
  get owed(): number {
    return Math.min(
      ...this.#hypotheses.map((open) => open.filter((one) => one.reportedAt !== undefined).length),
    );
  }

  /** The unit's thread will report this request of the place next. */
  expect(place: Place, number: number, request: RequestClass): void {
    const beliefs = arriving(place, place.beliefs, request);
    const coming = { place, number, reportedAt: undefined, request, wasAnswered: false, beliefs };
    this.#hypotheses = this.#hypotheses.map((open) => [...open, coming]);
    this.#follow();
  }

  /** What the place does is done to its requests; one that is still in the ring may have come only now. */
  placeMoved(
    place: Place,
    move: (observer: PlaceObserver, frontier: Frontier) => Frontier,
  ): Fault | undefined {
    return this.#allMoved(
      (one) => {
        if (one.place !== place) return one;
        const beliefs = moved(place.observers, one.beliefs, move);
        if (one.reportedAt !== undefined || one.wasAnswered) return { ...one, beliefs };
        const late = arriving(place, place.beliefs, one.request);
        return { ...one, beliefs: joined(place.observers, beliefs, late) };
      },
      (stuck) => `${this.#nameOf(stuck)} must have been answered before this`,
    );
  }

  /** The request that was expected is reported. */
  reported(number: number, at: number): Fault | undefined {
    const before = this.#hypotheses;
    const next = before.flatMap((open) => {
      const after = open.map((one) => {
        if (one.number !== number) return one;
        const beliefs = moved(one.place.observers, one.beliefs, (observer, frontier) =>
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

  /** An answer was sent: by the unit's own thread, or by another one; `pasid` as far as it names one. */
  answered(sign: string, pasid: number | undefined, by: Answerer): Answered {
    const before = this.#hypotheses;
    const next: Hypothesis[] = [];
    let isFreed = true;
    const answer =
      (place: Place) =>
      (observer: PlaceObserver, frontier: Frontier): Frontier => {
        const actorSets = [
          ...(by.reports ? [observer.reporter] : []),
          ...(by.handles ? [place.answerers(observer, by.thread)] : []),
          ...(by.removes ? [observer.removers] : []),
        ];
        return actorSets.reduce(
          (all, actors) => observer.union(all, observer.after(frontier, sign, actors)),
          NOWHERE,
        );
      };
    for (const open of before) {
      for (const [at, one] of open.entries()) {
        if (pasid !== undefined && one.place.pasid !== pasid) continue;
        if (open.findIndex((other) => isAlike(other, one)) < at) continue;
        const beliefs = moved(one.place.observers, one.beliefs, answer(one.place));
        if (isDead(beliefs)) continue;
        const answeredOne = { ...one, wasAnswered: true, beliefs };
        isFreed &&= isFreedUnderHands(answeredOne);
        next.push(this.#open(open.with(at, answeredOne)));
      }
      if (by.reports && this.#refuses(sign)) next.push(open);
      if (by.handles && this.named.mayHaveStrays) next.push(open);
      isFreed &&= next.length > 0 && next.at(-1) !== open;
    }
    if (next.length === 0 && !by.reports && this.#freed > 0) {
      this.#freed -= 1;
      return 'of freed memory';
    }
    const fault = this.#keep(next, () => ({
      why: `no request of ${this.named.name}, index ${this.index}, could be answered so here`,
      candidates: this.#candidates(before.flat()),
    }));
    if (fault !== undefined) return fault;
    if (this.#hypotheses.length > HYPOTHESES_MAX) return 'too-many';
    if (!isFreed) return 'explained';
    this.#freed += 1;
    return 'freed under hands';
  }

  /** Work of other places than `but` that was queued before `at` has ended. */
  flushed(at: number, but: Place): Fault | undefined {
    return this.#allMoved(
      (one) => {
        if (one.place === but || one.reportedAt === undefined || one.reportedAt >= at) return one;
        const beliefs = moved(one.place.observers, one.beliefs, (observer, frontier) =>
          observer.flushed(frontier),
        );
        return { ...one, beliefs };
      },
      (stuck) => `a drain waits for all queued work, but ${this.#nameOf(stuck)} was not answered`,
    );
  }

  /** What the drain of its place, or the end of a whole recording, leaves behind. */
  leftOver(): Fault {
    const open = this.#hypotheses.flat().filter((one) => one.reportedAt !== undefined);
    return {
      why: `${this.#nameOf(open[0])} was never answered`,
      candidates: this.#candidates(open.slice(0, 1)),
    };
  }

  /** Every request of every hypothesis moves; what is left nothing drops its hypothesis. */
  #allMoved(
    move: (one: OpenRequest) => OpenRequest,
    why: (stuck: OpenRequest | undefined) => string,
  ): Fault | undefined {
    let stuck: OpenRequest | undefined;
    const next = this.#hypotheses.flatMap((open) => {
      const after = open.map(move);
      const dead = after.findIndex(({ beliefs }) => isDead(beliefs));
      if (dead < 0) return [after];
      stuck ??= open[dead];
      return [];
    });
    return this.#keep(next, () => ({
      why: why(stuck),
      candidates: this.#candidates(stuck === undefined ? [] : [stuck]),
    }));
  }

  /** Whether the driver refuses a request instead of reporting it, and answers so. */
  #refuses(sign: string): boolean {
    const { observers, beliefs } = this.named;
    return !isDead(
      moved(observers, arriving(this.named, beliefs, REFUSED_REQUEST), (observer, frontier) => {
        const answered = observer.after(frontier, sign, observer.reporter);
        const isReported = observer.after(answered, SIGN.report, observer.reporter) !== NOWHERE;
        return isReported ? NOWHERE : answered;
      }),
    );
  }

  /** Those that may owe something. */
  #open(requests: Hypothesis): Hypothesis {
    return requests.filter(
      ({ place, reportedAt, beliefs }) =>
        reportedAt === undefined ||
        !isDead(moved(place.observers, beliefs, (observer, one) => observer.owing(one))),
    );
  }

  #keep(next: readonly Hypothesis[], fault: () => Fault): Fault | undefined {
    if (next.length === 0) return fault();
    const distinct = next.filter(
      (open, at) => next.findIndex((other) => areTheSame(other, open)) === at,
    );
    this.#hypotheses = distinct;
    this.#follow();
    for (const place of this.#followed) place.ruleOut(this.#impossibleAt(place));
    return undefined;
  }

  /** Hears of the places of its requests, and of no others. */
  #follow(): void {
    const places = new Set(this.#hypotheses.flatMap((open) => open.map(({ place }) => place)));
    for (const place of this.#followed) if (!places.has(place)) place.followers.delete(this);
    for (const place of places) place.followers.add(this);
    this.#followed = places;
  }

  /** Worlds of the place in which every hypothesis has a request of it that nothing explains. */
  #impossibleAt(at: Place): readonly number[] {
    return at.observers.flatMap((_, world) =>
      this.#hypotheses.every((open) =>
        open.some(({ place, beliefs }) => place === at && (beliefs[world] ?? NOWHERE) === NOWHERE),
      )
        ? [world]
        : [],
    );
  }

  #nameOf(request: OpenRequest | undefined): string {
    const at = request?.reportedAt;
    const which = at === undefined ? 'the request being reported' : 'a group';
    return `${which} of ${(request?.place ?? this.named).name}, index ${this.index},`;
  }

  #candidates(requests: readonly OpenRequest[]): readonly Candidate[] {
    const found = new Map<string, Candidate>();
    for (const { place, beliefs } of requests) {
      const object = `${place.name}, index ${this.index}`;
      for (const [world, observer] of place.observers.entries()) {
        const frontier = beliefs[world] ?? NOWHERE;
        for (const { actor, sign } of observer.next(frontier, observer.everybody)) {
          const shown = signText(observer.unit, sign);
          found.set(`${object} ${actor} ${sign}`, { object, actor, sign: shown });
        }
      }
    }
    return [...found.values()];
  }
}
