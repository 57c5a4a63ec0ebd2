/**
 * Global PASID allocator: the lowest free number, one a process whatever it is bound to.
 *
 * Kernel: drivers/iommu/iommu.c, iommu_alloc_global_pasid(), an IDA over [1, max_pasids - 1].
 */
import { FIRST_GLOBAL_PASID } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';

export class PasidAllocator {
  readonly #used: Uint8Array;

  constructor(pasidSpace: number) {
    this.#used = new Uint8Array(pasidSpace);
  }

  allocate(): number {
    const number = this.#used.indexOf(0, FIRST_GLOBAL_PASID);
    invariant(number > 0, 'no PASID is free');
    this.#used[number] = 1;
    return number;
  }

  free(number: number): void {
    invariant(this.#used[number] === 1, `PASID ${number} is free already`);
    this.#used[number] = 0;
  }
}
