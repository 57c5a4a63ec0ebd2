/**
 * Malformed entries of AMD's PPR log: what may stand in one that no function should have caused.
 *
 * Spec:   AMD IOMMU Specification, "Peripheral Page Request (PPR) Log".
 * Kernel: drivers/iommu/amd/ppr.c, iommu_call_iopf_notifier(), ppr_is_valid(): other types are logged and left alone;
 *         what it refuses is answered FAILURE, in Linux 7.3 also when more of the group is to come.
 */
import { ACCESS_READ } from '../../hw/access.ts';
import { PPR_LOG_ENTRY } from '../../hw/amd/page-request-log-entry.ts';
import { placed } from '../../hw/bit-layout.ts';
import type { MalformedRequest } from '../unit-seams.ts';

const TYPE = PPR_LOG_ENTRY.place('type');
const GN = PPR_LOG_ENTRY.place('gn');
const RESERVED_BIT = PPR_LOG_ENTRY.place('reservedBit');
const FUNCTION = 0;
const OTHER_TYPE = 2;

const setReserved = (words: Int32Array, at: number): void => {
  words[at + RESERVED_BIT.word] = (words[at + RESERVED_BIT.word] ?? 0) | placed(1, RESERVED_BIT);
};

export const AMD_MALFORMED: readonly MalformedRequest[] = [
  {
    what: 'a type that is no request',
    owesAnswer: false,
    last: true,
    access: ACCESS_READ,
    amend: (words, at) => {
      const others = (words[at + TYPE.word] ?? 0) & ~placed(TYPE.mask, TYPE);
      words[at + TYPE.word] = others | placed(OTHER_TYPE, TYPE);
    },
  },
  {
    what: 'no PASID',
    owesAnswer: true,
    last: true,
    access: ACCESS_READ,
    amend: (words, at) => {
      words[at + GN.word] = (words[at + GN.word] ?? 0) & ~placed(1, GN);
    },
  },
  {
    what: 'a reserved bit met on the walk',
    owesAnswer: true,
    last: true,
    access: ACCESS_READ,
    amend: setReserved,
  },
  {
    what: 'the same, and more to come',
    owesAnswer: false,
    last: false,
    access: ACCESS_READ,
    amend: setReserved,
  },
  { what: 'PASID 0', owesAnswer: true, last: true, access: ACCESS_READ, pasid: FUNCTION },
];
