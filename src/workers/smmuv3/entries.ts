/**
 * SMMU entries: context descriptors below the stream table entry of their stream, as translation reads them.
 *
 * Spec: Arm SMMU Architecture Specification, version 3, "Stream Table Entry", "Context Descriptor".
 *
 * A stream that stalls has no ATS, and so no device TLB; the ASID alone tags what the SMMU keeps.
 */
import { word } from '../../core/words.ts';
import { piece, placed } from '../../hw/bit-layout.ts';
import { contextAsid, contextRoot, contextTranslates } from '../../hw/smmuv3/context-descriptor.ts';
import { CFG, EATS, STREAM_TABLE_ENTRY } from '../../hw/smmuv3/stream-table-entry.ts';
import { deviceRid } from '../requester.ts';
import { controlWord } from '../role.ts';
import { CONTROL } from '../storm-layout.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { EntryBytes } from '../unit-seams.ts';

const V = STREAM_TABLE_ENTRY.place('v');
const CONFIGURATION = STREAM_TABLE_ENTRY.place('cfg');
const ATS = STREAM_TABLE_ENTRY.place('eats');
const ENTRY_WORDS = STREAM_TABLE_ENTRY.bytes / 4;
const FIRST_STAGE = placed(1, V) | placed(CFG.firstStage, CONFIGURATION);
const KIND = placed(1, V) | placed(CONFIGURATION.mask, CONFIGURATION);

/** First word of a stream's entry in the stream table. */
export const streamEntryWord = (
  { control }: Pick<StormMemory, 'control'>,
  device: number,
): number => word(control, controlWord(CONTROL.functionTable)) + deviceRid(device) * ENTRY_WORDS;

export function smmuEntries(memory: StormMemory): EntryBytes {
  const { tables } = memory;
  const table = streamEntryWord(memory, 0);
  const step = streamEntryWord(memory, 1) - table;
  return {
    hasDeviceTlb: (device) => piece(tables, table + device * step, ATS) === EATS.full,
    tagsPasid: false,
    isPresent: (words, entry, device) =>
      (Atomics.load(words, table + device * step) & KIND) === FIRST_STAGE &&
      contextTranslates(words, entry),
    domain: contextAsid,
    root: contextRoot,
  };
}
