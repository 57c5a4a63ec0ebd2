/**
 * Mock driver: the IOMMU driver of Linux 7.3's iommufd self-test, as its lists and rules.
 *
 * Kernel: drivers/iommu/iommufd/selftest.c, mock_domain_nop_attach(), mock_domain_set_dev_pasid_nop(),
 *         mock_dev_enable_iopf(), mock_dev_disable_iopf().
 *
 * It has no ring, no caches and no PASID table: a semaphore keeps reports out of attach, replace and detach, so there
 * is nothing to drain. It binds no process, so the lists of SVA are empty.
 */

import { LIFETIME_7_3 } from '../machines/lifetime-rules.ts';
import type { OperationStep } from '../machines/operation-steps.ts';
import { LINUX_7_3 } from '../machines/report-rules.ts';
import type { Driver } from './driver.ts';
import { COOKIES_WITHOUT_USE } from './part-quirks.ts';
import { FAILURE_7_3, type UnitTraits } from './unit-traits.ts';

const ATTACH = [
  'allocate-handle',
  'reserve-slot',
  'program-entry',
  'get-domain',
  'enable-reporting',
  'publish-handle',
] as const satisfies readonly OperationStep[];

const DETACH = [
  'zero-entry',
  'drop-reporting',
  'erase-slot',
  'answer-invalid',
  'put-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];

/** The new domain's reporting comes before the old one's goes, so a device never leaves the fault queue between. */
const REPLACE = [
  'allocate-handle',
  'program-entry',
  'get-domain',
  'enable-reporting',
  'drop-old-reporting',
  'replace-handle',
  'answer-invalid',
  'put-old-domain',
  'free-handle',
] as const satisfies readonly OperationStep[];

/** It reports whatever it is told to, unchecked, and drops what is of no device. */
export const MOCK_REQUESTS: Pick<UnitTraits, 'checks' | 'reject'> = {
  checks: {
    canonicalBits: undefined,
    refusesPrivileged: false,
    requiresPasid: false,
    pasidsMax: undefined,
    dropsStopMarkers: false,
    afterLookup: false,
  },
  reject: { code: 'invalid', answerNonLast: false, unknownDevice: 'ignore' },
};

export const MOCK_7_3: Driver = {
  name: 'mock@7.3',
  unit: 'mock',
  operations: {
    'bind-sva': [],
    'unbind-sva': [],
    'attach-pasid': ATTACH,
    'detach-pasid': DETACH,
    'replace-pasid': REPLACE,
    'attach-rid': ATTACH,
    'detach-rid': DETACH,
    'replace-rid': REPLACE,
    'mm-release': [],
    'mm-invalidate': [],
  },
  rules: LINUX_7_3,
  lifetime: LIFETIME_7_3,
  traits: {
    ...MOCK_REQUESTS,
    faults: 'page-requests',
    recordsWhileOverflowed: false,
    pasidsHangOnFunction: false,
    failureOnWire: FAILURE_7_3,
    pasidInResponse: 'of-request',
    timeOut: 'goes-on',
  },
  unlinksBeforeAnswer: true,
  groupsCounted: 'until-freed',
  defects: [COOKIES_WITHOUT_USE.id],
};
