/**
 * Malformed page requests of VT-d: what may stand in a descriptor that no function should have sent.
 *
 * Spec:   Intel VT-d, "Page Request Descriptor".
 * Kernel: drivers/iommu/intel/prq.c, prq_event_thread(): it looks at neither the type nor at reserved bits; what it
 *         refuses is answered INVALID when it is the last of its group, else by nobody.
 */
import { ACCESS_EXEC, ACCESS_PRIVILEGED, ACCESS_READ } from '../../hw/access.ts';
import { PAGE_REQUEST_DESCRIPTOR } from '../../hw/vtd/page-request-descriptor.ts';
import type { MalformedRequest } from '../unit-seams.ts';

const TYPE = PAGE_REQUEST_DESCRIPTOR.place('type');
const PASID = PAGE_REQUEST_DESCRIPTOR.place('pasid');
/** Bits 31:22 of the word with the PASID, which are reserved. */
const RESERVED = -1 << 22;
const NO_PASID = -1;
/** Bit 47 of the address in the high half of its page, and those above it clear. */
const NOT_CANONICAL = 1 << 17;

export const VTD_MALFORMED: readonly MalformedRequest[] = [
  {
    what: 'a type that is none',
    owesAnswer: true,
    last: true,
    access: ACCESS_READ,
    amend: (words, at) => {
      words[at + TYPE.word] = ((words[at + TYPE.word] ?? 0) & ~TYPE.mask) | 0x02;
    },
  },
  {
    what: 'reserved bits',
    owesAnswer: true,
    last: true,
    access: ACCESS_READ,
    amend: (words, at) => {
      words[at + PASID.word] = (words[at + PASID.word] ?? 0) | RESERVED;
    },
  },
  {
    what: 'an address that is not canonical',
    owesAnswer: true,
    last: true,
    access: ACCESS_READ,
    pfnHigh: NOT_CANONICAL,
  },
  {
    what: 'the same, and more to come',
    owesAnswer: false,
    last: false,
    access: ACCESS_READ,
    pfnHigh: NOT_CANONICAL,
  },
  {
    what: 'a privileged read',
    owesAnswer: true,
    last: true,
    access: ACCESS_READ | ACCESS_PRIVILEGED,
  },
  {
    what: 'execution of what is read',
    owesAnswer: true,
    last: true,
    access: ACCESS_READ | ACCESS_EXEC,
  },
  // Taken for a stop marker.
  { what: 'execution alone', owesAnswer: false, last: true, access: ACCESS_EXEC },
  {
    what: 'no PASID, and nobody to handle it',
    owesAnswer: true,
    last: true,
    access: ACCESS_READ,
    pasid: NO_PASID,
  },
  {
    what: 'the same, and more to come',
    owesAnswer: false,
    last: false,
    access: ACCESS_READ,
    pasid: NO_PASID,
  },
];
