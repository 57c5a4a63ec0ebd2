/**
 * Streams of a layout: what the stream table entry of each device comes to, from what its guest says of it.
 */
import { invariant } from '../../../core/invariant.ts';
import { guestEntryOf } from '../../../hw/smmuv3/guest-entry.ts';
import {
  bypassEntry,
  CFG,
  contextTableEntry,
  nestedEntry,
  STREAM_TABLE_ENTRY,
  type StreamTableEntry,
  secondStageEntry,
} from '../../../hw/smmuv3/stream-table-entry.ts';
import type { Way } from './layout.ts';

const PARENT = { vmid: 1, root: 1, vtcr: 0, ats: true, stalls: false, forceWriteBack: false };
const GUEST_TABLE = {
  contexts: 1,
  format: 0,
  cdMax: 0,
  withoutSubstream: 'substreamZero',
  ats: true,
  el2: false,
  stallsDisabled: false,
} as const;

/** `S1+S2`: a guest's first stage over the second; `S2`: the second alone, whose VMID marks all there is. */
export function stagesOf(way: Way): 'S1+S2' | 'S2' {
  const entry = entryOf(way);
  invariant(entry.s2Vmid === PARENT.vmid, 'an entry is marked with another VMID than its parent');
  return entry.cfg === CFG.nested ? 'S1+S2' : 'S2';
}

function entryOf(way: Way): StreamTableEntry {
  switch (way) {
    case 'nested':
      return overParent(contextTableEntry(GUEST_TABLE));
    case 'proxy':
      return overParent({ ...bypassEntry(), shcfg: 0 });
    case 'plain':
      return secondStageEntry(PARENT);
  }
}

/** The entry that a guest wrote, read as the kernel reads it. */
function overParent(written: StreamTableEntry): StreamTableEntry {
  const bytes = new DataView(new ArrayBuffer(STREAM_TABLE_ENTRY.bytes));
  STREAM_TABLE_ENTRY.write(bytes, 0, written);
  const guest = guestEntryOf(bytes, 0);
  invariant(guest.ok, 'a guest says what it may not');
  return nestedEntry(guest.value, PARENT);
}
