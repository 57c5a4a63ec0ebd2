/**
 * Malformed accesses behind an SMMU: each is terminated and recorded, never stalled, so nobody answers.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Event records".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_handle_event(): logs what it doesn't look into.
 */
import { ACCESS_READ } from '../../hw/access.ts';
import { HANDLED_EVENTS } from '../../hw/smmuv3/event-entry.ts';
import type { MalformedRequest } from '../unit-seams.ts';

const F_UUT = 0x01;
const C_BAD_STREAMID = 0x02;
const F_TRANSL_FORBIDDEN = 0x07;
/** The first of those that an implementation defines. */
const IMPLEMENTATION_DEFINED = 0xe0;

const terminated = (what: string, event: number): MalformedRequest => ({
  what,
  owesAnswer: false,
  last: true,
  access: ACCESS_READ,
  event,
});

export const SMMU_MALFORMED: readonly MalformedRequest[] = [
  terminated('an upstream transaction of no known type', F_UUT),
  terminated('a stream beyond the table', C_BAD_STREAMID),
  terminated('a translated access without ATS', F_TRANSL_FORBIDDEN),
  terminated('a substream beyond the table', HANDLED_EVENTS.badSubstream),
  terminated('an event of the implementation', IMPLEMENTATION_DEFINED),
];
