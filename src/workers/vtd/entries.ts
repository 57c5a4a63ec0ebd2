/**
 * VT-d entries: PASID table entries, as translation reads them.
 *
 * Spec: Intel VT-d, "Scalable-Mode PASID Table Entry", "First-Stage Translation".
 */
import { entryDomain, entryFirstRoot, entryIsPresent } from '../../hw/vtd/pasid-entry.ts';
import type { EntryBytes } from '../unit-seams.ts';

export const VTD_ENTRIES: EntryBytes = {
  hasDeviceTlb: () => true,
  tagsPasid: true,
  isPresent: entryIsPresent,
  domain: entryDomain,
  root: entryFirstRoot,
};
