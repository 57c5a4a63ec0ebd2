/**
 * Where the specification puts the fields, by quadword and bit: transcribed from its text, not from
 * the layouts under test, whose names they share only so that the two can be compared.
 */
import type { QuadwordField } from './quadwords.ts';

export const PAGE_REQUEST_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 7, 0],
  ['pasidPresent', 0, 8, 8],
  ['privateDataPresent', 0, 9, 9],
  ['rid', 0, 31, 16],
  ['pasid', 0, 51, 32],
  ['exeReq', 0, 52, 52],
  ['pmReq', 0, 53, 53],
  ['rdReq', 1, 0, 0],
  ['wrReq', 1, 1, 1],
  ['lpig', 1, 2, 2],
  ['prgIndex', 1, 11, 3],
  ['addr', 1, 63, 12],
  ['privateData0', 2, 31, 0],
  ['privateData1', 2, 63, 32],
  ['privateData2', 3, 31, 0],
  ['privateData3', 3, 63, 32],
];

export const PAGE_GROUP_RESPONSE_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 3, 0],
  ['pasidPresent', 0, 4, 4],
  ['responseCode', 0, 15, 12],
  ['rid', 0, 31, 16],
  ['pasid', 0, 51, 32],
  ['prgIndex', 1, 11, 3],
];

export const CONTEXT_CACHE_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 3, 0],
  ['granularity', 0, 5, 4],
  ['did', 0, 31, 16],
  ['sid', 0, 47, 32],
  ['functionMask', 0, 49, 48],
];

export const IOTLB_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 3, 0],
  ['granularity', 0, 5, 4],
  ['drainWrites', 0, 6, 6],
  ['drainReads', 0, 7, 7],
  ['did', 0, 31, 16],
  ['addressMask', 1, 5, 0],
  ['hint', 1, 6, 6],
  ['addr', 1, 63, 12],
];

export const DEVICE_TLB_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 3, 0],
  ['pfsidLow', 0, 15, 12],
  ['queueDepth', 0, 20, 16],
  ['sid', 0, 47, 32],
  ['pfsidHigh', 0, 63, 52],
  ['size', 1, 0, 0],
  ['addr', 1, 63, 12],
];

/** The status address, 63:2, is read here in the two parts that a number can hold. */
export const WAIT_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 3, 0],
  ['interruptFlag', 0, 4, 4],
  ['statusWrite', 0, 5, 5],
  ['fence', 0, 6, 6],
  ['pageRequestDrain', 0, 7, 7],
  ['statusData', 0, 63, 32],
  ['statusWord', 1, 11, 2],
  ['statusPage', 1, 63, 12],
];

export const PASID_IOTLB_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 3, 0],
  ['granularity', 0, 5, 4],
  ['did', 0, 31, 16],
  ['pasid', 0, 51, 32],
  ['addressMask', 1, 5, 0],
  ['hint', 1, 6, 6],
  ['addr', 1, 63, 12],
];

export const PASID_CACHE_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 3, 0],
  ['granularity', 0, 5, 4],
  ['did', 0, 31, 16],
  ['pasid', 0, 51, 32],
];

export const PASID_DEVICE_TLB_FIELDS: readonly QuadwordField[] = [
  ['type', 0, 3, 0],
  ['queueDepth', 0, 8, 4],
  ['pfsidLow', 0, 15, 12],
  ['sid', 0, 31, 16],
  ['pasid', 0, 51, 32],
  ['pfsidHigh', 0, 63, 52],
  ['size', 1, 11, 11],
  ['addr', 1, 63, 12],
];

export const PASID_ENTRY_FIELDS: readonly QuadwordField[] = [
  ['p', 0, 0, 0],
  ['fpd', 0, 1, 1],
  ['aw', 0, 4, 2],
  ['pgtt', 0, 8, 6],
  ['ssade', 0, 9, 9],
  ['slptptr', 0, 63, 12],
  ['did', 1, 15, 0],
  ['pwsnp', 1, 23, 23],
  ['pgsnp', 1, 24, 24],
  ['sre', 2, 0, 0],
  ['flpm', 2, 3, 2],
  ['wpe', 2, 4, 4],
  ['eafe', 2, 7, 7],
  ['flptptr', 2, 63, 12],
];

export const PASID_DIRECTORY_FIELDS: readonly QuadwordField[] = [
  ['p', 0, 0, 0],
  ['fpd', 0, 1, 1],
  ['table', 0, 63, 12],
];

export const SCALABLE_CONTEXT_FIELDS: readonly QuadwordField[] = [
  ['p', 0, 0, 0],
  ['fpd', 0, 1, 1],
  ['dte', 0, 2, 2],
  ['paside', 0, 3, 3],
  ['pre', 0, 4, 4],
  ['pdts', 0, 11, 9],
  ['pasidDirectory', 0, 63, 12],
  ['ridPasid', 1, 19, 0],
];

export const LEGACY_CONTEXT_FIELDS: readonly QuadwordField[] = [
  ['p', 0, 0, 0],
  ['fpd', 0, 1, 1],
  ['tt', 0, 3, 2],
  ['root', 0, 63, 12],
  ['aw', 1, 2, 0],
  ['did', 1, 23, 8],
];
