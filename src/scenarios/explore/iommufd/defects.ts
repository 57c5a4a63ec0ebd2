/**
 * Iommufd defects: the rules that a driver's defects change. Their quirks, with a sentence each, are in
 * src/actors/part-quirks.ts and quirks.ts.
 *
 * Three entries of the race catalogue's section 1D are about the lists of drivers, not about iommufd's own code:
 * iopf-off-while-pasid-needs-it, iopf-count-imbalance, replace-drops-to-zero.
 */
import type { Driver } from '../../../actors/driver.ts';
import { IOMMUFD_REPAIRED, type IommufdRules } from '../../../machines/iommufd-rules.ts';

/** By quirk. */
const RULES_OF: Readonly<Record<string, Partial<IommufdRules>>> = {
  'failed-file-released-later': { failedFileRelease: 'after-abort' },
  'failed-file-released-twice': { failedFileRelease: 'twice' },
  'put-touches-object': { putTouchesObject: true },
  'destroy-counts-itself': { destroyCountsItself: true },
  'deliver-under-mutex': { deliverLock: 'mutex' },
  'failed-copy-loses-group': { onCopyFault: 'lose' },
  'failed-copy-retried': { onCopyFault: 'restore-and-retry' },
  'cookies-without-use': { cookies: 'number' },
  'vdevice-found-by-id': { vdeviceFoundBy: 'id' },
  'viommu-forgets-parent': { viommuKeepsParent: false },
  'vmid-follows-parent': { vmidFollowsParent: true },
};

/** The repaired iommufd with a driver's defects; of two that change one rule, the last. */
export function iommufdRulesOf({ defects }: Pick<Driver, 'defects'>): IommufdRules {
  let rules = IOMMUFD_REPAIRED;
  for (const id of defects) rules = { ...rules, ...RULES_OF[id] };
  return rules;
}
