/**
 * SVA preconditions: what each driver demands of unit, device and address space before it lets one be bound.
 *
 * Kernel: drivers/iommu/intel/svm.c, intel_iommu_sva_supported(), intel_svm_check(); amd/pasid.c,
 *         iommu_sva_set_dev_pasid(); arm/arm-smmu-v3/arm-smmu-v3-sva.c, arm_smmu_sva_domain_alloc(),
 *         arm_smmu_sva_set_dev_pasid().
 *
 * One row a condition, in the order in which they are checked: the first that does not hold decides the errno. A
 * row checked at allocation ends the bind; one checked at attach only passes the domain by, if it is an old one.
 */
import type { BindErrno } from '../machines/sva-bind.ts';

export type VtdFacts = {
  readonly driver: 'vtd';
  readonly scalableMode: boolean;
  readonly pageWalkSnoop: boolean;
  readonly cpuHasGigabytePages: boolean;
  readonly unitHasGigabytePages: boolean;
  readonly cpuHasFiveLevels: boolean;
  readonly unitHasFiveLevels: boolean;
  readonly pasidEnabled: boolean;
  readonly atsEnabled: boolean;
  readonly priSupported: boolean;
  readonly priEnabled: boolean;
};

export type AmdFacts = {
  readonly driver: 'amd';
  /** The PASID has a domain already, which this one would replace. */
  readonly replaces: boolean;
  readonly pasid: number;
  /** One more than the largest PASID of the device. */
  readonly pasidsMax: number;
  readonly pasidEnabled: boolean;
  /** What the function itself translates through; only v2 and identity come with a GCR3 table. */
  readonly ridDomain: 'v1' | 'v2' | 'identity' | 'blocked';
};

export type SmmuFacts = {
  readonly driver: 'smmuv3';
  readonly svaFeature: boolean;
  readonly mmHasUsers: boolean;
  /** The domain was made for the SMMU that the device is behind. */
  readonly sameUnit: boolean;
  readonly ridDomain: 'context-table' | 'identity' | 'blocked' | 'second-stage' | 'nested';
};

export type SvaFacts = VtdFacts | AmdFacts | SmmuFacts;

type Row<Facts> = {
  /** What must hold. */
  readonly label: string;
  readonly holds: (facts: Facts) => boolean;
  readonly errno: BindErrno;
  readonly checkedAt: 'allocation' | 'attach';
};

type Rows = {
  readonly [Driver in SvaFacts['driver']]: readonly Row<Extract<SvaFacts, { driver: Driver }>>[];
};

export const SVA_PRECONDITIONS: Rows = {
  vtd: [
    {
      label: 'the unit is in scalable mode',
      holds: ({ scalableMode }) => scalableMode,
      errno: 'ENODEV',
      checkedAt: 'allocation',
    },
    {
      label: 'page walks snoop the CPU caches',
      holds: ({ pageWalkSnoop }) => pageWalkSnoop,
      errno: 'ENODEV',
      checkedAt: 'allocation',
    },
    {
      label: 'the unit walks 1 GiB pages if the CPU makes them',
      holds: ({ cpuHasGigabytePages, unitHasGigabytePages }) =>
        unitHasGigabytePages || !cpuHasGigabytePages,
      errno: 'ENODEV',
      checkedAt: 'allocation',
    },
    {
      label: 'the unit walks five levels if the CPU does',
      holds: ({ cpuHasFiveLevels, unitHasFiveLevels }) => unitHasFiveLevels || !cpuHasFiveLevels,
      errno: 'ENODEV',
      checkedAt: 'allocation',
    },
    {
      label: 'PASID is enabled',
      holds: ({ pasidEnabled }) => pasidEnabled,
      errno: 'EINVAL',
      checkedAt: 'allocation',
    },
    {
      label: 'ATS is enabled',
      holds: ({ atsEnabled }) => atsEnabled,
      errno: 'EINVAL',
      checkedAt: 'allocation',
    },
    {
      label:
        'PRI is enabled if the device has it; without it the device handles faults its own way',
      holds: ({ priSupported, priEnabled }) => priEnabled || !priSupported,
      errno: 'EINVAL',
      checkedAt: 'allocation',
    },
  ],
  amd: [
    {
      label: 'the PASID has no domain yet',
      holds: ({ replaces }) => !replaces,
      errno: 'EOPNOTSUPP',
      checkedAt: 'attach',
    },
    {
      label: 'the PASID is above 0 and below the device’s maximum',
      holds: ({ pasid, pasidsMax }) => pasid > 0 && pasid < pasidsMax,
      errno: 'EINVAL',
      checkedAt: 'attach',
    },
    {
      label: 'PASID is enabled',
      holds: ({ pasidEnabled }) => pasidEnabled,
      errno: 'EINVAL',
      checkedAt: 'attach',
    },
    {
      label: 'the device has a GCR3 table: its own domain is v2 or identity',
      holds: ({ ridDomain }) => ridDomain === 'v2' || ridDomain === 'identity',
      errno: 'EINVAL',
      checkedAt: 'attach',
    },
  ],
  smmuv3: [
    {
      label: 'the SMMU has the SVA feature',
      holds: ({ svaFeature }) => svaFeature,
      errno: 'EOPNOTSUPP',
      checkedAt: 'allocation',
    },
    {
      label: 'the address space still has users',
      holds: ({ mmHasUsers }) => mmHasUsers,
      errno: 'EINVAL',
      checkedAt: 'attach',
    },
    {
      label: 'the domain belongs to the device’s SMMU',
      holds: ({ sameUnit }) => sameUnit,
      errno: 'EINVAL',
      checkedAt: 'attach',
    },
    {
      label: 'the function is on a context table, or identity, or blocked',
      holds: ({ ridDomain }) =>
        ridDomain === 'context-table' || ridDomain === 'identity' || ridDomain === 'blocked',
      errno: 'EINVAL',
      checkedAt: 'attach',
    },
  ],
};

/** What a driver answers a bind: 0, or the errno of the first row that does not hold. */
export function svaErrno(facts: SvaFacts): 0 | BindErrno {
  switch (facts.driver) {
    case 'vtd':
      return firstErrno(SVA_PRECONDITIONS.vtd, facts);
    case 'amd':
      return firstErrno(SVA_PRECONDITIONS.amd, facts);
    case 'smmuv3':
      return firstErrno(SVA_PRECONDITIONS.smmuv3, facts);
  }
}

const firstErrno = <Facts>(rows: readonly Row<Facts>[], facts: Facts): 0 | BindErrno =>
  rows.find(({ holds }) => !holds(facts))?.errno ?? 0;
