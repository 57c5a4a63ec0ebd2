/**
 * Recorded SMMU: marks with its event records and commands.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Event records", "Commands".
 * Policy: the CMD_SYNC that ends each submission is left out, as is VT-d's wait descriptor. Which event a stall was
 *         recorded as is forgotten by then: a page that is not there is a translation fault.
 */
import { EVENT_WORDS, HANDLED_EVENTS, writeEventWords } from '../hw/smmuv3/event-entry.ts';
import { deviceRid } from '../workers/requester.ts';
import { SMMU_RESPONSES } from '../workers/smmuv3/responses.ts';
import { mark, nameOf, quads, type RecordedUnit } from './recorded-unit.ts';

const UNIT = 'smmu0';
const EVENT_QUADS = EVENT_WORDS / 2;
const COMMAND_QUADS = 2;

export const RECORDED_SMMUV3: RecordedUnit = {
  name: UNIT,
  comm: `irq/1-${UNIT}-evt`,
  report: ({ sequence, device, pasid, index, low, high, access }) => {
    const words = new Int32Array(EVENT_WORDS);
    const { translation } = HANDLED_EVENTS;
    const stream = deviceRid(device);
    writeEventWords(words, 0, translation, stream, pasid, index, low >>> 0, high, access);
    return mark(`evtq ${UNIT}/${nameOf(device)} seq# ${sequence}: ${quads(words, EVENT_QUADS)}`);
  },
  answer: (device, pasid, index, code) => {
    const words = new Int32Array(2 * COMMAND_QUADS);
    SMMU_RESPONSES.write(words, 0, device, pasid, index, code);
    return command(words);
  },
  command,
  listed: (added, device, pasid, _users, tag) => [
    mark(`${added ? 'listed' : 'unlisted'} ${UNIT}/${nameOf(device)} pasid ${pasid} asid ${tag}`),
  ],
  flushed: () => [], // its commands tell all of it
};

function command(words: ArrayLike<number>): string {
  return mark(`smmu_command ${UNIT}: ${quads(words, COMMAND_QUADS)}`);
}
