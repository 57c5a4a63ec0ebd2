/**
 * Word queue: a single-producer single-consumer ring of fixed-size records in shared memory.
 *
 *   line 0  tail   records ever published (producer)
 *   line 1  head   records ever released (consumer)
 *   line 2  records, `size` words each
 *
 * Units: counts run freely over 32 bits; `size` is in words.
 * The producer writes records ahead of the tail and publishes many at once; the consumer releases many at once.
 * Whoever waits for "all that was in there" waits until head reaches a tail it read earlier.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import { LINE_WORDS, sharedWords } from './lines.ts';

const TAIL = 0;
const HEAD = LINE_WORDS;
const RECORDS = 2 * LINE_WORDS;

/**
 * Memory of a queue of `capacity` records, a power of two. With `spill`, that many more lie behind the last, so that
 * a run of records that belong together is contiguous even when it begins at the end.
 */
export function wordQueueMemory(capacity: number, size: number, spill = 0): Int32Array {
  invariant((capacity & (capacity - 1)) === 0, `${capacity} is no power of two`);
  invariant(spill < capacity, `${spill} records would spill out of ${capacity}`);
  return sharedWords(RECORDS + (capacity + spill) * size);
}

/** `tail - head` of free-running counts. */
export const distance = (tail: number, head: number): number => (tail - head) | 0;

export class WordQueue {
  readonly words: Int32Array;
  readonly #size: number;
  readonly #mask: number;
  /** Records written but not published. Producer only. */
  #ahead = 0;
  /** Records taken but not released. Consumer only. */
  #taken = 0;

  constructor(memory: Int32Array, size: number) {
    this.words = memory;
    this.#size = size;
    this.#mask = 2 ** Math.floor(Math.log2((memory.length - RECORDS) / size)) - 1;
  }

  get capacity(): number {
    return this.#mask + 1;
  }

  /** Producer: records that still fit. */
  room(): number {
    const used = distance(word(this.words, TAIL), Atomics.load(this.words, HEAD));
    return this.#mask + 1 - used - this.#ahead;
  }

  /** Producer: first word of the next record; it is counted when published. Caller's duty: room. */
  push(): number {
    const at = RECORDS + ((word(this.words, TAIL) + this.#ahead) & this.#mask) * this.#size;
    this.#ahead += 1;
    return at;
  }

  /** Producer: records written and not yet published. */
  get unpublished(): number {
    return this.#ahead;
  }

  /** Producer: records ever written, published or not. */
  get written(): number {
    return (word(this.words, TAIL) + this.#ahead) | 0;
  }

  publish(): void {
    if (this.#ahead === 0) return;
    Atomics.store(this.words, TAIL, (word(this.words, TAIL) + this.#ahead) | 0);
    this.#ahead = 0;
  }

  /** Consumer: records published and not taken. */
  available(): number {
    return distance(Atomics.load(this.words, TAIL), word(this.words, HEAD)) - this.#taken;
  }

  /** Consumer: first word of the next record. Caller's duty: one is available. */
  take(): number {
    const at = RECORDS + ((word(this.words, HEAD) + this.#taken) & this.#mask) * this.#size;
    this.#taken += 1;
    return at;
  }

  /** Consumer: records taken since ever. */
  get position(): number {
    return (word(this.words, HEAD) + this.#taken) | 0;
  }

  /** Consumer: gives the taken records' room back, and tells that their effects are published. */
  release(): void {
    if (this.#taken === 0) return;
    Atomics.store(this.words, HEAD, (word(this.words, HEAD) + this.#taken) | 0);
    this.#taken = 0;
  }

  /** Records ever published. */
  tail(): number {
    return Atomics.load(this.words, TAIL);
  }

  /** Records ever released. */
  head(): number {
    return Atomics.load(this.words, HEAD);
  }

  /** First word of record number `count`. */
  recordAt(count: number): number {
    return RECORDS + (count & this.#mask) * this.#size;
  }

  /** Recovery: moves the head when its consumer died; no consumer may be inside. */
  resume(head: number): void {
    Atomics.store(this.words, HEAD, head);
  }
}
