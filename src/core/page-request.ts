/**
 * Page requests and their responses, as every floor above the bytes speaks of them.
 *
 * Kernel: include/linux/iommu.h, struct iommu_fault_page_request, enum iommu_page_response_code.
 * Spec:   PCIe Base, "Page Request Message", "PRG Response Message".
 */
import type { IovaPfn, Pasid, PrgIndex, RequesterId } from './ids.ts';

/** What a request asks for; `privileged` and `exec` travel in the PASID prefix. */
export type Access = {
  readonly read: boolean;
  readonly write: boolean;
  readonly exec: boolean;
  readonly privileged: boolean;
};

export type PageRequest = {
  readonly kind: 'page-request';
  readonly rid: RequesterId;
  /** Undefined when the request carried no PASID: it belongs to the function's own domain. */
  readonly pasid: Pasid | undefined;
  readonly prgi: PrgIndex;
  readonly iovaPfn: IovaPfn;
  readonly access: Access;
  readonly last: boolean;
};

/** "No more requests for this PASID": last set, neither read nor write; never answered. */
export type StopMarker = {
  readonly kind: 'stop-marker';
  readonly rid: RequesterId;
  readonly pasid: Pasid | undefined;
};

/** Linux's software codes: success 0, invalid 1, failure 2. How failure reaches the wire is the driver's. */
export type PageResponseCode = 'success' | 'invalid' | 'failure';

export const RESPONSE_CODE: Readonly<Record<PageResponseCode, number>> = {
  success: 0,
  invalid: 1,
  failure: 2,
};

/** PCIe Response Failure, 1111b; Linux 7.3 sends 2 in its place, which a function treats alike. */
export const WIRE_RESPONSE_FAILURE = 0xf;
