/**
 * VT-d responses: page group response descriptors, as the driver submits them to the unit.
 *
 * Kernel: drivers/iommu/intel/prq.c, intel_iommu_page_response(): the code goes out as Linux has it.
 */
import {
  responsePrgIndex,
  responseRid,
  responseWireCode,
  writeResponseWords,
} from '../../hw/vtd/page-group-response.ts';
import { deviceRid, ridDevice } from '../requester.ts';
import type { ResponseBytes } from '../unit-seams.ts';

export const VTD_RESPONSES: ResponseBytes = {
  write: (words, at, device, pasidOrNone, index, code) =>
    writeResponseWords(words, at, deviceRid(device), pasidOrNone, index, code),
  device: (words, at) => ridDevice(responseRid(words, at)),
  index: responsePrgIndex,
  code: responseWireCode,
};
