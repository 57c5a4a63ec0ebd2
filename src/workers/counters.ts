/**
 * Counters: what the device thread counts, as doubles, for a soak counts past 32 bits.
 *
 * Actor: written by the device thread alone; others read a value that may be a step old.
 */
import { double } from '../core/words.ts';
import { COUNTER } from './storm-layout.ts';

export type CounterName = Exclude<keyof typeof COUNTER, 'words'>;

export class Counters {
  readonly #totals: Float64Array;

  constructor(totals: Float64Array) {
    this.#totals = totals;
  }

  add(name: CounterName, by: number): void {
    const counter = COUNTER[name];
    this.#totals[counter] = double(this.#totals, counter) + by;
  }

  set(name: CounterName, value: number): void {
    this.#totals[COUNTER[name]] = value;
  }
}
