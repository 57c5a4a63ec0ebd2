/**
 * The event trace: what happened, one JSON object a line, whoever recorded it.
 *
 * Format: the first line is `{"schema":"stormdrain.events/1", ...}`; each other line is an event with
 *         `kind`, `fields`, and where known `time`, `thread`, `cpu` and `line` of the source.
 * Units:  time is seconds, or `ticks` of a clock that counts something else.
 */
import type { RecordingHeader } from '../recording-header.ts';
import type { CaptureEvent } from './capture-event.ts';

export const EVENT_TRACE_SCHEMA = 'stormdrain.events/1';

/** What the trace of the capture `from` begins with; `storm` when it is a recorded storm. */
export const eventTraceHeader = (from: string, storm?: RecordingHeader): string => {
  const source = storm === undefined ? 'kernel-capture' : 'storm';
  return `${JSON.stringify({ schema: EVENT_TRACE_SCHEMA, source, from, ...storm })}\n`;
};

/** One line; fields that are not known are left out. */
export function eventTraceLine(event: CaptureEvent): string {
  const { seconds, ticks, thread, cpu, locks, line, fact } = event;
  const { kind, ...fields } = fact;
  return `${JSON.stringify({ time: seconds, ticks, thread, cpu, locks, line, kind, fields })}\n`;
}
