/**
 * Bell: how a thread sleeps until another has something for it, losing no wake-up.
 *
 * The sleeper announces itself, notes the bell's count, looks once more for work and only then waits; a waker
 * publishes its work first and rings only a sleeper. One bell a thread, never one a queue. Who waits for one thing
 * says so, and is not woken by others.
 *
 *   word 0  wanted   bits of what shall wake the thread that is about to wait; 0 while it is awake
 *   word 1  count    rings so far
 */
import { LINE_WORDS } from './lines.ts';

const WANTED = 0;
const COUNT = 1;
/** Every bit: whatever rings wakes, and whoever sleeps is woken. */
export const ANYTHING = -1;

export class Bell {
  readonly #words: Int32Array;
  readonly #at: number;

  /** The bell of thread `thread` in a table with one line a thread. */
  constructor(bells: Int32Array, thread: number) {
    this.#words = bells;
    this.#at = thread * LINE_WORDS;
  }

  /** Wakes the thread if it sleeps and wants one of `kinds`. Caller's duty: what it shall find is published. */
  ring(kinds = ANYTHING): void {
    if ((Atomics.load(this.#words, this.#at + WANTED) & kinds) === 0) return;
    if (Atomics.exchange(this.#words, this.#at + WANTED, 0) === 0) return;
    Atomics.add(this.#words, this.#at + COUNT, 1);
    Atomics.notify(this.#words, this.#at + COUNT, 1);
  }

  /** Blocks until rung, `ready` or the timeout. */
  sleep(ready: () => boolean, timeoutMilliseconds: number): void {
    Atomics.store(this.#words, this.#at + WANTED, ANYTHING);
    const count = Atomics.load(this.#words, this.#at + COUNT);
    if (!ready()) Atomics.wait(this.#words, this.#at + COUNT, count, timeoutMilliseconds);
    Atomics.store(this.#words, this.#at + WANTED, 0);
  }

  /** As `sleep` for a thread that must keep its event loop: resolves when rung or timed out. */
  async rung(ready: () => boolean, timeoutMilliseconds: number, kinds = ANYTHING): Promise<void> {
    Atomics.store(this.#words, this.#at + WANTED, kinds);
    const count = Atomics.load(this.#words, this.#at + COUNT);
    if (!ready()) {
      await Atomics.waitAsync(this.#words, this.#at + COUNT, count, timeoutMilliseconds).value;
    }
    Atomics.store(this.#words, this.#at + WANTED, 0);
  }

  /** While `rung` waits: lets more kinds wake. Caller's duty: to look again for what it waits for afterwards. */
  widen(kinds: number): void {
    Atomics.or(this.#words, this.#at + WANTED, kinds);
  }
}
