/**
 * AMD responses: completions of page requests, as the driver puts them into the command ring.
 *
 * Kernel: drivers/iommu/amd/ppr.c, amd_iommu_page_response(); iommu.c, amd_iommu_complete_ppr(): the low four bits of
 *         the code as Linux has it. GN says that the function's own domain has a guest table; in a storm it is an
 *         identity domain, so completions go without a PASID.
 */
import {
  completionDevice,
  completionStatus,
  completionTag,
  writeCompletionWords,
} from '../../hw/amd/page-request-completion.ts';
import { deviceRid, ridDevice } from '../requester.ts';
import type { ResponseBytes } from '../unit-seams.ts';

const WITHOUT_PASID = -1;
const STATUS_MASK = 0xf;

export const AMD_RESPONSES: ResponseBytes = {
  write: (words, at, device, _, index, code) =>
    writeCompletionWords(words, at, deviceRid(device), WITHOUT_PASID, index, code & STATUS_MASK),
  device: (words, at) => ridDevice(completionDevice(words, at)),
  index: completionTag,
  code: completionStatus,
};
