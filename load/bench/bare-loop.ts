/**
 * Bare loop: the least a page-request group can cost in this runtime, and so the data plane's ceiling.
 *
 * One thread, private state, no address spaces, permissions, caches, locks or ledger: encode a request, push it
 * through a ring, decode it, group by four, walk and install with compare-exchange, write the response.
 */
import { ACCESS_READ } from '../../src/hw/access.ts';
import { installEntry, leafTableOrCreate } from '../../src/hw/page-table.ts';
import { ENTRY_PRESENT, ENTRY_USER, entryOf } from '../../src/hw/page-table-entry.ts';
import { tableMemory, tableMemoryBytes } from '../../src/hw/table-memory.ts';
import { RESPONSE_WORDS, writeResponseWords } from '../../src/hw/vtd/page-group-response.ts';
import {
  REQUEST_WORDS,
  requestIsLast,
  requestPasid,
  requestPfnLow,
  requestPrgIndex,
  requestRid,
  writeRequestWords,
} from '../../src/hw/vtd/page-request-descriptor.ts';

const ENTRIES = 2048;
const PAGES = 4;
const TABLE_FRAMES = 64;
/** Pages that are installed again and again: their leaf entries are cleared behind the loop. */
const WINDOW = 2048;

/** Runs `groups` groups of four pages; returns a checksum so that nothing is optimised away. */
export function bareLoop(groups: number): number {
  const ring = new Int32Array(new SharedArrayBuffer(ENTRIES * REQUEST_WORDS * 4));
  const responses = new Int32Array(new SharedArrayBuffer(ENTRIES * RESPONSE_WORDS * 4));
  const tables = tableMemory(
    new SharedArrayBuffer(tableMemoryBytes(TABLE_FRAMES)),
    0,
    TABLE_FRAMES,
  );
  const pfns = new Int32Array(PAGES);
  let nextFrame = 2;
  const takeFrame = (): number => nextFrame++;
  const giveBack = (): void => {};
  let tail = 0;
  let head = 0;
  let checksum = 0;
  for (let group = 0; group < groups; group += 1) {
    const index = group & 511;
    for (let page = 0; page < PAGES; page += 1) {
      const at = (tail & (ENTRIES - 1)) * REQUEST_WORDS;
      const pfn = (group * PAGES + page) & (WINDOW - 1);
      writeRequestWords(ring, at, 0x100, 1, index, pfn, 0, ACCESS_READ, page === PAGES - 1);
      tail += 1;
    }
    for (let count = 0; head !== tail; head += 1) {
      const at = (head & (ENTRIES - 1)) * REQUEST_WORDS;
      pfns[count] = requestPfnLow(ring, at);
      count += 1;
      if (!requestIsLast(ring, at)) continue;
      for (let page = 0; page < count; page += 1) {
        const low = pfns[page] ?? 0;
        const leaf = leafTableOrCreate(tables, 1, low, 0, takeFrame, giveBack);
        checksum += installEntry(
          tables,
          leaf,
          low,
          entryOf(4096 + low, ENTRY_PRESENT | ENTRY_USER),
          0,
        );
        tables[(leaf << 10) + ((low & 511) << 1)] = 0;
      }
      const response = (group & (ENTRIES - 1)) * RESPONSE_WORDS;
      writeResponseWords(
        responses,
        response,
        requestRid(ring, at),
        requestPasid(ring, at),
        requestPrgIndex(ring, at),
        0,
      );
      count = 0;
    }
  }
  return checksum;
}
