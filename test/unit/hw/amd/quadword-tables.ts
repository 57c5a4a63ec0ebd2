/**
 * Where the specification puts the fields of AMD's structures, by quadword and bit: transcribed from its text. A command
 * is printed in words of 32 bits (d0 to d3); the odd ones are the upper halves of quadwords.
 */
import type { QuadwordField } from '../quadwords.ts';

export const PPR_LOG_ENTRY_FIELDS: readonly QuadwordField[] = [
  ['deviceId', 0, 15, 0],
  ['pasidLow', 0, 31, 16],
  ['tag', 0, 40, 32],
  ['last', 0, 41, 41],
  ['pasidHigh', 0, 45, 42],
  // Flags are 59:48; 0x002, 0x004, 0x020, 0x040, 0x080 and 0x100 of them have names.
  ['execute', 0, 49, 49],
  ['read', 0, 50, 50],
  ['write', 0, 53, 53],
  ['user', 0, 54, 54],
  ['reservedBit', 0, 55, 55],
  ['gn', 0, 56, 56],
  ['type', 0, 63, 60],
  ['addr', 1, 63, 12],
];

export const PPR_LOG_BASE_FIELDS: readonly QuadwordField[] = [
  ['base', 0, 51, 12],
  ['sizeCode', 0, 59, 56],
];

const OPCODE: QuadwordField = ['opcode', 0, 63, 60];

export const COMPLETION_WAIT_FIELDS: readonly QuadwordField[] = [
  ['store', 0, 0, 0],
  ['address', 0, 51, 3],
  OPCODE,
  ['dataLow', 1, 31, 0],
  ['dataHigh', 1, 63, 32],
];

export const INVALIDATE_DEVICE_ENTRY_FIELDS: readonly QuadwordField[] = [
  ['deviceId', 0, 15, 0],
  OPCODE,
];

export const INVALIDATE_PAGES_FIELDS: readonly QuadwordField[] = [
  ['pasid', 0, 19, 0],
  ['domain', 0, 47, 32],
  OPCODE,
  ['size', 1, 0, 0],
  ['pde', 1, 1, 1],
  ['gn', 1, 2, 2],
  ['addr', 1, 63, 12],
];

export const INVALIDATE_IOTLB_PAGES_FIELDS: readonly QuadwordField[] = [
  ['deviceId', 0, 15, 0],
  ['pasidHigh', 0, 23, 16],
  ['queueDepth', 0, 31, 24],
  ['queueId', 0, 47, 32],
  ['pasidLow', 0, 55, 48],
  OPCODE,
  ['size', 1, 0, 0],
  ['gn', 1, 2, 2],
  ['addr', 1, 63, 12],
];

export const COMPLETE_PAGE_REQUEST_FIELDS: readonly QuadwordField[] = [
  ['deviceId', 0, 15, 0],
  ['pasid', 0, 51, 32],
  OPCODE,
  ['gn', 1, 2, 2],
  ['tag', 1, 40, 32],
  ['status', 1, 47, 44],
];

export const DEVICE_TABLE_FIELDS: readonly QuadwordField[] = [
  ['v', 0, 0, 0],
  ['tv', 0, 1, 1],
  ['had', 0, 8, 7],
  ['mode', 0, 11, 9],
  ['hostRoot', 0, 51, 12],
  ['ppr', 0, 52, 52],
  ['giov', 0, 54, 54],
  ['gv', 0, 55, 55],
  ['glx', 0, 57, 56],
  ['gcr3RootLow', 0, 60, 58],
  ['ir', 0, 61, 61],
  ['iw', 0, 62, 62],
  ['domain', 1, 15, 0],
  ['gcr3RootMiddle', 1, 31, 16],
  ['iotlb', 1, 32, 32],
  ['gcr3RootHigh', 1, 63, 43],
  ['guestPagingMode', 2, 55, 54],
];

export const GCR3_ENTRY_FIELDS: readonly QuadwordField[] = [
  ['valid', 0, 0, 0],
  ['root', 0, 63, 12],
];

export const HOST_ENTRY_FIELDS: readonly QuadwordField[] = [
  ['present', 0, 0, 0],
  ['nextLevel', 0, 11, 9],
  ['frame', 0, 51, 12],
  ['read', 0, 61, 61],
  ['write', 0, 62, 62],
];
