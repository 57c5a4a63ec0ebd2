/**
 * The event trace: what happened, one JSON object a line, whoever recorded it.
 *
 * Format: the first line is `{"schema":"stormdrain.events/1", ...}`; each other line is an event with
 *         `kind`, `fields`, and where known `time`, `thread`, `cpu` and `line` of the source.
 * Units:  time is seconds, or `ticks` of a clock that counts something else.
 */
import type { CaptureEvent } from './capture-event.ts';

export const EVENT_TRACE_SCHEMA = 'stormdrain.events/1';

/** What the trace of the capture `from` begins with. */
export const eventTraceHeader = (from: string): string =>
  `${JSON.stringify({ schema: EVENT_TRACE_SCHEMA, source: 'kernel-capture', from })}\n`;

/** One line; fields that are not known are left out. */
export function eventTraceLine(event: CaptureEvent): string {
  const { seconds, ticks, thread, cpu, locks, line, fact } = event;
  const { kind, ...fields } = fact;
  return `${JSON.stringify({ time: seconds, ticks, thread, cpu, locks, line, kind, fields })}\n`;
}
