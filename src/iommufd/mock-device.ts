/**
 * Mock device: what the self-test's driver remembers of a device, and what it refuses.
 *
 * Kernel: drivers/iommu/iommufd/selftest.c, struct mock_dev, mock_domain_nop_attach(),
 *         mock_domain_set_dev_pasid_nop(), mock_viommu_cache_invalidate().
 */
import type { IommufdErrno } from './iommufd-error.ts';

export const MOCK_NO_DIRTY_TRACKING = 1;
export const MOCK_PASIDS = 4;
export const MOCK_DEVICE_FLAGS = MOCK_NO_DIRTY_TRACKING | MOCK_PASIDS;
export const MOCK_PASID_BITS = 20;
/** Every second switch of this PASID to a domain fails, for tests of the way back. */
const FAILING_PASID = 1024;
const CACHE_ENTRIES = 4;
const CACHE_INITIAL = 0xbaddad;

export type Refusal = { readonly errno: IommufdErrno; readonly reason: string };

/** Where a function is to go, as far as the mock looks at it. */
export type MockTarget<Viommu> = {
  readonly tracksDirty: boolean;
  /** Which the page table was made through, if any. */
  readonly viommu: Viommu | undefined;
  /** What the device is called on that vIOMMU, if it has a vDEVICE there. */
  readonly virtId: bigint | undefined;
};

export class MockDevice<Viommu> {
  readonly tracksDirty: boolean;
  /** PASIDs it may use; 0: none. */
  readonly pasidsMax: number;
  /** Its cached translations, as the VM invalidates them. */
  readonly cache: number[] = Array.from({ length: CACHE_ENTRIES }, () => CACHE_INITIAL);
  /** The vIOMMU that the function's page table was made through, and the virtual id it had when it came there. */
  #viommu: Viommu | undefined;
  #virtId = 0n;
  #failsNext = false;

  constructor(flags: number) {
    this.tracksDirty = (flags & MOCK_NO_DIRTY_TRACKING) === 0;
    this.pasidsMax = (flags & MOCK_PASIDS) === 0 ? 0 : 2 ** MOCK_PASID_BITS;
  }

  get viommu(): Viommu | undefined {
    return this.#viommu;
  }

  get virtId(): bigint {
    return this.#virtId;
  }

  /** The driver is asked to switch the function to a page table. */
  refusesFunction({ tracksDirty, viommu, virtId }: MockTarget<Viommu>): Refusal | undefined {
    if (tracksDirty && !this.tracksDirty) {
      return { errno: 'EINVAL', reason: 'the device cannot track dirty pages' };
    }
    if (viommu !== undefined && virtId === undefined) {
      return { errno: 'ENOENT', reason: 'the device has no vDEVICE on the vIOMMU' };
    }
    return undefined;
  }

  /** The driver is asked to switch a PASID to a page table; it remembers having been asked. */
  refusesPasid(pasid: number): Refusal | undefined {
    if (pasid !== FAILING_PASID) return undefined;
    this.#failsNext = !this.#failsNext;
    return this.#failsNext
      ? undefined
      : { errno: 'ENOMEM', reason: `PASID ${FAILING_PASID} fails every second time` };
  }

  /** The function is on the page table now. The virtual id is looked at only when the vIOMMU is another. */
  program({ viommu, virtId }: MockTarget<Viommu>): void {
    if (viommu === this.#viommu) return;
    this.#viommu = viommu;
    this.#virtId = virtId ?? 0n;
  }

  /** The function, or one of its PASIDs, is on the blocking domain now. */
  block(pasid: number): void {
    if (pasid === FAILING_PASID) this.#failsNext = false;
    if (pasid !== 0) return;
    this.#viommu = undefined;
    this.#virtId = 0n;
  }
}
