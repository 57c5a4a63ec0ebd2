/**
 * Page request completion: the command that answers a page request group, in words, for hot code.
 *
 * Spec:   AMD IOMMU Specification, "COMPLETE_PPR_REQUEST".
 * Kernel: drivers/iommu/amd/iommu.c, build_complete_ppr(), amd_iommu_complete_ppr().
 * Units:  `at` counts words; the status has four bits.
 */
import { invariant } from '../../core/invariant.ts';
import { piece, placed } from '../bit-layout.ts';
import { COMPLETE_PAGE_REQUEST, OPCODE } from './command-layouts.ts';

const DEVICE = COMPLETE_PAGE_REQUEST.place('deviceId');
const PASID = COMPLETE_PAGE_REQUEST.place('pasid');
const COMMAND = COMPLETE_PAGE_REQUEST.place('opcode');
const GN = COMPLETE_PAGE_REQUEST.place('gn');
const TAG = COMPLETE_PAGE_REQUEST.place('tag');
const STATUS = COMPLETE_PAGE_REQUEST.place('status');
invariant(PASID.word === COMMAND.word, 'the PASID is apart from the opcode');
invariant(TAG.word === STATUS.word, 'the status is apart from the tag');

/** Plain stores. Caller's duty: every value fits its field. `pasidOrNone` is -1 for a completion without GN. */
export function writeCompletionWords(
  words: Int32Array,
  at: number,
  rid: number,
  pasidOrNone: number,
  tag: number,
  status: number,
): void {
  words[at + DEVICE.word] = placed(rid, DEVICE);
  words[at + PASID.word] =
    placed(OPCODE.completePageRequest, COMMAND) |
    (pasidOrNone < 0 ? 0 : placed(pasidOrNone, PASID));
  words[at + GN.word] = pasidOrNone < 0 ? 0 : placed(1, GN);
  words[at + TAG.word] = placed(tag, TAG) | placed(status, STATUS);
}

export const completionDevice = (words: Int32Array, at: number): number => piece(words, at, DEVICE);
/** -1 when it carries none. */
export const completionPasid = (words: Int32Array, at: number): number =>
  piece(words, at, GN) === 0 ? -1 : piece(words, at, PASID);
export const completionTag = (words: Int32Array, at: number): number => piece(words, at, TAG);
/** Four bits, as sent. */
export const completionStatus = (words: Int32Array, at: number): number => piece(words, at, STATUS);
