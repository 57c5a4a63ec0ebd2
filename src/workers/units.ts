/**
 * Units: the parts of each kind of unit, by its kind.
 */
import { AmdCommandUnit } from './amd/command-unit.ts';
import { amdEntries } from './amd/entries.ts';
import { AmdRequestPort } from './amd/request-port.ts';
import { AmdRequestQueue } from './amd/request-queue.ts';
import { AMD_RESPONSES } from './amd/responses.ts';
import type { CommandParts } from './command-parts.ts';
import type { EventLog } from './event-log.ts';
import { SmmuCommandUnit } from './smmuv3/command-unit.ts';
import { smmuEntries } from './smmuv3/entries.ts';
import { SmmuRequestPort } from './smmuv3/request-port.ts';
import { SmmuRequestQueue } from './smmuv3/request-queue.ts';
import { SMMU_RESPONSES } from './smmuv3/responses.ts';
import type { StormMemory } from './storm-memory.ts';
import type { UnitKind } from './unit-kind.ts';
import type {
  CommandUnit,
  EntryBytes,
  RequestPort,
  RequestQueue,
  ResponseBytes,
} from './unit-seams.ts';
import { VTD_ENTRIES } from './vtd/entries.ts';
import { VtdInvalidationUnit } from './vtd/invalidation-unit.ts';
import { VtdRequestPort } from './vtd/request-port.ts';
import { VtdRequestQueue } from './vtd/request-queue.ts';
import { VTD_RESPONSES } from './vtd/responses.ts';

const RESPONSES: Readonly<Record<UnitKind, ResponseBytes>> = {
  vtd: VTD_RESPONSES,
  amd: AMD_RESPONSES,
  smmuv3: SMMU_RESPONSES,
};

export const responseBytesOf = (unit: UnitKind): ResponseBytes => RESPONSES[unit];

/** Once the main thread has put the unit's tables into place. */
export function entryBytesOf(memory: StormMemory): EntryBytes {
  switch (memory.unit) {
    case 'vtd':
      return VTD_ENTRIES;
    case 'amd':
      return amdEntries(memory);
    case 'smmuv3':
      return smmuEntries(memory);
  }
}

export function requestQueueOf(memory: StormMemory): RequestQueue {
  switch (memory.unit) {
    case 'vtd':
      return new VtdRequestQueue(memory);
    case 'amd':
      return new AmdRequestQueue(memory);
    case 'smmuv3':
      return new SmmuRequestQueue(memory);
  }
}

export function requestPortOf(memory: StormMemory, events: EventLog): RequestPort {
  switch (memory.unit) {
    case 'vtd':
      return new VtdRequestPort(memory, events);
    case 'amd':
      return new AmdRequestPort(memory, events);
    case 'smmuv3':
      return new SmmuRequestPort(memory);
  }
}

export function commandUnitOf(parts: CommandParts): CommandUnit {
  switch (parts.memory.unit) {
    case 'vtd':
      return new VtdInvalidationUnit(parts);
    case 'amd':
      return new AmdCommandUnit(parts);
    case 'smmuv3':
      return new SmmuCommandUnit(parts);
  }
}
