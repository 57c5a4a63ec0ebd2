/**
 * Two-dimensional walk: a request with a PASID goes through the PASID's page table, and every address that walk
 * reads from, as well as the one it ends at, goes through the function's own host table.
 *
 *     GCR3 root -> host -> GCR3 entry -> host -> page table ... -> host -> page
 *
 * Spec:   AMD IOMMU Specification, "Guest and Nested Address Translation".
 * Kernel: drivers/iommu/amd/iommu.c, set_dte_gcr3_table(); a CPU page table is right there only while the host
 *         table maps one to one, which def_domain_type() sees to.
 * Units:  frames of table memory; pages by number. Four-level guest tables.
 */
import { word } from '../../core/words.ts';
import { pageHigh, pageLow } from '../page-number.ts';
import { leafTable, readEntry } from '../page-table.ts';
import { ENTRY_PRESENT, entryFrame } from '../page-table-entry.ts';
import { FRAME_WORDS, frameWord, NO_FRAME } from '../table-memory.ts';
import type { DeviceTableEntry } from './device-table-entry.ts';
import { entryWord, gcr3EntryFrame } from './gcr3-table.ts';
import { type HostTable, hostFrame } from './host-page-table.ts';

/** Which table the walk came to its end in. */
export type WalkedTable = 'device-table' | 'host-table' | 'gcr3-table' | 'guest-table';

export type Walk =
  | {
      readonly kind: 'translated';
      readonly frame: number;
      /** Addresses that went through the host table. */
      readonly hostTranslations: number;
    }
  | { readonly kind: 'faulted'; readonly table: WalkedTable };

const LEVEL_BITS = 9;
const INDEX_MASK = 511;
const GUEST_LEVELS = 4;

const faulted = (table: WalkedTable): Walk => ({ kind: 'faulted', table });

/** Translates one page for the function whose entry this is; `pasid` undefined: the request carried none. */
export function walkDevice(
  words: Int32Array,
  entry: DeviceTableEntry,
  pasid: number | undefined,
  page: number,
): Walk {
  const { guest } = entry;
  if (!entry.valid || !entry.translates || !entry.read) return faulted('device-table');
  const host: HostTable = { words, levels: entry.hostLevels, root: entry.hostRoot };
  if (pasid === undefined && guest?.withoutPasid !== true) {
    const frame = hostFrame(host, page);
    return frame === undefined
      ? faulted('host-table')
      : { kind: 'translated', frame, hostTranslations: 1 };
  }
  if (guest?.gcr3Levels === undefined) return faulted('device-table');
  return nestedWalk(host, guest.gcr3Root, guest.gcr3Levels, pasid ?? 0, page);
}

function nestedWalk(
  host: HostTable,
  gcr3Root: number,
  gcr3Levels: number,
  pasid: number,
  page: number,
): Walk {
  const { words } = host;
  let hostTranslations = 0;
  /** Where a table of the guest's really is; a frame without bytes can't be read as a table. */
  const tableAt = (address: number): number | undefined => {
    hostTranslations += 1;
    const frame = hostFrame(host, address);
    return frame !== undefined && (frame + 1) * FRAME_WORDS <= words.length ? frame : undefined;
  };

  let pointer = gcr3Root;
  for (let level = gcr3Levels; level > 0; level -= 1) {
    const table = tableAt(pointer);
    if (table === undefined) return faulted('host-table');
    pointer = gcr3EntryFrame(word(words, entryWord(table, pasid, level)));
    if (pointer === NO_FRAME) return faulted('gcr3-table');
  }
  for (let level = GUEST_LEVELS; level > 0; level -= 1) {
    const table = tableAt(pointer);
    if (table === undefined) return faulted('host-table');
    const index = Math.floor(page / 2 ** (LEVEL_BITS * (level - 1))) & INDEX_MASK;
    const guestEntry = word(words, frameWord(table) + (index << 1));
    if ((guestEntry & ENTRY_PRESENT) === 0) return faulted('guest-table');
    pointer = entryFrame(guestEntry);
  }
  hostTranslations += 1;
  const frame = hostFrame(host, pointer);
  return frame === undefined
    ? faulted('host-table')
    : { kind: 'translated', frame, hostTranslations };
}

/** A page that CPU and device understand differently: what the CPU finds, and what the device's walk comes to. */
export type Disagreement = {
  readonly page: number;
  readonly cpuFrame: number;
  readonly walk: Walk;
};

/**
 * Those of `pages` that the CPU maps through `cpuRoot` and the device, with the same table on `pasid`, does not
 * find in the same frame. Empty while the host table is direct-mapped; otherwise SVA is wrong.
 */
export function disagreements(
  words: Int32Array,
  entry: DeviceTableEntry,
  pasid: number,
  cpuRoot: number,
  pages: readonly number[],
): readonly Disagreement[] {
  return pages.flatMap((page) => {
    const cpuFrame = cpuFrameOf(words, cpuRoot, page);
    if (cpuFrame === undefined) return [];
    const walk = walkDevice(words, entry, pasid, page);
    const agrees = walk.kind === 'translated' && walk.frame === cpuFrame;
    return agrees ? [] : [{ page, cpuFrame, walk }];
  });
}

function cpuFrameOf(words: Int32Array, root: number, page: number): number | undefined {
  const table = leafTable(words, root, pageLow(page), pageHigh(page));
  if (table === NO_FRAME) return undefined;
  const entry = readEntry(words, table, pageLow(page));
  return (entry & ENTRY_PRESENT) === 0 ? undefined : entryFrame(entry);
}
