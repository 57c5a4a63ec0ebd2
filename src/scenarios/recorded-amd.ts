/**
 * Recorded AMD unit: marks with its PPR log entries and commands.
 *
 * Spec:   AMD I/O Virtualization Technology (IOMMU) Specification, "Peripheral Page Request Log", "Commands".
 * Policy: the COMPLETION_WAIT that ends each submission is left out, as is VT-d's wait descriptor.
 */
import { PPR_LOG_ENTRY_WORDS, writeLogEntryWords } from '../hw/amd/page-request-log-entry.ts';
import { AMD_RESPONSES } from '../workers/amd/responses.ts';
import { deviceRid } from '../workers/requester.ts';
import { mark, nameOf, quads, type RecordedUnit } from './recorded-unit.ts';

const UNIT = 'ivhd0';
const QUADS = 2;

export const RECORDED_AMD: RecordedUnit = {
  name: UNIT,
  comm: `irq/1-${UNIT}-ppr`,
  report: ({ sequence, device, pasid, index, low, high, access, last }) => {
    const words = new Int32Array(PPR_LOG_ENTRY_WORDS);
    const rid = deviceRid(device);
    writeLogEntryWords(words, 0, rid, pasid, index, low >>> 0, high, access, last);
    return mark(`ppr_log ${UNIT}/${nameOf(device)} seq# ${sequence}: ${quads(words, QUADS)}`);
  },
  answer: (device, pasid, index, code) => {
    const words = new Int32Array(2 * QUADS);
    AMD_RESPONSES.write(words, 0, device, pasid, index, code);
    return command(words);
  },
  command,
  listed: (added, device, pasid) => [
    mark(`${added ? 'listed' : 'unlisted'} ${UNIT}/${nameOf(device)} pasid ${pasid}`),
  ],
  flushed: () => [], // its commands tell all of it
};

function command(words: ArrayLike<number>): string {
  return mark(`amd_command ${UNIT}: ${quads(words, QUADS)}`);
}
