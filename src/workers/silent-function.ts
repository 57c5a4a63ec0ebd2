/**
 * Silent function: a function that doesn't say that it has done a device-TLB invalidation, or is pulled out with one
 *                  on its way, and the unit's patience.
 *
 * Spec:  PCIe Base, "ATS Invalidation Protocol"; Intel VT-d, "Invalidation Completion Errors"; AMD IOMMU
 *        Specification, "IOTLB_INV_TIMEOUT Event". Real units wait for a second or more; this one has no time for that.
 * Actor: the device thread's own.
 * Units: milliseconds.
 */
import type { DeviceParts } from './device-parts.ts';
import {
  MISBEHAVING_DEVICE,
  type Misbehaviour,
  type Occasions,
  occasionsOf,
} from './misbehaviour.ts';
import { COUNTER } from './storm-layout.ts';

const PATIENCE_MILLISECONDS = 5;
type Parts = Pick<DeviceParts, 'functions' | 'agent' | 'counters' | 'now'>;

const NEVER = Number.POSITIVE_INFINITY;

export class SilentFunction {
  /** Whether it does what it doesn't tell. */
  readonly obeys: boolean;
  readonly #occasions: Occasions | undefined;
  readonly #isPulledOut: boolean;
  readonly #parts: Parts;
  #silent = false;
  #deadline = NEVER;

  constructor(misbehaviour: Misbehaviour | undefined, parts: Parts) {
    this.obeys = misbehaviour?.how !== 'deaf-device-tlb';
    const pulledOut = occasionsOf(misbehaviour, 'removed', 'replugged');
    this.#isPulledOut = pulledOut !== undefined;
    this.#occasions =
      pulledOut ?? occasionsOf(misbehaviour, 'silent-device-tlb', 'deaf-device-tlb');
    this.#parts = parts;
  }

  /** An invalidation goes to a function: whether that says nothing of it. */
  takes(device: number): boolean {
    if (device !== MISBEHAVING_DEVICE) return false;
    const { functions } = this.#parts;
    const isGone = !functions.isPresent(device);
    if (!isGone && this.#occasions?.next() !== true) return false;
    this.#silent = true;
    if (this.#isPulledOut && !isGone) this.#remove(device);
    return true;
  }

  /** It goes with all it had cached. */
  #remove(device: number): void {
    const { functions, agent } = this.#parts;
    functions.remove(device);
    agent.atcs[device]?.invalidateAll();
  }

  /** Whether the unit still waits for a completion; begins to count when first asked. */
  isAwaited(): boolean {
    if (!this.#silent) return false;
    if (this.#deadline === NEVER) this.#deadline = this.#parts.now() + PATIENCE_MILLISECONDS;
    return this.#parts.now() < this.#deadline;
  }

  /** Whether the unit's patience has just come to an end: true once for each silence. */
  hasTimedOut(): boolean {
    if (!this.#silent || this.isAwaited()) return false;
    this.#silent = false;
    this.#deadline = NEVER;
    this.#parts.counters.add(COUNTER.timeouts, 1);
    return true;
  }
}
