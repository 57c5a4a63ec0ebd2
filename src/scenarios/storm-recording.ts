/**
 * A storm's recording as an event trace: the same lines that kernel captures become, in the storm's own words.
 *
 * Units: ticks count the events of all threads, in the order in which they were recorded.
 */
import type { PageResponseCode } from '../core/page-request.ts';
import { wireCodeMeaning } from '../hw/vtd/page-group-response.ts';
import { EVENT } from '../workers/event-log.ts';
import type { RecordedEvent } from '../workers/event-recording.ts';
import { THREAD } from '../workers/storm-layout.ts';
import type { StormPlan } from '../workers/storm-plan.ts';
import { EVENT_TRACE_SCHEMA } from './capture/event-trace.ts';

/** Enough for ten thousand groups, and for whoever checks them. */
export const RECORDED_EVENTS = 65_536;

type Fields = Readonly<Record<string, number | string | boolean | undefined>>;
type Row = { readonly kind: string; readonly fields: (event: RecordedEvent) => Fields };

const group = ({ device, index, pasid, id }: RecordedEvent) => ({
  device,
  // Requests without a PASID have none to name.
  pasid: pasid < 0 ? undefined : pasid,
  index,
  group: id,
});
const answered = (event: RecordedEvent): Fields & { readonly code: PageResponseCode } => ({
  ...group(event),
  code: wireCodeMeaning(event.detail),
});
const attachment = ({ device, pasid }: RecordedEvent): Fields => ({ device, pasid });

const ROWS: Readonly<Record<number, Row>> = {
  [EVENT.issued]: {
    kind: 'page-group.sent',
    fields: (event) => ({ ...group(event), pages: event.detail }),
  },
  [EVENT.dropped]: {
    kind: 'page-request.dropped',
    fields: (event) => ({ ...group(event), last: event.detail === 1 }),
  },
  [EVENT.discarded]: { kind: 'partials.discarded', fields: ({ device }) => ({ device }) },
  [EVENT.grouped]: { kind: 'page-group.queued', fields: group },
  [EVENT.refused]: { kind: 'page-group.refused', fields: answered },
  [EVENT.removed]: { kind: 'device.removed', fields: ({ device }) => ({ device }) },
  [EVENT.resolved]: { kind: 'page-group.resolved', fields: answered },
  [EVENT.answered]: { kind: 'page-group.answered', fields: answered },
  [EVENT.attached]: { kind: 'pasid.attached', fields: attachment },
  [EVENT.detached]: { kind: 'pasid.detached', fields: attachment },
};

/** The whole text; `complete` is false when the storm went on behind the last event. */
export function stormRecordingText(
  { name, driver, quirks, seed, recordedEvents = 0 }: StormPlan,
  events: readonly RecordedEvent[],
): string {
  const complete = events.length < recordedEvents;
  const header = {
    schema: EVENT_TRACE_SCHEMA,
    source: 'storm',
    from: name,
    driver,
    quirks,
    seed,
    complete,
  };
  const lines = events.map((event, ticks) => {
    const row = ROWS[event.event];
    const thread = threadName(event.thread);
    return { ticks, thread, kind: row?.kind ?? 'unknown', fields: row?.fields(event) ?? {} };
  });
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function threadName(thread: number): string {
  switch (thread) {
    case THREAD.main:
      return 'main';
    case THREAD.device:
      return 'device';
    case THREAD.prq:
      return 'prq';
    default:
      return `resolver-${thread - THREAD.resolver}`;
  }
}
