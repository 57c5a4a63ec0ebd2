/**
 * Changes: how everything that waits on the main thread for another thread is woken, from one bell.
 *
 * While nobody waits the bell is not armed, and the data plane pays nothing for it.
 */
import { Bell } from '../workers/bell.ts';
import { THREAD } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';

/** Longest time between two looks, should a wake-up be missed. */
const WATCHDOG_MILLISECONDS = 20;

export class Changes {
  readonly #bell: Bell;
  #waiters: (() => void)[] = [];
  #armed = false;
  #closed = false;

  constructor(memory: StormMemory) {
    this.#bell = new Bell(memory.bells, THREAD.waiters);
  }

  /** Resolves once `holds` does; looks whenever another thread has done something. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.#next(holds);
  }

  /** Makes everybody look again: something changed on the main thread itself. */
  poke(): void {
    this.#bell.ring();
  }

  /** Nobody is woken any more: the threads that would change something are gone. */
  close(): void {
    this.#closed = true;
  }

  #next(holds: () => boolean): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#waiters.push(resolve);
    });
    if (!this.#armed && !this.#closed) void this.#listen(holds);
    return woken;
  }

  async #listen(holds: () => boolean): Promise<void> {
    this.#armed = true;
    await this.#bell.rung(holds, WATCHDOG_MILLISECONDS);
    this.#armed = false;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
