/**
 * Units: the parts of each kind of unit, by its kind.
 */
import type { Bell } from './bell.ts';
import type { EventLog } from './event-log.ts';
import type { StormMemory } from './storm-memory.ts';
import type { TranslationAgent } from './translation.ts';
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

const RESPONSES: Readonly<Record<UnitKind, ResponseBytes>> = { vtd: VTD_RESPONSES };
const ENTRIES: Readonly<Record<UnitKind, EntryBytes>> = { vtd: VTD_ENTRIES };

export const responseBytesOf = (unit: UnitKind): ResponseBytes => RESPONSES[unit];
export const entryBytesOf = (unit: UnitKind): EntryBytes => ENTRIES[unit];

export function requestQueueOf(memory: StormMemory): RequestQueue {
  switch (memory.unit) {
    case 'vtd':
      return new VtdRequestQueue(memory);
  }
}

export function requestPortOf(memory: StormMemory, events: EventLog): RequestPort {
  switch (memory.unit) {
    case 'vtd':
      return new VtdRequestPort(memory, events);
  }
}

/** `drainAnswers` takes every answer that is on its way to a device; `waitersBell` tells of what was executed. */
export function commandUnitOf(
  memory: StormMemory,
  agent: TranslationAgent,
  waitersBell: Bell,
  drainAnswers: () => void,
): CommandUnit {
  switch (memory.unit) {
    case 'vtd':
      return new VtdInvalidationUnit(memory, agent, waitersBell, drainAnswers);
  }
}
