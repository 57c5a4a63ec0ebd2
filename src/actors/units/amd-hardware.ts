/**
 * AMD hardware of a live unit: device table, GCR3 tables, command ring, PPR log.
 *
 * Kernel: drivers/iommu/amd/iommu.c, set_dte_entry(), update_dte256(), update_gcr3(), iommu_completion_wait();
 *         ppr.c, amd_iommu_enable_ppr_log().
 *
 * A function's own domain is an identity domain: what Linux gives functions with PASIDs. Its entry names the GCR3
 * table of the function, and the domain id under which all its translations are tagged.
 */
import { domainId, pasid as pasidOf, requesterId } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import { COMMAND_ENTRIES } from '../../hw/amd/command-layouts.ts';
import { type AmdCommand, writeCommandWords } from '../../hw/amd/commands.ts';
import {
  BLOCKED_ENTRY,
  DEVICE_TABLE_ENTRY,
  type DeviceTableEntry,
  decodeDeviceEntry,
  encodeDeviceEntry,
  identityEntry,
} from '../../hw/amd/device-table-entry.ts';
import { updateSteps } from '../../hw/amd/device-table-update.ts';
import {
  clearGcr3,
  type Gcr3Table,
  gcr3EntryOrCreate,
  gcr3Table,
  setGcr3,
} from '../../hw/amd/gcr3-table.ts';
import { PPR_OVERFLOW, pageRequestLog } from '../../hw/amd/page-request-log.ts';
import { logEntryDevice, logEntryPasid } from '../../hw/amd/page-request-log-entry.ts';
import { frameWord } from '../../hw/table-memory.ts';
import { deviceEntryWord } from '../../workers/amd/entries.ts';
import { deviceRid } from '../../workers/requester.ts';
import { controlWord } from '../../workers/role.ts';
import { AMD_COMMANDS, CONTROL } from '../../workers/storm-layout.ts';
import type { StormMemory } from '../../workers/storm-memory.ts';
import { functionTableFrames } from '../../workers/unit-sizes.ts';
import { distance } from '../../workers/word-queue.ts';
import type { FrameStore } from '../frame-store.ts';
import type { Command, CommandQueue, EntryTables, Invalidation, LiveHardware } from './hardware.ts';

/** What Linux asks PRI of a function for, whatever its capacity. */
const PRI_ALLOCATION = 32;
/** Domain ids below it are those of domains; above it each function has one for its GCR3 table. */
const FUNCTION_DOMAINS = 0x100;
const NO_PASID = 0;
const FEATURES = { pageRequests: true, deviceTlb: true };
/** Words of half an entry, which hardware reads at once. */
const HALF_WORDS = DEVICE_TABLE_ENTRY.bytes / 8;

export function amdHardware(memory: StormMemory, frames: FrameStore): LiveHardware {
  const log = pageRequestLog(memory.ring, 0, memory.sizes.ringEntries);
  log.enable();
  return {
    commands: commandRing(memory),
    tables: entryTables(memory, frames),
    priAllocation: PRI_ALLOCATION,
    asksPresence: false,
    drainsAnswers: false,
    tagsByFunction: true,
    takeTag: () => 0, // a process's domain has an id too, which nothing is tagged with
    giveTag: () => {},
    holdsRequest: (device, pasid) => {
      const rid = deviceRid(device);
      const head = log.head(); // first: behind a tail read earlier, it would have to go all the way round
      const tail = log.tail();
      for (let count = head; count !== tail; count = (count + 1) | 0) {
        const at = log.wordOf(count);
        if (logEntryDevice(log.words, at) === rid && logEntryPasid(log.words, at) === pasid) {
          return true;
        }
      }
      return false;
    },
    isOverflowed: () => (log.status() & PPR_OVERFLOW) !== 0,
  };
}

function commandRing({ invalidation: words }: StormMemory): CommandQueue {
  // No wait has ended yet: the number before the first.
  words[AMD_COMMANDS.semaphore] = -1;
  const write = (count: number, command: Command): void =>
    command(
      words,
      AMD_COMMANDS.entries + (count & (COMMAND_ENTRIES - 1)) * AMD_COMMANDS.entryWords,
    );
  return {
    entries: COMMAND_ENTRIES,
    commandsFor: (invalidation) => commandsFor(invalidation).map(commandOf),
    write,
    writeEnd: (count) =>
      write(
        count,
        commandOf({
          kind: 'completion-wait',
          storeQuadword: AMD_COMMANDS.semaphore / 2,
          dataLow: count >>> 0,
          dataHigh: 0,
        }),
      ),
    isDone: (count) => distance(Atomics.load(words, AMD_COMMANDS.semaphore), count) >= 0,
    // What goes wrong is an event in a log that Linux prints, and no submitter looks at.
    fault: () => undefined,
    replace: () => {},
    clearFault: () => {},
    givesUp: true,
    tellsSubmitter: false,
    malformed: (into, at) => {
      into.fill(0, at, at + AMD_COMMANDS.entryWords);
    },
  };
}

