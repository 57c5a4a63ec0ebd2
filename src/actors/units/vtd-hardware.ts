/**
 * VT-d hardware of a live unit: PASID tables, invalidation queue, page request queue.
 *
 * Kernel: drivers/iommu/intel/dmar.c, qi_submit_sync(); prq.c, intel_iommu_drain_pasid_prq(); pasid.c.
 */
import { FLPT_DEFAULT_DID, pasid as pasidOf } from '../../core/ids.ts';
import { invariant } from '../../core/invariant.ts';
import { PRI_ALLOCATION_MAX, QI_ENTRIES } from '../../core/limits.ts';
import { writePasidDeviceTlbWords } from '../../hw/vtd/device-tlb-words.ts';
import { FSTS_ICE, FSTS_IQE, FSTS_ITE, INVALIDATION_ERROR } from '../../hw/vtd/fault-status.ts';
import {
  completion,
  fence,
  pasidCache,
  pasidIotlb,
  QI_DONE,
} from '../../hw/vtd/invalidation-constructors.ts';
import type { InvalidationDescriptor } from '../../hw/vtd/invalidation-descriptors.ts';
import { writeInvalidationWords } from '../../hw/vtd/invalidation-encoding.ts';
import { requestPasid, requestRid } from '../../hw/vtd/page-request-descriptor.ts';
import { pageRequestRing } from '../../hw/vtd/page-request-ring.ts';
import { clearPresent, markFaultDisabled, zero } from '../../hw/vtd/pasid-entry.ts';
import { setupSva } from '../../hw/vtd/pasid-setup.ts';
import {
  directoryFrames,
  type PasidTable,
  pasidEntryAt,
  pasidEntryOrCreate,
} from '../../hw/vtd/pasid-table.ts';
import { deviceRid, ridDevice } from '../../workers/requester.ts';
import { QI } from '../../workers/storm-layout.ts';
import type { StormMemory } from '../../workers/storm-memory.ts';
import type { FrameStore } from '../frame-store.ts';
import type {
  Command,
  CommandFault,
  CommandQueue,
  EntryTables,
  Invalidation,
  LiveHardware,
} from './hardware.ts';

/** By the bit of the fault status register, in the order in which Linux looks at them. */
const FAULTS: readonly { readonly bit: number; readonly kind: CommandFault['kind'] }[] = [
  { bit: FSTS_IQE, kind: 'rejected' },
  { bit: FSTS_ITE, kind: 'timed-out' },
  { bit: FSTS_ICE, kind: 'completed-unasked' },
];
/** A type that no descriptor has. */
const NO_DESCRIPTOR = 0xf;

export function vtdHardware(memory: StormMemory, frames: FrameStore): LiveHardware {
  const ring = pageRequestRing(memory.ring, 0, memory.sizes.ringEntries);
  return {
    commands: invalidationQueue(memory),
    tables: pasidTables(memory, frames),
    priAllocation: PRI_ALLOCATION_MAX,
    asksPresence: true,
    drainsAnswers: true,
    tagsByFunction: false,
    // Every process of the unit is in the domain of shared first-level tables: PASIDs tell them apart.
    takeTag: () => FLPT_DEFAULT_DID,
    giveTag: () => {},
    holdsRequest: (device, pasid) => {
      const rid = deviceRid(device);
      const head = ring.head(); // first: behind a tail read earlier, it would have to go all the way round
      const tail = ring.tail();
      for (let count = head; count !== tail; count = (count + 1) | 0) {
        const at = ring.wordOf(count);
        if (requestRid(ring.words, at) === rid && requestPasid(ring.words, at) === pasid) {
          return true;
        }
      }
      return false;
    },
    isOverflowed: () => ring.isOverflowed(),
  };
}

