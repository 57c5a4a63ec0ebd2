/**
 * Read trace: the events of a trace in any of its forms, in memory: a kernel's text, a recorded storm, an event trace.
 *
 * Effects: reads a file.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { type BadInput, badInputAt, type Place } from '../bad-input.ts';
import type { CaptureEvent } from '../capture/capture-event.ts';
import { LineReader, readCapture } from '../capture/capture-reader.ts';
import { isEventTrace, readEventTrace } from '../capture/read-event-trace.ts';
import { type RecordingHeader, readRecordingHeader } from '../recording-header.ts';
import { isStormLog, readStormLog } from '../storm-log.ts';
import { stormRecordingText } from '../storm-recording.ts';

/** Events that are kept in memory at once. */
const EVENTS_MAX = 4_000_000;

export type TraceReading = {
  readonly events: readonly CaptureEvent[];
  /** Of a recorded storm. */
  readonly header: RecordingHeader | undefined;
  /** There were more events than are judged. */
  readonly isCut: boolean;
  readonly interrupted: boolean;
  readonly notes: readonly string[];
};

export type ReadHooks = {
  readonly signal: AbortSignal;
  /** Bytes of text read so far. */
  readonly progress: (bytes: number) => void;
};

export async function readTrace(
  file: string,
  hooks: ReadHooks,
): Promise<Result<TraceReading, BadInput>> {
  const whole = { isCut: false, interrupted: false, notes: [] };
  if (await isStormLog(file)) {
    const log = await readStormLog(file);
    if (!log.ok) return log;
    const { header, events } = log.value;
    return ok({ ...whole, header, events: eventsIn(stormRecordingText(header, events)) });
  }
  if (await isEventTrace(file)) {
    const trace = await readEventTrace(file);
    return trace.ok ? ok({ ...whole, ...trace.value }) : trace;
  }
  return readText(file, hooks);
}

/** The events of a text that is in memory. */
export function eventsIn(text: string): readonly CaptureEvent[] {
  const events: CaptureEvent[] = [];
  new LineReader((event) => events.push(event)).read(text.split('\n'));
  return events;
}

async function readText(
  file: string,
  { signal, progress }: ReadHooks,
): Promise<Result<TraceReading, BadInput>> {
  const place: Place = { kind: 'kernel capture', file, line: 1 };
  const events: CaptureEvent[] = [];
  let header: ReturnType<typeof readRecordingHeader>;
  let isCut = false;
  const reading = await readCapture(
    file,
    {
      event: (event) => {
        if (events.length < EVENTS_MAX) events.push(event);
        else isCut = true;
      },
      remark: (text) => {
        header ??= readRecordingHeader(text);
      },
      batch: (bytes) => {
        progress(bytes);
        return undefined;
      },
    },
    signal,
  );
  if (!reading.ok) return reading;
  if (header !== undefined && !header.ok) return err(badInputAt(header.error, place));
  const { brokenOff, malformed, interrupted } = reading.value;
  return ok({
    events,
    header: header?.value,
    isCut,
    interrupted,
    notes: [
      ...(brokenOff === undefined
        ? []
        : [`the file breaks off (${brokenOff}): what comes before counts`]),
      ...(malformed === 0 ? [] : [`lines that do not read, and are passed over: ${malformed}`]),
    ],
  });
}
