/**
 * Frame batch: frames taken out of page tables together, on their way back to the allocator.
 *
 * Kernel: include/asm-generic/tlb.h, struct mmu_gather_batch: pages wait there until nothing cached can reach them.
 * Policy: a batch is used again once it is empty, so that unmapping allocates nothing.
 */
import { word } from '../core/words.ts';

const FRAMES_AT_FIRST = 512;

export class FrameBatch {
  #frames = new Int32Array(FRAMES_AT_FIRST);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Frame number `index`, counted from the first that was added. Caller's duty: there are more. */
  at(index: number): number {
    return word(this.#frames, index);
  }

  add(frame: number): void {
    if (this.#count === this.#frames.length) this.#grow();
    this.#frames[this.#count] = frame;
    this.#count += 1;
  }

  empty(): void {
    this.#count = 0;
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#frames.length);
    larger.set(this.#frames);
    this.#frames = larger;
  }
}
