/**
 * Resume: the command that lets a stalled transaction go on or ends it, in words, for hot code.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "CMD_RESUME".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_page_response().
 * Units:  `at` counts words; the response is a wire code of RESUME_RESPONSES.
 */
import { piece, placed } from '../bit-layout.ts';
import { OPCODE, RESUME } from './command-layouts.ts';
import { RESUME_RESPONSES } from './commands.ts';

const COMMAND = RESUME.place('opcode');
const RESPONSE = RESUME.place('response');
const SID = RESUME.place('sid');
const STAG = RESUME.place('stag');

/** Wire codes of what Linux sends. */
export const RESUME_RETRY = RESUME_RESPONSES.indexOf('retry');
export const RESUME_ABORT = RESUME_RESPONSES.indexOf('abort');

/** Plain stores. Caller's duty: every value fits its field. */
export function writeResumeWords(
  words: Int32Array,
  at: number,
  stream: number,
  stallTag: number,
  response: number,
): void {
  words[at + COMMAND.word] = placed(OPCODE.resume, COMMAND) | placed(response, RESPONSE);
  words[at + SID.word] = stream;
  words[at + STAG.word] = placed(stallTag, STAG);
  words[at + STAG.word + 1] = 0;
}

export const resumeStream = (words: Int32Array, at: number): number => piece(words, at, SID);
export const resumeStallTag = (words: Int32Array, at: number): number => piece(words, at, STAG);
export const resumeResponse = (words: Int32Array, at: number): number => piece(words, at, RESPONSE);
