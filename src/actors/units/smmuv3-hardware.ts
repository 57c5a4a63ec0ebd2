/**
 * SMMUv3 hardware of a live unit: stream table, context tables, ASIDs, command queue, event queue.
 *
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_make_cdtable_ste(), arm_smmu_write_cd_entry(),
 *         arm_smmu_cmdq_issue_cmdlist(); arm-smmu-v3-sva.c, arm_smmu_make_sva_cd(), arm_smmu_mm_release().
 *
 * Every stream can stall and has no ATS, as platform devices do, but for one in storms that are about that. Its own
 * accesses bypass, as those of a stream in an identity domain with PASIDs do; that is set up once, where Linux goes
 * back and forth with the first and last PASID.
 */
import { pasid as pasidOf } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import {
  CERROR_ATC_INV_SYNC,
  CERROR_ILL,
  CERROR_NONE,
  type SmmuCommand,
  writeCommandWords,
} from '../../hw/smmuv3/commands.ts';
import {
  clearContext,
  contextRootOf,
  invalidateContext,
  releaseContext,
  svaContext,
  writeContext,
} from '../../hw/smmuv3/context-descriptor.ts';
import { type ContextTable, contextAt, contextTable } from '../../hw/smmuv3/context-table.ts';
import { eventPasid, eventStream } from '../../hw/smmuv3/event-entry.ts';
import { eventQueue } from '../../hw/smmuv3/event-queue.ts';
import {
  abortEntry,
  contextTableEntry,
  STREAM_TABLE_ENTRY,
} from '../../hw/smmuv3/stream-table-entry.ts';
import { FRAME_WORDS, frameWord } from '../../hw/table-memory.ts';
import { deviceRid } from '../../workers/requester.ts';
import { controlWord } from '../../workers/role.ts';
import { CONTROL, SMMU_COMMANDS } from '../../workers/storm-layout.ts';
import type { StormMemory } from '../../workers/storm-memory.ts';
import { functionTableFrames } from '../../workers/unit-sizes.ts';
import { distance } from '../../workers/word-queue.ts';
import type { FrameStore } from '../frame-store.ts';
import { IdAllocator } from '../id-allocator.ts';
import type {
  Command,
  CommandFault,
  CommandQueue,
  EntryTables,
  Invalidation,
  LiveHardware,
} from './hardware.ts';

/** Which functions have ATS in place of stalls. */
type HasAts = (device: number) => boolean;

const ASIDS_MAX = 2 ** 16;
const NO_PASID = 0;
/** Context tables are named by their address / 64. */
const CONTEXTS_PER_FRAME_SHIFT = 6;
/** 48 bits of address, pages of 4 KiB, 48 bits of output, and memory attributes that nothing here looks at. */
const ADDRESSING = { t0Sz: 16, granule: 0, ips: 5, mairLow: 0, mairHigh: 0 };
/** TG of a range of 4 KiB granules, in a TLBI. */
const GRANULE_4K = 1;
const SCALE_MAX = 31;
/** Size of an ATC_INV that empties all. */
const ATC_EVERY_PAGE = 52;
const FAULTS: ReadonlyMap<number, CommandFault['kind']> = new Map([
  [CERROR_ILL, 'rejected'],
  [CERROR_ATC_INV_SYNC, 'end-timed-out'],
]);
/** An opcode that no command has. */
const NO_OPCODE = 0xff;

export function smmuHardware(
  memory: StormMemory,
  frames: FrameStore,
  hasAts: HasAts,
): LiveHardware {
  const queue = eventQueue(memory.ring, 0, memory.sizes.ringEntries);
  // Two for each address space: a domain that goes and the one that comes.
  const asids = new IdAllocator('ASID', 1, Math.min(ASIDS_MAX, 2 * memory.sizes.mms + 1));
  return {
    commands: commandQueue(memory, hasAts),
    tables: contextTables(memory, frames, hasAts),
    priAllocation: undefined,
    asksPresence: false,
    drainsAnswers: false,
    tagsByFunction: false,
    takeTag: () => asids.allocate(),
    giveTag: (tag) => asids.free(tag),
    holdsRequest: (device, pasid) => {
      const stream = deviceRid(device);
      const first = queue.cons(); // before PROD, which it may not pass
      const prod = queue.prod();
      for (let cons = first; cons !== prod; cons = queue.after(cons)) {
        const at = queue.wordOf(cons);
        if (eventStream(queue.words, at) === stream && eventPasid(queue.words, at) === pasid) {
          return true;
        }
      }
      return false;
    },
    isOverflowed: () => queue.isOverflowed(),
  };
}

