/**
 * Unit traits: how one vendor's unit takes faults in and where its PASIDs hang, as far as no list of steps says it.
 *
 * Kernel: drivers/iommu/intel/prq.c, prq_event_thread(); drivers/iommu/amd/ppr.c, iommu_call_iopf_handler();
 *         drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_handle_event().
 *
 * `faults`: a page request travels, and is recorded whatever the entry of its PASID says, since it is the entry of
 * the function that lets it in; a stall begins in the unit, only through a live entry, and is a group of its own.
 */
import type { PageRequestThreadInput } from '../machines/page-request-thread-terms.ts';

export type UnitTraits = Pick<PageRequestThreadInput, 'checks' | 'reject'> & {
  readonly faults: 'page-requests' | 'stalls';
  /** Whether faults are recorded while an overflow is not acknowledged yet. */
  readonly recordsWhileOverflowed: boolean;
  /**
   * The table of a function's PASIDs, and its place on the fault queue, come with the attach of the function's own
   * domain and go with its detach, whatever its PASIDs do.
   */
  readonly pasidsHangOnFunction: boolean;
  /** The code by which a function hears of a failure: 15 is Response Failure, all from 2 on mean it too. */
  readonly failureOnWire: number;
  /** Whether a response has the PASID of its request, or has one only where the function itself has guest tables. */
  readonly pasidInResponse: 'of-request' | 'of-function';
  /**
   * What the time-out of an invalidation of a function that is gone does to submissions: ends that of whoever looks at
   * it first; restarts those that were aborted, without what was for that function; nothing, since nobody is told.
   */
  readonly timeOut: 'ends-looker' | 'restarts' | 'goes-on';
};

/** Linux's own code goes out as it is: no code of PCIe's, and taken for a failure all the same. */
export const FAILURE_7_3 = 2;

/** Linux 7.3's VT-d driver, but for the code it fails with, and whom a time-out ends. */
export const VTD_TRAITS: UnitTraits = {
  checks: {
    canonicalBits: 48,
    refusesPrivileged: true,
    requiresPasid: false,
    pasidsMax: undefined,
    dropsStopMarkers: true,
    afterLookup: false,
  },
  reject: { code: 'invalid', answerNonLast: false, unknownDevice: 'refuse' },
  faults: 'page-requests',
  recordsWhileOverflowed: false,
  pasidsHangOnFunction: false,
  failureOnWire: 15,
  pasidInResponse: 'of-request',
  timeOut: 'restarts',
};

/** What Linux 7.3's AMD driver checks, and that it answers whatever it refuses, the last of its group or not. */
export const AMD_TRAITS_7_3: UnitTraits = {
  ...VTD_TRAITS,
  checks: {
    canonicalBits: undefined,
    refusesPrivileged: false,
    requiresPasid: true,
    pasidsMax: 0xffff,
    dropsStopMarkers: false,
    afterLookup: true,
  },
  reject: { code: 'failure', answerNonLast: true, unknownDevice: 'ignore' },
  pasidsHangOnFunction: true,
  failureOnWire: FAILURE_7_3,
  pasidInResponse: 'of-function',
  timeOut: 'goes-on',
};

/** A stop marker is dropped, only a last request is answered, and with the PASID it had. */
export const AMD_TRAITS: UnitTraits = {
  ...AMD_TRAITS_7_3,
  checks: { ...AMD_TRAITS_7_3.checks, dropsStopMarkers: true },
  reject: { ...AMD_TRAITS_7_3.reject, answerNonLast: false },
  failureOnWire: 15,
  pasidInResponse: 'of-request',
};

/** An event that stalls is reported as it is; one of a stream that nobody has is logged. */
export const SMMUV3_TRAITS: UnitTraits = {
  checks: {
    canonicalBits: undefined,
    refusesPrivileged: false,
    requiresPasid: false,
    pasidsMax: undefined,
    dropsStopMarkers: false,
    afterLookup: true,
  },
  reject: { code: 'invalid', answerNonLast: false, unknownDevice: 'ignore' },
  faults: 'stalls',
  recordsWhileOverflowed: true,
  pasidsHangOnFunction: false,
  failureOnWire: 1, // what is not to be tried again is aborted, for whatever reason
  pasidInResponse: 'of-request',
  timeOut: 'goes-on',
};
