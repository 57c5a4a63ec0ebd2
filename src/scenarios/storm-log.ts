/**
 * Storm log: a recorded storm as compact binary, a line of JSON and records of a fixed size.
 *
 * Format: `stormdrain.log/1 {header}`, a line feed, then records of 32 bytes: eight 32-bit words, little-endian;
 *         thread, event, and six words that mean what the event says (workers/event-log.ts, event-recording.ts).
 * Effects: reads a file.
 */
import { open, readFile, stat } from 'node:fs/promises';
import { err, ok, type Result } from '../core/result.ts';
import { type RecordedEvent, recordedAt } from '../workers/event-recording.ts';
import { RECORD_WORDS } from '../workers/storm-layout.ts';
import { type BadInput, badInputAt, type Place } from './bad-input.ts';
import { readFailure } from './bounded-lines.ts';
import { headerOf, type RecordingHeader } from './recording-header.ts';

const MARK = 'stormdrain.log/1 ';
const RECORD_BYTES = 4 * RECORD_WORDS;
/** Far more than a storm ever records. */
const LOG_BYTES_MAX = 64 * 2 ** 20;

export type StormLog = {
  readonly header: RecordingHeader;
  readonly events: readonly RecordedEvent[];
};

export function stormLogBytes(header: RecordingHeader, events: readonly RecordedEvent[]): Buffer {
  const line = Buffer.from(`${MARK}${JSON.stringify(header)}\n`, 'utf8');
  const records = Buffer.alloc(events.length * RECORD_BYTES);
  for (const [place, { thread, event, words }] of events.entries()) {
    for (const [at, word] of [thread, event, ...words].entries()) {
      records.writeInt32LE(word, place * RECORD_BYTES + 4 * at);
    }
  }
  return Buffer.concat([line, records]);
}

/** Whether the file begins as a storm log does; one that can't be opened doesn't. */
export async function isStormLog(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MARK.length), 0, MARK.length, 0);
      return buffer.toString('latin1', 0, bytesRead) === MARK;
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

export async function readStormLog(file: string): Promise<Result<StormLog, BadInput>> {
  const place: Place = { kind: 'kernel capture', file, line: 1 };
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > LOG_BYTES_MAX) {
      const expected = `a log of at most ${LOG_BYTES_MAX} bytes`;
      return err({ code: 'malformed-text', place, expected, got: `${size} bytes` });
    }
    bytes = await readFile(file);
  } catch (error) {
    return err({ code: 'unreadable-file', place, reason: readFailure(error) });
  }
  const end = bytes.indexOf(0x0a);
  const header = headerIn(bytes.toString('utf8', MARK.length, Math.max(0, end)));
  if (!header.ok) return err(badInputAt(header.error, place));
  const records = bytes.subarray(end + 1);
  if (records.length % RECORD_BYTES !== 0) {
    const got = `${records.length % RECORD_BYTES} bytes too many`;
    return err({ code: 'malformed-text', place, expected: 'records of 32 bytes', got });
  }
  const events = Array.from({ length: records.length / RECORD_BYTES }, (_, place) => {
    const words = Int32Array.from({ length: RECORD_WORDS }, (_unused, at) =>
      records.readInt32LE(place * RECORD_BYTES + 4 * at),
    );
    return recordedAt(words, 0);
  });
  return ok({ header: header.value, events });
}

function headerIn(text: string): ReturnType<typeof headerOf> {
  try {
    return headerOf(JSON.parse(text));
  } catch {
    return headerOf(undefined);
  }
}