function commandQueue({ invalidation: words }: StormMemory, hasAts: HasAts): CommandQueue {
  const write = (count: number, command: Command): void =>
    command(
      words,
      SMMU_COMMANDS.entries + (count & (SMMU_COMMANDS.count - 1)) * SMMU_COMMANDS.entryWords,
    );
  return {
    entries: SMMU_COMMANDS.count,
    commandsFor: (invalidation) => commandsFor(invalidation, hasAts).map(commandOf),
    write,
    writeEnd: (count) => write(count, commandOf({ kind: 'sync', signal: 'none' })),
    isDone: (count) => distance(Atomics.load(words, SMMU_COMMANDS.head), count) > 0,
    fault: () => {
      const kind = FAULTS.get(Atomics.load(words, SMMU_COMMANDS.error));
      return kind && { kind, head: Atomics.load(words, SMMU_COMMANDS.head) };
    },
    replace: (count) => write(count, commandOf({ kind: 'sync', signal: 'none' })),
    clearFault: () => void Atomics.store(words, SMMU_COMMANDS.error, CERROR_NONE),
    givesUp: true,
    // The interrupt for errors replaces the command, and nobody hears of it.
    tellsSubmitter: false,
    malformed: (into, at) => {
      into.fill(0, at, at + SMMU_COMMANDS.entryWords);
      into[at] = NO_OPCODE;
    },
  };
}

const commandOf =
  (command: SmmuCommand): Command =>
  (words, at) =>
    writeCommandWords(words, at, command);

function commandsFor(invalidation: Invalidation, hasAts: HasAts): readonly SmmuCommand[] {
  switch (invalidation.kind) {
    case 'function-entry':
      return [configuration('stream-entry', invalidation.device, 0)];
    case 'pasid-entry':
      return [configuration('context-descriptor', invalidation.device, invalidation.pasid)];
    case 'iotlb': {
      const { tag: asid, range } = invalidation;
      const of = range.order > SCALE_MAX ? 'nh-asid' : 'nh-va';
      const ofPages = { num: 0, scale: range.order, ttl: 0, tg: GRANULE_4K, page: range.pfn };
      const ofAll = { num: 0, scale: 0, ttl: 0, tg: 0, page: 0 };
      const pages = of === 'nh-va' ? ofPages : ofAll;
      return [{ kind: 'invalidate-tlb', of, vmid: 0, asid, leaf: false, ...pages }];
    }
    case 'device-tlb': {
      const { device, pasid, range } = invalidation;
      if (!hasAts(device)) return [];
      const pages = { page: range.pfn, order: Math.min(range.order, ATC_EVERY_PAGE) };
      const ssid = pasidOf(pasid);
      const stream = deviceRid(device);
      return [{ kind: 'invalidate-atc', stream, pasid: ssid, global: false, ...pages }];
    }
    case 'fence':
      return [{ kind: 'sync', signal: 'none' }];
  }
}

const configuration = (
  of: 'stream-entry' | 'context-descriptor',
  device: number,
  ssid: number,
): SmmuCommand => ({
  kind: 'invalidate-configuration',
  of,
  stream: deviceRid(device),
  ssid,
  leaf: true,
});

function contextTables(memory: StormMemory, frames: FrameStore, hasAts: HasAts): EntryTables {
  const { sizes, tables: words } = memory;
  const takeFrames = (count: number): number => frames.takeTables(count);
  const tables = Array.from({ length: sizes.devices }, () =>
    contextTable(words, sizes.pasidSpace, takeFrames),
  );
  writeStreamTable(memory, frames, tables, hasAts);
  const entryWord = (device: number, pasid: number): number => {
    const table = tables[device];
    const at = table === undefined ? -1 : contextAt(table, pasid);
    invariant(at >= 0, `device ${device} has no descriptor for PASID ${pasid}`);
    return at;
  };
  return {
    entryWord,
    write: (device, pasid, as, { root, tag }) => {
      invariant(pasid !== NO_PASID, `stream ${device} keeps its own domain`);
      const at = entryWord(device, pasid);
      switch (as) {
        case 'present': {
          const stalls = !hasAts(device);
          const setup = { ...ADDRESSING, asid: tag, root: contextRootOf(root), stalls };
          writeContext(words, at, svaContext(setup));
          return;
        }
        case 'cleared':
          invalidateContext(words, at);
          return;
        case 'zero':
          clearContext(words, at);
          return;
        case 'fault-disabled':
          releaseContext(words, at);
          return;
      }
    },
  };
}

/** Every stream of the unit: those of our devices walk their context tables, all others are aborted. */
function writeStreamTable(
  { sizes, tables: words, control }: StormMemory,
  frames: FrameStore,
  tables: readonly ContextTable[],
  hasAts: HasAts,
): void {
  const count = functionTableFrames(sizes.devices, STREAM_TABLE_ENTRY.bytes);
  const table = frameWord(frames.takeTables(count));
  const entryWords = STREAM_TABLE_ENTRY.bytes / 4;
  for (let at = 0; at < count * FRAME_WORDS; at += entryWords) {
    STREAM_TABLE_ENTRY.writeWords(words, table + at, abortEntry());
  }
  for (const [device, { root, format, cdMax }] of tables.entries()) {
    const entry = contextTableEntry({
      contexts: root << CONTEXTS_PER_FRAME_SHIFT,
      format,
      cdMax,
      withoutSubstream: 'bypass',
      ats: hasAts(device),
      el2: false,
      stallsDisabled: false,
    });
    STREAM_TABLE_ENTRY.writeWords(words, table + deviceRid(device) * entryWords, entry);
  }
  control[controlWord(CONTROL.functionTable)] = table;
}
