/**
 * Requester IDs of the devices of a storm: function 0 of consecutive devices from bus 1 on.
 *
 * Spec: PCIe Base, "Requester ID": bus[15:8] device[7:3] function[2:0].
 */
const FIRST_RID = 0x100;
const RID_STEP_SHIFT = 3;

export const deviceRid = (device: number): number => FIRST_RID + (device << RID_STEP_SHIFT);

/** The device a requester id belongs to; may be none of ours. */
export const ridDevice = (rid: number): number => (rid - FIRST_RID) >> RID_STEP_SHIFT;
