/**
 * Place: a device under one PASID, or by itself, as far as a trace tells: its state, its lists, its open requests.
 *
 * What the place shows is told to its requests too, each of which has its own copy of the place: machines of the two
 * meet in every world, and what two requests believe of the place may differ.
 */
import type { OperationName } from '../../actors/driver.ts';
import { invariant } from '../../core/invariant.ts';
import { type Frontier, NOWHERE } from '../../explore/frontier.ts';
import { type Beliefs, isDead, moved, type Observers } from './beliefs.ts';
import type { Candidate, Fault } from './judgement.ts';
import type { PlaceObserver } from './place-observer.ts';
import { type OperationSign, SIGN, signText, underLock } from './signs.ts';

/** Lists that may go by without a sign until they untrack. */
export const QUIET_DETACHES = ['unbind-sva', 'detach-pasid'];
/** Lists that show nothing. */
export const QUIET_ATTACHES = ['attach-rid'];

/** Whoever is told what a place does. */
export type Follower = {
  placeMoved(
    place: Place,
    move: (observer: PlaceObserver, frontier: Frontier) => Frontier,
  ): Fault | undefined;
};

/** A thread's lists in one world, by number. */
type Armed = Map<string, Set<number>>;

export class Place {
  readonly name: string;
  readonly unit: string;
  readonly rid: number | undefined;
  readonly pasid: number;
  readonly observers: Observers;
  /** Those with open requests here. */
  readonly followers = new Set<Follower>();
  beliefs: Beliefs;
  /** Domain id of what is attached, once it was seen. */
  did: number | undefined;
  /** Groups may be open here that were reported before anybody looked. */
  mayHaveStrays: boolean;
  /** Of what a list under way has tagged. */
  comingDid: number | undefined;
  readonly #armed: readonly Armed[];
  #hasPri = false;

  constructor(
    unit: string,
    rid: number | undefined,
    pasid: number,
    observers: Observers,
    isUnknown: boolean,
  ) {
    const device = rid === undefined ? 'some device' : `device 0x${rid.toString(16)}`;
    this.name = `${unit}: ${device}${pasid > 0 ? `, PASID ${pasid}` : ''}`;
    this.unit = unit;
    this.rid = rid;
    this.pasid = pasid;
    this.observers = observers;
    this.mayHaveStrays = isUnknown;
    this.beliefs = observers.map((one) => (isUnknown ? one.anything : one.detached));
    this.#armed = observers.map(() => new Map());
  }

