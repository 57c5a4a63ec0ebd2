/**
 * AMD entries: GCR3 entries below the device table entry of their function, as translation reads them.
 *
 * Spec: AMD IOMMU Specification, "Device Table Entry Format", "Guest CR3 Table".
 */
import { word } from '../../core/words.ts';
import { DEVICE_TABLE_ENTRY, DEVICE_TABLE_ENTRY_WORDS } from '../../hw/amd/device-table-entry.ts';
import { gcr3EntryFrame } from '../../hw/amd/gcr3-table.ts';
import { piece, placed } from '../../hw/bit-layout.ts';
import { NO_FRAME } from '../../hw/table-memory.ts';
import { deviceRid } from '../requester.ts';
import { controlWord } from '../role.ts';
import { CONTROL } from '../storm-layout.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { EntryBytes } from '../unit-seams.ts';

const V = DEVICE_TABLE_ENTRY.place('v');
const TV = DEVICE_TABLE_ENTRY.place('tv');
const GV = DEVICE_TABLE_ENTRY.place('gv');
const DOMAIN = DEVICE_TABLE_ENTRY.place('domain');
const VALID = placed(1, V) | placed(1, TV);

/** First word of a function's entry in the device table. */
export const deviceEntryWord = (
  { control }: Pick<StormMemory, 'control'>,
  device: number,
): number =>
  word(control, controlWord(CONTROL.functionTable)) + deviceRid(device) * DEVICE_TABLE_ENTRY_WORDS;

export function amdEntries(memory: StormMemory): EntryBytes {
  const table = deviceEntryWord(memory, 0);
  const step = deviceEntryWord(memory, 1) - table;
  return {
    hasDeviceTlb: () => true,
    tagsPasid: true,
    isPresent: (tables, entry, device) => {
      const entryOfFunction = table + device * step;
      return (
        (Atomics.load(tables, entryOfFunction) & VALID) === VALID &&
        piece(tables, entryOfFunction, GV) === 1 &&
        gcr3EntryFrame(Atomics.load(tables, entry)) !== NO_FRAME
      );
    },
    domain: (tables, _, device) => piece(tables, table + device * step, DOMAIN),
    root: (tables, entry) => gcr3EntryFrame(word(tables, entry)),
  };
}
