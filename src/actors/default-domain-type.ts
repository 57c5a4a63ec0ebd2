/**
 * Default domain type: what a function asks its group's default domain to be, and what the group then gets.
 *
 * Kernel: drivers/iommu/amd/iommu.c, amd_iommu_def_domain_type(), amd_iommu_domain_alloc_paging_flags();
 *         drivers/iommu/iommu.c, iommu_get_default_domain_type(), iommu_group_alloc_default_domain().
 *
 * A function with PASIDs is given identity where nothing forbids it, so that its PASID table can hang on the default
 * domain and no bind ever has to switch. Elsewhere its translating domain is of the kind that has a table too.
 */

export type FunctionFacts = {
  readonly isUntrusted: boolean;
  /** One more than its largest PASID; 0: it has none. */
  readonly pasidsMax: number;
  readonly hasMemoryEncryption: boolean;
  readonly hasSnp: boolean;
};

export type AskedType = 'identity' | 'dma' | 'any';

/** What the driver asks for one function. */
export function askedType(facts: FunctionFacts): AskedType {
  const { isUntrusted, pasidsMax, hasMemoryEncryption, hasSnp } = facts;
  if (isUntrusted) return 'dma';
  return pasidsMax > 0 && !hasMemoryEncryption && !hasSnp ? 'identity' : 'any';
}

/** What its default domain is: v1 has a host table and no PASIDs, v2 and identity have a PASID table. */
export type DefaultDomain = 'identity' | 'v1' | 'v2';

/** Of a group; undefined: what its functions ask for cannot be had at once. `otherwise` is the boot default. */
export function defaultDomainOf(
  functions: readonly FunctionFacts[],
  otherwise: 'identity' | 'dma',
): DefaultDomain | undefined {
  const asked = functions.map(askedType);
  const wantsIdentity = asked.includes('identity');
  if (wantsIdentity && functions.some(({ isUntrusted }) => isUntrusted)) return undefined;
  const type = wantsIdentity ? 'identity' : asked.includes('dma') ? 'dma' : otherwise;
  if (type === 'identity') return 'identity';
  // The core asks for PASIDs whenever the function has any, and only v2 has room for them.
  return functions.some(({ pasidsMax }) => pasidsMax > 0) ? 'v2' : 'v1';
}

/** How the DMA API of a function works on it. */
export const isDirect = (domain: DefaultDomain): boolean => domain === 'identity';
