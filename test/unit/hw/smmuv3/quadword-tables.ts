/**
 * Where the specification puts the fields of the SMMU's structures, by quadword and bit: transcribed from its text.
 * A number holds 53 bits, so a whole quadword is read here in two parts.
 */
import type { QuadwordField } from '../quadwords.ts';

export const PRI_QUEUE_FIELDS: readonly QuadwordField[] = [
  ['sid', 0, 31, 0],
  ['ssid', 0, 51, 32],
  ['privileged', 0, 58, 58],
  ['execute', 0, 59, 59],
  ['read', 0, 60, 60],
  ['write', 0, 61, 61],
  ['last', 0, 62, 62],
  ['ssv', 0, 63, 63],
  ['prgIndex', 1, 8, 0],
  ['addr', 1, 63, 12],
];

export const EVENT_FIELDS: readonly QuadwordField[] = [
  ['id', 0, 7, 0],
  ['ssv', 0, 11, 11],
  ['ssid', 0, 31, 12],
  ['sid', 0, 63, 32],
  ['stag', 1, 15, 0],
  ['stall', 1, 31, 31],
  ['privileged', 1, 33, 33],
  ['instruction', 1, 34, 34],
  ['readNotWrite', 1, 35, 35],
  ['secondStage', 1, 39, 39],
  ['class', 1, 41, 40],
  ['tableRead', 1, 44, 44],
  ['addressOffset', 2, 11, 0],
  ['addressPage', 2, 63, 12],
  ['fetchOffset', 3, 11, 3],
  ['fetchPage', 3, 51, 12],
];

const OPCODE: QuadwordField = ['opcode', 0, 7, 0];
const SSID: QuadwordField = ['ssid', 0, 31, 12];
const SSV: QuadwordField = ['ssv', 0, 11, 11];
const SID: QuadwordField = ['sid', 0, 63, 32];

export const CONFIGURATION_FIELDS: readonly QuadwordField[] = [
  OPCODE,
  SSID,
  SID,
  ['leaf', 1, 0, 0],
];
export const CONFIGURATION_RANGE_FIELDS: readonly QuadwordField[] = [
  OPCODE,
  SID,
  ['range', 1, 4, 0],
];
export const TLB_FIELDS: readonly QuadwordField[] = [
  OPCODE,
  ['num', 0, 16, 12],
  ['scale', 0, 25, 20],
  ['vmid', 0, 47, 32],
  ['asid', 0, 63, 48],
  ['leaf', 1, 0, 0],
  ['ttl', 1, 9, 8],
  ['tg', 1, 11, 10],
  ['addr', 1, 63, 12],
];
export const ATC_FIELDS: readonly QuadwordField[] = [
  OPCODE,
  ['global', 0, 9, 9],
  SSV,
  SSID,
  SID,
  ['size', 1, 5, 0],
  ['addr', 1, 63, 12],
];
export const PRI_RESPONSE_FIELDS: readonly QuadwordField[] = [
  OPCODE,
  SSV,
  SSID,
  SID,
  ['prgIndex', 1, 8, 0],
  ['response', 1, 13, 12],
];
export const RESUME_FIELDS: readonly QuadwordField[] = [
  OPCODE,
  ['response', 0, 13, 12],
  SID,
  ['stag', 1, 15, 0],
];
export const SYNC_FIELDS: readonly QuadwordField[] = [OPCODE, ['completionSignal', 0, 13, 12]];

export const STREAM_TABLE_FIELDS: readonly QuadwordField[] = [
  ['v', 0, 0, 0],
  ['cfg', 0, 3, 1],
  ['s1Fmt', 0, 5, 4],
  ['s1ContextPtr', 0, 51, 6],
  ['s1CdMax', 0, 63, 59],
  ['s1Dss', 1, 1, 0],
  ['s1Cir', 1, 3, 2],
  ['s1Cor', 1, 5, 4],
  ['s1Csh', 1, 7, 6],
  ['mev', 1, 19, 19],
  ['s2Fwb', 1, 25, 25],
  ['s1Stalld', 1, 27, 27],
  ['eats', 1, 29, 28],
  ['strw', 1, 31, 30],
  ['shcfg', 1, 45, 44],
  ['s2Vmid', 2, 15, 0],
  ['vtcr', 2, 50, 32],
  ['s2Aa64', 2, 51, 51],
  ['s2Ptw', 2, 54, 54],
  ['s2S', 2, 57, 57],
  ['s2R', 2, 58, 58],
  ['s2Ttb', 3, 51, 4],
];

export const CONTEXT_FIELDS: readonly QuadwordField[] = [
  ['t0Sz', 0, 5, 0],
  ['tg0', 0, 7, 6],
  ['epd0', 0, 14, 14],
  ['epd1', 0, 30, 30],
  ['v', 0, 31, 31],
  ['ips', 0, 34, 32],
  ['aa64', 0, 41, 41],
  ['hd', 0, 42, 42],
  ['ha', 0, 43, 43],
  ['s', 0, 44, 44],
  ['r', 0, 45, 45],
  ['a', 0, 46, 46],
  ['aset', 0, 47, 47],
  ['asid', 0, 63, 48],
  ['ttb0', 1, 51, 4],
  ['mairLow', 3, 31, 0],
  ['mairHigh', 3, 63, 32],
];
