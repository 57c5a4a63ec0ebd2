/**
 * Counters: what the device thread counts, as doubles, for a soak counts past 32 bits.
 *
 * Actor: written by the device thread alone; others read a value that may be a step old.
 */
import { double } from '../core/words.ts';

export class Counters {
  readonly #totals: Float64Array;

  constructor(totals: Float64Array) {
    this.#totals = totals;
  }

  /** `counter` is a value of COUNTER. */
  add(counter: number, by: number): void {
    this.#totals[counter] = double(this.#totals, counter) + by;
  }

  set(counter: number, value: number): void {
    this.#totals[counter] = value;
  }
}
