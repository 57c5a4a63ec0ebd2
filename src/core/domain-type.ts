/**
 * Domain types: what a domain is, as Linux composes it of flags, and as a series of 2022 would have.
 *
 * Kernel: include/linux/iommu.h, __IOMMU_DOMAIN_*, IOMMU_DOMAIN_*. In 7.3 one flag is SVA and bit 5 is another's; the
 *         series had a flag for "the table is shared" and one for "its addresses are the CPU's", and SVA was both.
 */
export const DOMAIN_FLAGS = {
  paging: 1 << 0,
  dmaApi: 1 << 1,
  passThrough: 1 << 2,
  flushQueue: 1 << 3,
  sva: 1 << 4,
  platform: 1 << 5,
  nested: 1 << 6,
} as const;

/** Of the series: bits 4 and 5 only, the others as above. */
export const DOMAIN_FLAGS_2022 = { sharedTable: 1 << 4, cpuAddresses: 1 << 5 } as const;

const { paging, dmaApi, passThrough, flushQueue, sva, platform, nested } = DOMAIN_FLAGS;

export const DOMAIN_TYPES = {
  blocked: 0,
  identity: passThrough,
  unmanaged: paging,
  dma: paging | dmaApi,
  'dma-fq': paging | dmaApi | flushQueue,
  sva,
  platform,
  nested,
} as const;

export const SVA_TYPE_2022 = DOMAIN_FLAGS_2022.sharedTable | DOMAIN_FLAGS_2022.cpuAddresses;

/** Whether one can map and unmap in it: everything that has page tables of its own. */
export const hasMappings = (type: number): boolean => (type & paging) !== 0;
