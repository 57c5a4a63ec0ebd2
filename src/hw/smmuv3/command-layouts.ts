/**
 * SMMU command layouts: where the fields of each command lie, counted from the first of its 16 bytes.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Commands".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.h, CMDQ_*; arm-smmu-v3.c, arm_smmu_cmdq_build_cmd().
 */
import { bit, bitLayout, bits } from '../bit-layout.ts';

const BYTES = 16;

export const OPCODE = {
  cfgiSte: 0x03,
  cfgiAll: 0x04,
  cfgiCd: 0x05,
  cfgiCdAll: 0x06,
  tlbiNhAll: 0x10,
  tlbiNhAsid: 0x11,
  tlbiNhVa: 0x12,
  tlbiNhVaa: 0x13,
  tlbiEl2All: 0x20,
  tlbiEl2Asid: 0x21,
  tlbiEl2Va: 0x22,
  tlbiS12Vmall: 0x28,
  tlbiS2Ipa: 0x2a,
  tlbiNsnhAll: 0x30,
  atcInv: 0x40,
  priResp: 0x41,
  resume: 0x44,
  sync: 0x46,
} as const;

export const COMMAND_HEADER = bitLayout(BYTES, { opcode: bits(7, 0) });

/** Of one stream or one substream. */
export const CONFIGURATION_INVALIDATION = bitLayout(BYTES, {
  opcode: bits(7, 0),
  ssid: bits(31, 12),
  sid: bits(63, 32),
  leaf: bit(64),
});

/** Of 2^(range + 1) streams; 31 is every stream. */
export const CONFIGURATION_RANGE_INVALIDATION = bitLayout(BYTES, {
  opcode: bits(7, 0),
  sid: bits(63, 32),
  range: bits(68, 64),
});

export const TLB_INVALIDATION = bitLayout(BYTES, {
  opcode: bits(7, 0),
  num: bits(16, 12),
  scale: bits(25, 20),
  vmid: bits(47, 32),
  asid: bits(63, 48),
  leaf: bit(64),
  ttl: bits(73, 72),
  tg: bits(75, 74),
  addr: bits(127, 76),
});

export const ATC_INVALIDATION = bitLayout(BYTES, {
  opcode: bits(7, 0),
  global: bit(9),
  ssv: bit(11),
  ssid: bits(31, 12),
  sid: bits(63, 32),
  size: bits(69, 64),
  addr: bits(127, 76),
});

export const PRI_RESPONSE = bitLayout(BYTES, {
  opcode: bits(7, 0),
  ssv: bit(11),
  ssid: bits(31, 12),
  sid: bits(63, 32),
  prgIndex: bits(72, 64),
  response: bits(77, 76),
});

export const RESUME = bitLayout(BYTES, {
  opcode: bits(7, 0),
  response: bits(13, 12),
  sid: bits(63, 32),
  stag: bits(79, 64),
});

export const SYNC = bitLayout(BYTES, { opcode: bits(7, 0), completionSignal: bits(13, 12) });
