/**
 * Read event trace: the JSON lines that an import wrote, as the events they were made of.
 *
 * Effects: reads a file.
 */
import { open } from 'node:fs/promises';
import { err, ok, type Result } from '../../core/result.ts';
import { type BadInput, badInputAt, type Place } from '../bad-input.ts';
import { boundedLines } from '../bounded-lines.ts';
import { headerOf, type RecordingHeader } from '../recording-header.ts';
import type { CaptureEvent, CaptureFact } from './capture-event.ts';
import { EVENT_TRACE_SCHEMA } from './event-trace.ts';

const BEGINNING = `{"schema":"${EVENT_TRACE_SCHEMA}"`;

export type EventTrace = {
  readonly events: readonly CaptureEvent[];
  readonly header: RecordingHeader | undefined;
};

/** Whether the file begins as an event trace does; one that can't be opened doesn't. */
export async function isEventTrace(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const length = BEGINNING.length;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.toString('latin1', 0, bytesRead) === BEGINNING;
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

/** Longer than any event is. */
const LINE_BYTES_MAX = 64 * 1024;

export async function readEventTrace(file: string): Promise<Result<EventTrace, BadInput>> {
  let header: RecordingHeader | undefined;
  const events: CaptureEvent[] = [];
  for await (const read of boundedLines('event trace', file, LINE_BYTES_MAX)) {
    if (!read.ok) return read;
    const { number, text } = read.value;
    const place: Place = { kind: 'event trace', file, line: number };
    if (number === 1) {
      const found = headerIn(text);
      if (!found.ok) return err(badInputAt(found.error, place));
      header = found.value;
    } else if (text !== '') {
      const event = eventIn(text);
      if (event === undefined) {
        const expected = 'an event as "stormdrain import" writes it';
        return err({ code: 'malformed-text', place, expected, got: 'another line' });
      }
      events.push(event);
    }
  }
  return ok({ events, header });
}

function headerIn(
  line: string,
): Result<RecordingHeader | undefined, Parameters<typeof badInputAt>[0]> {
  const found = parsed(line);
  if (
    typeof found === 'object' &&
    found !== null &&
    'source' in found &&
    found.source === 'storm'
  ) {
    return headerOf(found);
  }
  return ok(undefined);
}

/** Undefined when the line is none; fields are an import's own, so only their place is checked. */
function eventIn(line: string): CaptureEvent | undefined {
  const found = parsed(line);
  if (typeof found !== 'object' || found === null) return undefined;
  const {
    time,
    ticks,
    thread,
    cpu,
    locks,
    line: number,
    kind,
    fields,
  } = found as Record<string, unknown>; // looked at one by one
  if (typeof kind !== 'string' || typeof number !== 'number') return undefined;
  if (typeof fields !== 'object' || fields === null) return undefined;
  return {
    seconds: numberOr(time),
    ticks: numberOr(ticks),
    thread: typeof thread === 'string' ? thread : undefined,
    cpu: numberOr(cpu),
    locks: numberOr(locks),
    line: number,
    fact: { kind, ...fields } as CaptureFact, // an import wrote it so
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const numberOr = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;
