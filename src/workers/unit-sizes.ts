/**
 * Unit sizes: the memory that each kind of unit needs for its rings and tables, and what its registers can say.
 *
 * Units: bytes, words and frames as named; counts otherwise.
 */

import { GROUP_PAGES_MAX, PAGE_BYTES } from '../core/limits.ts';
import { DEVICE_TABLE_ENTRY } from '../hw/amd/device-table-entry.ts';
import { GCR3_PASIDS_MAX, gcr3Frames } from '../hw/amd/gcr3-table.ts';
import { pageRequestLogBytes } from '../hw/amd/page-request-log.ts';
import { contextFrames } from '../hw/smmuv3/context-table.ts';
import { eventQueueBytes } from '../hw/smmuv3/event-queue.ts';
import { STREAM_TABLE_ENTRY } from '../hw/smmuv3/stream-table-entry.ts';
import { pageRequestRingBytes } from '../hw/vtd/page-request-ring.ts';
import { directoryFrames, leafFrames } from '../hw/vtd/pasid-table.ts';
import { deviceRid } from './requester.ts';
import { AMD_COMMANDS, QI, SMMU_COMMANDS } from './storm-layout.ts';
import type { UnitKind } from './unit-kind.ts';

export type UnitSizes = {
  /** Bytes of the request queue with its registers. */
  readonly ringBytes: (entries: number) => number;
  /** Fewest entries a request queue can have. */
  readonly ringEntriesMin: number;
  /** Most requests of a group; one where every access that faults is a group of its own. */
  readonly groupPagesMax: number;
  /** Words of the command queue. */
  readonly commandWords: number;
  /** PASIDs a function can have, 0 included. */
  readonly pasidsMax: number;
  /** Frames of the tables between a request and the page tables. */
  readonly tableFrames: (devices: number, pasids: number) => number;
};

const SIZES: Readonly<Record<UnitKind, UnitSizes>> = {
  vtd: {
    ringBytes: pageRequestRingBytes,
    ringEntriesMin: 128,
    groupPagesMax: GROUP_PAGES_MAX,
    commandWords: QI.words,
    pasidsMax: 2 ** 20,
    tableFrames: (devices, pasids) => devices * (directoryFrames(pasids) + leafFrames(pasids)),
  },
  amd: {
    ringBytes: pageRequestLogBytes,
    ringEntriesMin: 256,
    groupPagesMax: GROUP_PAGES_MAX,
    commandWords: AMD_COMMANDS.words,
    pasidsMax: GCR3_PASIDS_MAX,
    tableFrames: (devices, pasids) =>
      functionTableFrames(devices, DEVICE_TABLE_ENTRY.bytes) + devices * gcr3Frames(pasids),
  },
  smmuv3: {
    ringBytes: eventQueueBytes,
    ringEntriesMin: 128,
    groupPagesMax: 1,
    commandWords: SMMU_COMMANDS.words,
    pasidsMax: 2 ** 20,
    tableFrames: (devices, pasids) =>
      functionTableFrames(devices, STREAM_TABLE_ENTRY.bytes) + devices * contextFrames(pasids),
  },
};

export const unitSizes = (unit: UnitKind): UnitSizes => SIZES[unit];

/** Frames of a table with an entry for every requester ID up to that of the last device. */
export const functionTableFrames = (devices: number, entryBytes: number): number =>
  Math.ceil((deviceRid(devices) * entryBytes) / PAGE_BYTES);
