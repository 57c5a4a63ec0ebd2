/**
 * Unasked answers: fault reports of a driver that now and then also answers a group that isn't there.
 *
 * Spec:  PCIe Base, "PRG Response Message": a function ignores one for an index it doesn't wait for, and notes it
 *        (Unexpected Page Request Group Index). No stall has the tag of such a resume.
 * Actor: the PRQ thread's own.
 */
import { RESPONSE_CODE } from '../core/page-request.ts';
import {
  MISBEHAVING_DEVICE,
  NEVER_USED_INDEX,
  type Occasions,
  UNASKED_ID,
} from './misbehaviour.ts';
import type { FaultReports } from './unit-seams.ts';

export function withUnaskedAnswers(reports: FaultReports, occasions: Occasions): FaultReports {
  return {
    report: (device, pasid, index, last, low, highAndAccess, id, owner) => {
      reports.report(device, pasid, index, last, low, highAndAccess, id, owner);
      if (!occasions.next()) return;
      const { success } = RESPONSE_CODE;
      reports.answer(MISBEHAVING_DEVICE, pasid, NEVER_USED_INDEX, UNASKED_ID, success);
    },
    reject: (device, pasid, index, id, code) => reports.reject(device, pasid, index, id, code),
    answer: (device, pasid, index, id, code) => reports.answer(device, pasid, index, id, code),
    publish: () => reports.publish(),
    overflowed: () => reports.overflowed(),
  };
}
