/**
 * ID allocator: the lowest free number of a range, as an IDA gives it.
 *
 * Kernel: drivers/iommu/iommu.c, iommu_alloc_global_pasid(), an IDA over [1, max_pasids - 1]; arm-smmu-v3-sva.c, the
 *         ASIDs of process domains.
 */
import { invariant } from '../core/invariant.ts';

export class IdAllocator {
  readonly #what: string;
  readonly #first: number;
  readonly #used: Uint8Array;

  /** Numbers from `first` up to, not including, `end`; `what` they are stands in a contradiction's sentence. */
  constructor(what: string, first: number, end: number) {
    this.#what = what;
    this.#first = first;
    this.#used = new Uint8Array(end);
  }

  allocate(): number {
    const number = this.#used.indexOf(0, this.#first);
    invariant(number >= 0, `no ${this.#what} is free`);
    this.#used[number] = 1;
    return number;
  }

  free(number: number): void {
    invariant(this.#used[number] === 1, `${this.#what} ${number} is free already`);
    this.#used[number] = 0;
  }
}
