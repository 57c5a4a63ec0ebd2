/**
 * Free list: frame numbers going from the one thread that frees to the many that allocate.
 *
 *   line 0  tail   numbers ever given (one producer)
 *   line 1  head   numbers ever taken (any consumer, by compare-exchange, a magazine at a time)
 *   line 2  numbers
 *
 * The ring is twice as long as there are numbers, so a slot can't be written again while a consumer still copies
 * its magazine out. Each consumer keeps its magazine in shared memory: whoever replaces a dead one goes on with it.
 */
import { word } from '../core/words.ts';
import { LINE_WORDS, powerOfTwo, sharedWords } from './lines.ts';

const TAIL = 0;
const HEAD = LINE_WORDS;
const NUMBERS = 2 * LINE_WORDS;

/** Numbers a consumer takes at once. */
export const MAGAZINE_MAX = 256;
/** Words of a magazine: its level, then its numbers. */
export const MAGAZINE_WORDS = MAGAZINE_MAX + 1;

export const freeListMemory = (numbers: number): Int32Array =>
  sharedWords(NUMBERS + powerOfTwo(2 * numbers));

export class FreeList {
  readonly #words: Int32Array;
  readonly #mask: number;

  constructor(memory: Int32Array) {
    this.#words = memory;
    this.#mask = memory.length - NUMBERS - 1;
  }

  /** The producer's only: gives `count` numbers, of which `numberOf` tells each. */
  give(count: number, numberOf: (index: number) => number): void {
    const tail = word(this.#words, TAIL);
    for (let index = 0; index < count; index += 1) {
      this.#words[NUMBERS + ((tail + index) & this.#mask)] = numberOf(index);
    }
    Atomics.store(this.#words, TAIL, (tail + count) | 0);
  }

  get level(): number {
    return (Atomics.load(this.#words, TAIL) - Atomics.load(this.#words, HEAD)) | 0;
  }

  /** Moves up to `most` numbers into `into` from `at` on; returns how many. */
  take(into: Int32Array, at: number, most: number): number {
    for (;;) {
      const head = Atomics.load(this.#words, HEAD);
      const count = Math.min(most, (Atomics.load(this.#words, TAIL) - head) | 0);
      if (count <= 0) return 0;
      if (Atomics.compareExchange(this.#words, HEAD, head, (head + count) | 0) !== head) continue;
      for (let index = 0; index < count; index += 1) {
        into[at + index] = word(this.#words, NUMBERS + ((head + index) & this.#mask));
      }
      return count;
    }
  }
}

/** A consumer's store of numbers, filled from a free list when empty. */
export class Magazine {
  readonly #list: FreeList;
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #refill: number;

  constructor(list: FreeList, words: Int32Array, at: number, refill: number) {
    this.#list = list;
    this.#words = words;
    this.#at = at;
    this.#refill = Math.min(refill, MAGAZINE_MAX);
  }

  /** A free number, or 0 when there is none. */
  take = (): number => {
    let level = word(this.#words, this.#at);
    if (level === 0) {
      level = this.#list.take(this.#words, this.#at + 1, this.#refill);
      if (level === 0) return 0;
    }
    this.#words[this.#at] = level - 1;
    return word(this.#words, this.#at + level);
  };

  /** Takes back what `take` gave and nobody saw. */
  giveBack = (number: number): void => {
    const level = word(this.#words, this.#at);
    if (level === MAGAZINE_MAX) return; // can't be: it was taken from here
    this.#words[this.#at + 1 + level] = number;
    this.#words[this.#at] = level + 1;
  };
}
