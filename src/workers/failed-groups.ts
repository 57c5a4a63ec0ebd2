/**
 * Failed groups: fault reports of a kernel that now and then has no memory for a group of device 0.
 *
 * Kernel: drivers/iommu/io-pgfault.c, iommu_report_device_fault(): a group that can't be allocated, or that its
 *         handler refuses, is answered FAILURE and freed with its partial requests.
 * Actor:  the PRQ thread's own.
 */
import { RESPONSE_CODE, WIRE_RESPONSE_FAILURE } from '../core/page-request.ts';
import type { FaultCore } from './fault-core.ts';
import { MISBEHAVING_DEVICE, type Occasions } from './misbehaviour.ts';
import { SEND_FAILURE_AS_TWO } from './quirk-flags.ts';
import type { FaultReports } from './unit-seams.ts';

/** `quirks` are the driver's flags. */
export function withFailedGroups(
  reports: FaultCore,
  occasions: Occasions,
  quirks: number,
): FaultReports {
  const code = (quirks & SEND_FAILURE_AS_TWO) !== 0 ? RESPONSE_CODE.failure : WIRE_RESPONSE_FAILURE;
  return {
    report: (device, pasid, index, last, low, highAndAccess, id, owner) => {
      if (last && device === MISBEHAVING_DEVICE && occasions.next()) {
        reports.fail(device, pasid, index, low, highAndAccess, id, code);
      } else reports.report(device, pasid, index, last, low, highAndAccess, id, owner);
    },
    reject: (device, pasid, index, id, code) => reports.reject(device, pasid, index, id, code),
    answer: (device, pasid, index, id, code) => reports.answer(device, pasid, index, id, code),
    publish: () => reports.publish(),
    overflowed: () => reports.overflowed(),
  };
}