  /** What is attached is SVA's, or not; a place that may hold nothing begins anew. */
  narrow(isSva: boolean): void {
    const isFree = this.observers.some((observer, world) => {
      const frontier = this.beliefs[world] ?? NOWHERE;
      return frontier !== NOWHERE && observer.unattached(frontier) !== NOWHERE;
    });
    this.beliefs = this.observers.map((observer, world) => {
      const { kind, hasPri } = observer.shape;
      if ((kind === 'sva') !== isSva || (this.#hasPri && !hasPri)) return NOWHERE;
      const frontier = this.beliefs[world] ?? NOWHERE;
      return frontier === NOWHERE && isFree ? observer.detached : frontier;
    });
  }

  /** Some request cannot be explained in these worlds: the place is in none of them. */
  ruleOut(worlds: readonly number[]): void {
    const left = this.beliefs.map((frontier, world) =>
      worlds.includes(world) ? NOWHERE : frontier,
    );
    if (!isDead(left)) this.beliefs = left;
  }

  /** The device is known to have PRI: its faults were handled. */
  get hasPri(): boolean {
    return this.observers.every(
      ({ shape }, world) => shape.hasPri || (this.beliefs[world] ?? NOWHERE) === NOWHERE,
    );
  }

  /** Somebody else's requests told that the device has PRI. */
  learnPri(): void {
    this.#hasPri = true;
    this.ruleOut(this.observers.flatMap(({ shape }, world) => (shape.hasPri ? [] : [world])));
  }

  /** A sign of one of the thread's lists; `locks`: spinlocks held, where the trace says. */
  shown(sign: OperationSign, thread: string, locks: number | undefined): Fault | undefined {
    const before = this.beliefs;
    const signs = [
      ...(locks === undefined || locks <= 1 ? [sign] : []),
      ...(locks === undefined || locks > 1 ? [underLock(sign)] : []),
    ];
    const fault = this.#move(
      (observer, frontier) =>
        signs.reduce(
          (all, one) => observer.union(all, this.#after(observer, frontier, one, thread)),
          NOWHERE,
        ),
      () => ({
        why: `nothing that ${this.name} may be doing shows ${this.#textOf(sign)} here`,
        candidates: this.#candidates(before, thread),
      }),
    );
    // What is attached here anew was detached before, and its groups were answered.
    if (sign === SIGN.listed) this.mayHaveStrays = false;
    if (fault === undefined) {
      this.#arm((observer) => signs.flatMap((one) => observer.beginningWith(one)), thread);
    }
    return fault;
  }

  /** The thread may begin one of these lists here, and show nothing or nothing but its end. */
  quiet(names: readonly string[], thread: string): void {
    this.#move(
      (observer, frontier) => {
        // One thread: what it was in before has ended.
        const rest = observer.ended(frontier, this.#ownLists(observer, thread));
        return listsNamed(observer, names).reduce(
          (all, list) => observer.union(all, observer.opened(rest, list)),
          frontier,
        );
      },
      () => ({ why: '', candidates: [] }),
    );
    this.#arm((observer) => listsNamed(observer, names), thread);
  }

  /** An attach or a detach by the thread has returned: its lists are over, and there is what it was to leave behind. */
  returned(operation: 'attach' | 'detach', thread: string): Fault | undefined {
    const before = this.beliefs;
    const fault = this.#move(
      (observer, frontier) => {
        const rest = observer.ended(observer.closed(frontier), this.#ownLists(observer, thread));
        return operation === 'attach' ? observer.attached(rest) : observer.unattached(rest);
      },
      () => ({
        why: `the ${operation} of ${this.name} cannot have returned here`,
        candidates: this.#candidates(before, thread),
      }),
    );
    for (const armed of this.#armed) armed.delete(thread);
    return fault;
  }

  /** The thread is elsewhere: its lists here have come to their end. */
  left(thread: string): Fault | undefined {
    if (!this.#armed.some((armed) => armed.has(thread))) return undefined;
    const before = this.beliefs;
    const fault = this.#move(
      (observer, frontier) =>
        observer.ended(observer.closed(frontier), this.#ownLists(observer, thread)),
      () => ({
        why: `its thread leaves ${this.name} in the middle of a list`,
        candidates: this.#candidates(before, thread),
      }),
    );
    for (const armed of this.#armed) armed.delete(thread);
    return fault;
  }

  /** Whether the thread may be in one of these lists of the driver. */
  isIn(thread: string): boolean {
    return this.#armed.some((armed) => armed.has(thread));
  }

  /** Names of the driver's lists that the thread may be in. */
  listsOf(thread: string): readonly OperationName[] {
    return this.observers.flatMap((observer) =>
      this.#listsOf(observer, thread).flatMap(
        (list) => observer.shape.operations[list]?.list ?? [],
      ),
    );
  }

  /** Whoever may answer a group: its worker or handler, and the thread's lists. */
  answerers(observer: PlaceObserver, thread: string) {
    return observer.actors(this.#listsOf(observer, thread), true);
  }

  #after(observer: PlaceObserver, frontier: Frontier, sign: string, thread: string): Frontier {
    const own = this.#listsOf(observer, thread);
    const on = observer.after(frontier, sign, observer.actors(own, false));
    const rest = observer.ended(observer.closed(frontier), this.#ownLists(observer, thread));
    return observer.beginningWith(sign).reduce((all, list) => {
      const begun = observer.after(
        observer.opened(rest, list),
        sign,
        observer.actors([list], false),
      );
      return observer.union(all, observer.closed(begun));
    }, on);
  }

  #move(
    move: (observer: PlaceObserver, frontier: Frontier) => Frontier,
    fault: () => Fault,
  ): Fault | undefined {
    const beliefs = moved(this.observers, this.beliefs, move);
    if (isDead(beliefs)) return fault();
    this.beliefs = beliefs;
    for (const follower of this.followers) {
      const stuck = follower.placeMoved(this, move);
      if (stuck !== undefined) return stuck;
    }
    return undefined;
  }

  #arm(listsOf: (observer: PlaceObserver) => readonly number[], thread: string): void {
    for (const [world, observer] of this.observers.entries()) {
      if ((this.beliefs[world] ?? NOWHERE) === NOWHERE) continue;
      const armed = this.#armed[world];
      invariant(armed !== undefined, 'every world has its lists');
      const known = armed.get(thread) ?? new Set();
      for (const list of listsOf(observer)) known.add(list);
      if (known.size > 0) armed.set(thread, known);
    }
  }

  #listsOf(observer: PlaceObserver, thread: string): readonly number[] {
    return [...(this.#armed[this.observers.indexOf(observer)]?.get(thread) ?? [])];
  }

  /** Lists that no other thread may be in. */
  #ownLists(observer: PlaceObserver, thread: string): readonly number[] {
    const armed = this.#armed[this.observers.indexOf(observer)];
    if (armed === undefined) return [];
    return this.#listsOf(observer, thread).filter((list) =>
      [...armed].every(([other, lists]) => other === thread || !lists.has(list)),
    );
  }

  #candidates(beliefs: Beliefs, thread: string): readonly Candidate[] {
    return this.observers.flatMap((observer, world) => {
      const frontier = beliefs[world] ?? NOWHERE;
      if (frontier === NOWHERE) return [];
      const own = observer.actors(this.#listsOf(observer, thread), false);
      const begun = observer.shape.operations.flatMap((_, list) =>
        observer
          .next(observer.opened(frontier, list), observer.actors([list], false))
          .filter((next) => observer.beginningWith(next.sign).includes(list)),
      );
      return [...observer.next(frontier, own), ...begun].map(({ actor, sign }) => ({
        object: this.name,
        actor,
        sign: this.#textOf(sign),
      }));
    });
  }

  #textOf(sign: string): string {
    const [observer] = this.observers;
    return observer === undefined ? sign : signText(observer.unit, sign);
  }
}

const listsNamed = (observer: PlaceObserver, names: readonly string[]): readonly number[] =>
  observer.shape.operations.flatMap(({ list }, number) => (names.includes(list) ? [number] : []));