function invalidationQueue({ invalidation: words }: StormMemory): CommandQueue {
  const slotOf = (count: number): number => count & (QI_ENTRIES - 1);
  const write = (count: number, command: Command): void =>
    command(words, QI.entries + slotOf(count) * QI.entryWords);
  return {
    entries: QI_ENTRIES,
    commandsFor,
    write,
    writeEnd: (count, drain) => {
      const slot = slotOf(count);
      Atomics.store(words, QI.status + slot, 0);
      write(count, commandOf(completion(0, slot, drain)));
    },
    isDone: (count) => Atomics.load(words, QI.status + slotOf(count)) === QI_DONE,
    fault: () => {
      const status = Atomics.load(words, QI.fault);
      const found = FAULTS.find(({ bit }) => (status & bit) !== 0);
      if (found === undefined) return undefined;
      const { timeoutSource } = INVALIDATION_ERROR.readWords(words, QI.error);
      const head = Atomics.load(words, QI.head);
      return { kind: found.kind, head, source: ridDevice(timeoutSource) };
    },
    // The wait of the submission once more, as qi_check_fault() copies it.
    replace: (count, end) => {
      const from = QI.entries + slotOf(end) * QI.entryWords;
      words.copyWithin(QI.entries + slotOf(count) * QI.entryWords, from, from + QI.entryWords);
    },
    clearFault: (kind) => {
      const bits = FAULTS.filter((each) => each.kind === kind).map(({ bit }) => bit);
      for (const bit of bits) Atomics.and(words, QI.fault, ~bit);
    },
    givesUp: false,
    tellsSubmitter: true,
    malformed: (into, at) => {
      into.fill(0, at, at + QI.entryWords);
      into[at] = NO_DESCRIPTOR;
    },
  };
}

const commandOf =
  (descriptor: InvalidationDescriptor): Command =>
  (words, at) =>
    writeInvalidationWords(words, at, descriptor);

function commandsFor(invalidation: Invalidation): readonly Command[] {
  if (invalidation.kind !== 'device-tlb') return descriptorsFor(invalidation).map(commandOf);
  const { device, pasid, range } = invalidation;
  return [(words, at) => writePasidDeviceTlbWords(words, at, deviceRid(device), pasid, range)];
}

function descriptorsFor(
  invalidation: Exclude<Invalidation, { readonly kind: 'device-tlb' }>,
): readonly InvalidationDescriptor[] {
  switch (invalidation.kind) {
    case 'function-entry':
      return []; // a storm leaves context entries alone
    case 'pasid-entry':
      return [pasidCache('pasid', FLPT_DEFAULT_DID, pasidOf(invalidation.pasid))];
    case 'iotlb': {
      const { pasid, range } = invalidation;
      return [pasidIotlb(FLPT_DEFAULT_DID, pasidOf(pasid), { ...range, leafOnly: false })];
    }
    case 'fence':
      return [fence()];
  }
}

function pasidTables(memory: StormMemory, frames: FrameStore): EntryTables {
  const tables = Array.from({ length: memory.sizes.devices }, () => pasidTable(memory, frames));
  const tableOf = (device: number): PasidTable => {
    const table = tables[device];
    invariant(table !== undefined, `device ${device} has no PASID table`);
    return table;
  };
  const entryWord = (device: number, pasid: number): number => {
    const entry = pasidEntryAt(tableOf(device), pasid);
    invariant(entry >= 0, `device ${device} has no entry for PASID ${pasid}`);
    return entry;
  };
  return {
    entryWord,
    write: (device, pasid, as, { root }) => {
      switch (as) {
        case 'present': {
          const done = setupSva(tableOf(device), pasid, { root, fiveLevel: false });
          invariant(done.ok, `PASID ${pasid} of device ${device} could not be programmed`);
          return;
        }
        case 'cleared':
          clearPresent(memory.tables, entryWord(device, pasid));
          return;
        case 'zero':
          zero(memory.tables, entryWord(device, pasid));
          return;
        case 'fault-disabled':
          markFaultDisabled(memory.tables, entryWord(device, pasid), 'intended');
          return;
      }
    },
  };
}

/** A device's table with all its leaf tables: Linux makes them when first needed, and never frees them either. */
function pasidTable(memory: StormMemory, frames: FrameStore): PasidTable {
  const { pasidSpace } = memory.sizes;
  const table: PasidTable = {
    words: memory.tables,
    directory: frames.takeTables(directoryFrames(pasidSpace)),
    pasids: pasidSpace,
    takeFrame: () => frames.takeTables(1),
    giveBack: (frame) => frames.giveTable(frame),
  };
  for (let number = 0; number < pasidSpace; number += 1) pasidEntryOrCreate(table, number);
  return table;
}
