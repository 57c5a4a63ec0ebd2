/**
 * Trace unit: whose bytes a trace has.
 */
import type { UnitKind } from '../../workers/unit-kind.ts';
import type { CaptureEvent } from '../capture/capture-event.ts';

/** Undefined when no event tells. */
export function unitOfTrace(events: readonly CaptureEvent[]): UnitKind | undefined {
  for (const { fact } of events) {
    switch (fact.kind) {
      case 'invalidation.submitted':
      case 'cache-tag.assigned':
      case 'cache-tag.unassigned':
      case 'cache-tag.flushed':
        return 'vtd';
      case 'command.submitted':
        return fact.of;
    }
  }
  return undefined;
}
