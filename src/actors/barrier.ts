/**
 * Barrier: a number of tasks wait for each other, then for one piece of work, and go on.
 *
 * Policy: when the work throws, all of them hear of it.
 */
export class Barrier {
  readonly #work: () => Promise<void>;
  readonly #open: Promise<void>;
  #left: number;
  #release: (done: Promise<void>) => void = () => {};

  constructor(tasks: number, work: () => Promise<void>) {
    this.#left = tasks;
    this.#work = work;
    this.#open = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** The last to come begins the work. */
  async passed(): Promise<void> {
    this.#left -= 1;
    if (this.#left === 0) this.#release(this.#work());
    await this.#open;
  }
}
