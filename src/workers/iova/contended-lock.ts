/**
 * Contended lock: a spin lock in shared memory that counts how often somebody had to wait for it.
 *
 *   word 0  held
 *   word 1  times it was taken
 *   word 2  times it was held by another when it was asked for
 *
 * Policy: a waiter spins a while and then sleeps on the word, since a holder may have lost its CPU.
 */
import { LINE_WORDS } from '../lines.ts';

export const LOCK_WORDS = LINE_WORDS;

const HELD = 0;
const TAKEN = 1;
const WAITED = 2;
const SPINS_MAX = 200;
const SLEEP_MILLISECONDS = 1;

export type LockCounts = { readonly taken: number; readonly waited: number };

export class ContendedLock {
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(words: Int32Array, at: number) {
    this.#words = words;
    this.#at = at;
  }

  take(): void {
    const words = this.#words;
    const held = this.#at + HELD;
    if (Atomics.compareExchange(words, held, 0, 1) !== 0) {
      Atomics.add(words, this.#at + WAITED, 1);
      for (let spins = 0; Atomics.compareExchange(words, held, 0, 1) !== 0; spins += 1) {
        if (spins >= SPINS_MAX) Atomics.wait(words, held, 1, SLEEP_MILLISECONDS);
      }
    }
    Atomics.add(words, this.#at + TAKEN, 1);
  }

  drop(): void {
    Atomics.store(this.#words, this.#at + HELD, 0);
    Atomics.notify(this.#words, this.#at + HELD, 1);
  }

  get counts(): LockCounts {
    return {
      taken: Atomics.load(this.#words, this.#at + TAKEN),
      waited: Atomics.load(this.#words, this.#at + WAITED),
    };
  }
}
