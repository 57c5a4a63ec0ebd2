/** Random page requests, for the codecs of every unit. */
import fc from 'fast-check';

import { iovaPfn, pasid, prgIndex, requesterId } from '../../../src/core/ids.ts';
import type { PageRequest } from '../../../src/core/page-request.ts';
import { accessOf } from '../../../src/hw/access.ts';

export const pfns = fc.maxSafeInteger().map((value) => iovaPfn(Math.abs(value) % 2 ** 52));
export const pasids = fc.nat(0xfffff).map(pasid);
export const maybePasids = fc.option(pasids, { nil: undefined });
export const accesses = fc.nat(15).map(accessOf);

export const requests: fc.Arbitrary<PageRequest> = fc
  .record({
    rid: fc.nat(0xffff).map(requesterId),
    pasid: maybePasids,
    prgi: fc.nat(511).map(prgIndex),
    iovaPfn: pfns,
    access: accesses,
    last: fc.boolean(),
  })
  .map((request) => ({ kind: 'page-request', ...request }));
