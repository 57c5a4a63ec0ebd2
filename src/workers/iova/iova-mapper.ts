/**
 * IOVA mapper: one CPU's driver, which maps a burst of buffers and unmaps it, again and again.
 *
 * A page that is given out while somebody has it is counted: the marks are no part of what is measured in the kernel,
 * and cost every group size the same.
 */
import { IovaAllocator } from './iova-allocator.ts';

export type MapperStart = {
  readonly memory: Int32Array;
  /** A word a page: 1 while somebody has it. */
  readonly owned: Int32Array;
  /** `START`, then for each CPU of the run its faults. */
  readonly control: Int32Array;
  readonly cpus: number;
  /** Among those who share the allocator, and among all. */
  readonly cpu: number;
  readonly number: number;
  readonly bursts: number;
  /** Buffers of a burst, at the most. */
  readonly burst: number;
};

/** The word of `control` that all wait for. */
export const START = 0;
export const FAULTS = 1;

export function runMapper(start: MapperStart): void {
  const { memory, owned, control, cpus, cpu, number, bursts, burst } = start;
  const allocator = new IovaAllocator(memory, cpus, cpu);
  const held = new Int32Array(burst);
  Atomics.wait(control, START, 0);
  let faults = 0;
  for (let round = 0; round < bursts; round += 1) {
    // From a quarter to a whole burst, so that magazines run empty and full.
    const size = burst >> (round & 1 ? 2 : 0);
    for (let at = 0; at < size; at += 1) {
      const page = allocator.allocate();
      if (page === undefined || Atomics.exchange(owned, page, 1) !== 0) faults += 1;
      held[at] = page ?? 0;
    }
    for (let at = 0; at < size; at += 1) {
      const page = held[at] ?? 0;
      Atomics.store(owned, page, 0);
      allocator.free(page);
    }
  }
  Atomics.store(control, FAULTS + number, faults);
}
