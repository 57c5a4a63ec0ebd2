/**
 * Partial requests: what arrived of groups whose last request has not, per device and PRG index.
 *
 * Kernel: drivers/iommu/io-pgfault.c, iommu_fault_param.partial. Linux keeps one list a device and searches it;
 *         a chain per index over one pool of nodes gives the same groups in the same order at a cost that
 *         does not grow with the list.
 * Actor:  the PRQ thread's own; others ask it by mail, as they would take the fault parameter's lock.
 */
import { PRG_INDICES } from '../core/limits.ts';
import { word } from '../core/words.ts';

const NONE = -1;

export class PartialRequests {
  readonly #next: Int32Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #counts: Int32Array;
  #free = 0;

  readonly pfnLow: Int32Array;
  readonly highAndAccess: Int32Array;
  readonly pasid: Int32Array;
  readonly id: Int32Array;

  constructor(devices: number, nodes: number) {
    this.#next = Int32Array.from({ length: nodes }, (_, node) =>
      node + 1 < nodes ? node + 1 : NONE,
    );
    this.#first = new Int32Array(devices * PRG_INDICES).fill(NONE);
    this.#last = new Int32Array(devices * PRG_INDICES).fill(NONE);
    this.#counts = new Int32Array(devices);
    this.pfnLow = new Int32Array(nodes);
    this.highAndAccess = new Int32Array(nodes);
    this.pasid = new Int32Array(nodes);
    this.id = new Int32Array(nodes);
  }

  /** False when no node is free: the kernel's allocation failure, which nobody is told of. */
  add(
    device: number,
    index: number,
    pfnLow: number,
    highAndAccess: number,
    pasid: number,
    id: number,
  ): boolean {
    const node = this.#free;
    if (node === NONE) return false;
    this.#free = word(this.#next, node);
    this.#next[node] = NONE;
    this.pfnLow[node] = pfnLow;
    this.highAndAccess[node] = highAndAccess;
    this.pasid[node] = pasid;
    this.id[node] = id;
    const chain = device * PRG_INDICES + index;
    const tail = word(this.#last, chain);
    if (tail === NONE) this.#first[chain] = node;
    else this.#next[tail] = node;
    this.#last[chain] = node;
    this.#counts[device] = word(this.#counts, device) + 1;
    return true;
  }

  /** First node of an index in arrival order, or -1. */
  first(device: number, index: number): number {
    return word(this.#first, device * PRG_INDICES + index);
  }

  /** The node after, or -1. */
  after(node: number): number {
    return word(this.#next, node);
  }

  countOf(device: number): number {
    return word(this.#counts, device);
  }

  /** Drops the requests of an index, or only those of one PASID when `pasid` isn't undefined. */
  remove(device: number, index: number, pasid: number | undefined): number {
    const chain = device * PRG_INDICES + index;
    let node = word(this.#first, chain);
    let kept = NONE;
    let removed = 0;
    this.#first[chain] = NONE;
    while (node !== NONE) {
      const next = word(this.#next, node);
      if (pasid === undefined || word(this.pasid, node) === pasid) {
        this.#next[node] = this.#free;
        this.#free = node;
        removed += 1;
      } else {
        if (kept === NONE) this.#first[chain] = node;
        else this.#next[kept] = node;
        this.#next[node] = NONE;
        kept = node;
      }
      node = next;
    }
    this.#last[chain] = kept;
    this.#counts[device] = word(this.#counts, device) - removed;
    return removed;
  }

  /** Drops a device's requests, or only those of one PASID; returns how many. */
  removeOf(device: number, pasid: number | undefined): number {
    let removed = 0;
    for (let index = 0; index < PRG_INDICES && this.countOf(device) > 0; index += 1) {
      if (this.first(device, index) !== NONE) removed += this.remove(device, index, pasid);
    }
    return removed;
  }
}
