/**
 * Changes: how everything that waits on the main thread for another thread is woken, from one bell.
 *
 * While nobody waits the bell is not armed, and the data plane pays nothing for it; nor for what nobody waits for.
 */
import { ANYTHING, Bell } from '../workers/bell.ts';
import { THREAD } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';

/** Longest time between two looks, should a wake-up be missed. */
const WATCHDOG_MILLISECONDS = 20;

export class Changes {
  readonly #bell: Bell;
  #waiters: (() => void)[] = [];
  /** Kinds that wake, 0 while the bell is not armed. */
  #armed = 0;
  #closed = false;

  constructor(memory: StormMemory) {
    this.#bell = new Bell(memory.bells, THREAD.waiters);
  }

  /** Resolves once `holds` does; looks whenever another thread has done something of `kinds` (`CHANGE`). */
  async until(holds: () => boolean, kinds = ANYTHING): Promise<void> {
    while (!holds()) await this.#next(holds, kinds);
  }

  /** Makes everybody look again: something changed on the main thread itself. */
  poke(): void {
    this.#bell.ring();
  }

  /** Nobody is woken any more: the threads that would change something are gone. */
  close(): void {
    this.#closed = true;
  }

  #next(holds: () => boolean, kinds: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#waiters.push(resolve);
    });
    if (this.#closed) return woken;
    if (this.#armed === 0) void this.#listen(holds, kinds);
    else if ((this.#armed & kinds) !== kinds) {
      this.#armed |= kinds;
      this.#bell.widen(kinds);
      if (holds()) this.poke();
    }
    return woken;
  }

  async #listen(holds: () => boolean, kinds: number): Promise<void> {
    this.#armed = kinds;
    await this.#bell.rung(holds, WATCHDOG_MILLISECONDS, kinds);
    this.#armed = 0;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
