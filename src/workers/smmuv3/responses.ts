/**
 * SMMU responses: what becomes of a stalled access, as the driver puts it into the command queue.
 *
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_page_response(): success is tried again, everything
 *         else is aborted, so that a device can't tell invalid from failure. No SYNC follows.
 */
import { RESPONSE_CODE } from '../../core/page-request.ts';
import {
  RESUME_ABORT,
  RESUME_RETRY,
  resumeResponse,
  resumeStallTag,
  resumeStream,
  writeResumeWords,
} from '../../hw/smmuv3/resume.ts';
import { deviceRid, ridDevice } from '../requester.ts';
import type { ResponseBytes } from '../unit-seams.ts';

const SUCCESS = RESPONSE_CODE.success;
const INVALID = RESPONSE_CODE.invalid;

export const SMMU_RESPONSES: ResponseBytes = {
  write: (words, at, device, _, index, code) =>
    writeResumeWords(
      words,
      at,
      deviceRid(device),
      index,
      code === SUCCESS ? RESUME_RETRY : RESUME_ABORT,
    ),
  device: (words, at) => ridDevice(resumeStream(words, at)),
  index: resumeStallTag,
  code: (words, at) => (resumeResponse(words, at) === RESUME_RETRY ? SUCCESS : INVALID),
};