const commandOf =
  (command: AmdCommand): Command =>
  (words, at) =>
    writeCommandWords(words, at, command);

const withPasid = (pasid: number) => (pasid === NO_PASID ? undefined : pasidOf(pasid));

function commandsFor(invalidation: Invalidation): readonly AmdCommand[] {
  switch (invalidation.kind) {
    case 'function-entry': {
      const device = requesterId(deviceRid(invalidation.device));
      return [{ kind: 'invalidate-device-entry', device }];
    }
    case 'pasid-entry':
      return []; // the unit keeps no roots apart from what it found through them
    case 'iotlb': {
      const domain = domainId(FUNCTION_DOMAINS + invalidation.device);
      const pasid = withPasid(invalidation.pasid);
      const { range } = invalidation;
      return [{ kind: 'invalidate-pages', domain, pasid, directories: true, range }];
    }
    case 'device-tlb': {
      const device = requesterId(deviceRid(invalidation.device));
      const pasid = withPasid(invalidation.pasid);
      const { range } = invalidation;
      return [{ kind: 'invalidate-iotlb-pages', device, queueDepth: 0, pasid, range }];
    }
    case 'fence':
      return [{ kind: 'completion-wait', storeQuadword: undefined, dataLow: 0, dataHigh: 0 }];
  }
}

function entryTables(memory: StormMemory, frames: FrameStore): EntryTables {
  const { sizes, tables, control } = memory;
  const table = frames.takeTables(functionTableFrames(sizes.devices, DEVICE_TABLE_ENTRY.bytes));
  control[controlWord(CONTROL.functionTable)] = frameWord(table);
  const gcr3Tables = Array.from({ length: sizes.devices }, () => wholeGcr3Table(memory, frames));
  const gcr3Of = (device: number): Gcr3Table => {
    const found = gcr3Tables[device];
    invariant(found !== undefined, `device ${device} has no GCR3 table`);
    return found;
  };
  const identityOf = (device: number): DeviceTableEntry => {
    const { root, levels } = gcr3Of(device);
    return identityEntry(FEATURES, {
      domain: FUNCTION_DOMAINS + device,
      guest: { gcr3Root: root, gcr3Levels: levels, withoutPasid: false, fiveLevel: false },
    });
  };
  return {
    entryWord: (device, pasid) =>
      pasid === NO_PASID
        ? deviceEntryWord(memory, device)
        : gcr3EntryOrCreate(gcr3Of(device), pasid),
    write: (device, pasid, as, { root }) => {
      if (pasid === NO_PASID) {
        const to = as === 'present' ? identityOf(device) : BLOCKED_ENTRY;
        updateDeviceEntry(tables, deviceEntryWord(memory, device), to);
      } else if (as === 'present') {
        const done = setGcr3(gcr3Of(device), pasid, root);
        invariant(done.ok, `PASID ${pasid} of device ${device} could not be programmed`);
      } else clearGcr3(gcr3Of(device), pasid);
    },
  };
}

/** A function's table with all its levels: Linux makes those below the root when first needed. */
function wholeGcr3Table({ tables, sizes }: StormMemory, frames: FrameStore): Gcr3Table {
  const table = gcr3Table(tables, sizes.pasidSpace, () => frames.takeTables(1));
  invariant(table.ok, `no GCR3 table has room for ${sizes.pasidSpace} PASIDs`);
  for (let pasid = 0; pasid < sizes.pasidSpace; pasid += 1) gcr3EntryOrCreate(table.value, pasid);
  return table.value;
}

/** Half by half, in the order in which hardware never meets two that don't belong together. */
function updateDeviceEntry(tables: Int32Array, at: number, to: DeviceTableEntry): void {
  const bytes = new DataView(tables.buffer, tables.byteOffset);
  const image = new Int32Array(2 * HALF_WORDS);
  encodeDeviceEntry(new DataView(image.buffer), 0, to);
  const writeHalf = (half: number, of: (word: number) => number): void => {
    for (let index = HALF_WORDS - 1; index >= 0; index -= 1) {
      const place = half * HALF_WORDS + index;
      Atomics.store(tables, at + place, of(place));
    }
  };
  const wanted = (place: number): number => word(image, place);
  for (const step of updateSteps(decodeDeviceEntry(bytes, at * 4), to)) {
    if (step === 'write-upper') writeHalf(1, wanted);
    else if (step === 'write-lower') writeHalf(0, wanted);
    else if (step === 'clear-lower') writeHalf(0, () => 0);
    // The flush is the next step of the driver's list.
  }
}
