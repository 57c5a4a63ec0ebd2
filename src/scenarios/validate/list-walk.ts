/**
 * List walk: which of the driver's lists each thread is in the middle of.
 *
 * A thread is in one list at a time; when it shows something elsewhere, that list has ended.
 */
import type { Fault } from './judgement.ts';
import type { Place } from './place.ts';
import { type OperationSign, SIGN } from './signs.ts';

/** What a thread is in the middle of. */
export type WalkingThread = {
  place: Place | undefined;
  last: OperationSign | undefined;
  /** Something of it was seen that begins a list. */
  isKnown: boolean;
  /** Places among the events of what it did before, and now. */
  previousAt: number;
  lastAt: number;
  /** Where among the events it showed each sign of the place it is at, last. */
  readonly shownAt: Map<OperationSign, number>;
};

export class ListWalk {
  /** A trace that may begin in the middle of anything. */
  readonly #mayBeginLate: boolean;
  #threads = new Map<string, WalkingThread>();

  constructor(mayBeginLate: boolean) {
    this.#mayBeginLate = mayBeginLate;
  }

  /** Nothing is known any more. */
  reset(): void {
    this.#threads = new Map();
  }

  /** The thread did something, whatever it was. */
  passed(at: number, name: string): void {
    const thread = this.thread(name);
    thread.previousAt = thread.lastAt;
    thread.lastAt = at;
  }

  /** Whatever list the thread was in has ended. */
  left(name: string): Fault | undefined {
    const { place } = this.thread(name);
    this.ended(name);
    return place?.left(name);
  }

  /** The thread is in no list, as everybody knows. */
  ended(name: string): void {
    const thread = this.thread(name);
    thread.place = undefined;
    thread.last = undefined;
    thread.shownAt.clear();
  }

  /** The thread is at another place from now on. */
  goneTo(place: Place, name: string): Fault | undefined {
    const thread = this.thread(name);
    const isElsewhere = thread.place !== undefined && thread.place !== place;
    const left = isElsewhere ? this.left(name) : undefined;
    if (left === undefined) thread.place = place;
    return left;
  }

  show(place: Place, sign: OperationSign, name: string, locks?: number): Fault | undefined {
    const thread = this.thread(name);
    const isElsewhere = thread.place !== undefined && thread.place !== place;
    const left = isElsewhere ? this.left(name) : undefined;
    if (left !== undefined) return left;
    if (this.#isTail(place, sign, name, thread)) return undefined;
    thread.place = place;
    thread.last = sign;
    thread.isKnown = true;
    thread.shownAt.set(sign, thread.lastAt);
    return place.shown(sign, name, locks);
  }

  /** A trace may begin in the middle of a thread's list; its rest is passed over. */
  #isTail(place: Place, sign: OperationSign, name: string, thread: WalkingThread): boolean {
    const begins = sign === SIGN.listed || sign === SIGN.pasidCache || sign === SIGN.unlisted;
    return this.#mayBeginLate && !thread.isKnown && !begins && !place.isIn(name);
  }

  thread(name: string): WalkingThread {
    const known = this.#threads.get(name);
    if (known !== undefined) return known;
    const thread: WalkingThread = {
      place: undefined,
      last: undefined,
      isKnown: false,
      previousAt: -1,
      lastAt: -1,
      shownAt: new Map(),
    };
    this.#threads.set(name, thread);
    return thread;
  }
}
