/**
 * Slow unit: a unit that now and then rests before it takes up a submission, for longer than software may wait.
 *
 * Spec:  no specification says how long a unit may take; Linux waits for an AMD unit for two seconds, for an SMMU for
 *        one, for a VT-d unit for ever. Those of a storm have no time for that.
 * Actor: the device thread's own.
 * Units: milliseconds.
 */
import type { Counters } from './counters.ts';
import { type Misbehaviour, type Occasions, occasionsOf } from './misbehaviour.ts';
import { COUNTER } from './storm-layout.ts';

/** Time after which software gives a submission up, where its driver does. */
export const SOFTWARE_PATIENCE_MILLISECONDS = 150;
const REST_MILLISECONDS = 2 * SOFTWARE_PATIENCE_MILLISECONDS;
const NEVER = Number.POSITIVE_INFINITY;

export class SlowUnit {
  readonly #occasions: Occasions | undefined;
  readonly #counters: Counters;
  readonly #now: () => number;
  /** The next command is the first of its submission. */
  #isFirst = true;
  #deadline = NEVER;

  constructor(misbehaviour: Misbehaviour | undefined, counters: Counters, now: () => number) {
    this.#occasions = occasionsOf(misbehaviour, 'slow-unit');
    this.#counters = counters;
    this.#now = now;
  }

  /** Whether the unit rests. */
  isResting(): boolean {
    return this.#deadline !== NEVER && this.#now() < this.#deadline;
  }

  /** Whether the unit rests before the command it has come to, which is the `isEnd` of a submission or not. */
  holds(isEnd: boolean): boolean {
    if (this.#occasions === undefined) return false;
    if (this.#deadline === NEVER && this.#isFirst && this.#occasions.next()) {
      this.#deadline = this.#now() + REST_MILLISECONDS;
      this.#counters.add(COUNTER.rests, 1);
    }
    if (this.isResting()) return true;
    this.#deadline = NEVER;
    this.#isFirst = isEnd;
    return false;
  }
}
