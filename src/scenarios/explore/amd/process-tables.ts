/**
 * Process tables: a process's page table in bytes, put on a PASID of an AMD function whose own host table is one of
 * three; what device and CPU then find differently is read off the walk.
 */
import { invariant } from '../../../core/invariant.ts';
import { identityEntry, nestedEntry } from '../../../hw/amd/device-table-entry.ts';
import { gcr3Table, setGcr3 } from '../../../hw/amd/gcr3-table.ts';
import { mapHostPage } from '../../../hw/amd/host-page-table.ts';
import { disagreements } from '../../../hw/amd/two-dimensional-walk.ts';
import { pageHigh, pageLow } from '../../../hw/page-number.ts';
import { installEntry, leafTableOrCreate } from '../../../hw/page-table.ts';
import { entryOf, TABLE_ENTRY_BITS } from '../../../hw/page-table-entry.ts';
import { tableMemory, tableMemoryBytes } from '../../../hw/table-memory.ts';

/** What the function itself translates through: nothing, a host table that maps one to one, or one that doesn't. */
export type HostMapping = 'none' | 'one-to-one' | 'elsewhere';

/** Pages of the process. */
export const PAGES = [1, 0x7f1234567] as const;
const FIRST_DATA = 0x40000;
const MOVED_BY = 0x100;
const PASID = 5;
const FRAMES = 64;
const HOST_LEVELS = 3;

/** Pages at which the device ends in other memory than the CPU, or nowhere. */
export function disagreeingPages(mapping: HostMapping): readonly number[] {
  const words = tableMemory(new SharedArrayBuffer(tableMemoryBytes(FRAMES)), 0, FRAMES);
  let taken = 0;
  const take = (): number => {
    taken += 1;
    invariant(taken < FRAMES, 'the tables of one process need more frames than there are');
    return taken;
  };
  const unused = (): void => {}; // only a lost race gives a table back, and nobody else builds these

  const cpuRoot = take();
  for (const [index, page] of PAGES.entries()) {
    const leaf = leafTableOrCreate(words, cpuRoot, pageLow(page), pageHigh(page), take, unused);
    installEntry(words, leaf, pageLow(page), entryOf(FIRST_DATA + index, TABLE_ENTRY_BITS), 0);
  }
  const gcr3 = gcr3Table(words, PASID + 1, take);
  invariant(gcr3.ok, 'there is no room for a table of PASIDs');
  const set = setGcr3(gcr3.value, PASID, cpuRoot);
  invariant(set.ok, 'the PASID is not to be set');
  const guest = {
    gcr3Root: gcr3.value.root,
    gcr3Levels: gcr3.value.levels,
    withoutPasid: false,
    fiveLevel: false,
  };
  const features = { pageRequests: true, deviceTlb: true };
  if (mapping === 'none') {
    const entry = identityEntry(features, { domain: 1, guest });
    return disagreements(words, entry, PASID, cpuRoot, PAGES).map(({ page }) => page);
  }
  const root = take();
  const host = { words, levels: HOST_LEVELS, root };
  const shift = mapping === 'elsewhere' ? MOVED_BY : 0;
  const tables = Array.from({ length: FRAMES }, (_, frame) => [frame, frame] as const);
  const data = PAGES.map((_, index) => [FIRST_DATA + index, FIRST_DATA + index + shift] as const);
  for (const [frame, to] of [...tables, ...data]) {
    invariant(mapHostPage(host, frame, to, take), `the host table does not map ${frame}`);
  }
  const entry = nestedEntry(features, { root, levels: HOST_LEVELS, domain: 1, guest });
  return disagreements(words, entry, PASID, cpuRoot, PAGES).map(({ page }) => page);
}
