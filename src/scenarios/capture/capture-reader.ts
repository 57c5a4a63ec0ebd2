/**
 * The reader of kernel captures: a file of trace text in, typed events out, one pass, bounded memory.
 *
 * Effects: reads a file.
 * Policy:  a line that can't be read is counted and costs nothing but itself. Only a file that can't
 *          be opened, or that holds lines but no event at all, is bad input; one that breaks off is not.
 */
import { err, ok, type Result } from '../../core/result.ts';
import type { BadInput } from '../bad-input.ts';
import { describeValue } from '../field-check.ts';
import type { CaptureEvent } from './capture-event.ts';
import { captureLines } from './capture-lines.ts';
import { type CaptureTally, TallyKeeper } from './capture-tally.ts';
import { KNOWN_EVENTS, readPayload } from './payloads.ts';
import { readTraceLine, type TraceLine } from './trace-line.ts';

/** How every text that the kernel itself prints begins. */
const HEADER = '# tracer: ';

/** Who is told of a capture's events, in the order of its lines. */
export type CaptureListener = {
  /** The event's texts hold on to the text around them: keep copies. */
  readonly event: (event: CaptureEvent) => void;
  /** A line that begins with `#`. */
  readonly remark?: (text: string) => void;
  /** Called between batches of lines; the reader waits for it. */
  readonly batch: (bytes: number) => Promise<void> | undefined;
};

export type CaptureReading = CaptureTally & {
  /** Why the file broke off, or undefined. */
  readonly brokenOff: string | undefined;
  readonly interrupted: boolean;
};

export async function readCapture(
  file: string,
  listener: CaptureListener,
  signal: AbortSignal,
): Promise<Result<CaptureReading, BadInput>> {
  const place = { kind: 'kernel capture', file, line: undefined } as const;
  const reader = new LineReader(listener.event, listener.remark);
  let bytes = 0;
  let brokenOff: string | undefined;
  for await (const batch of captureLines(file)) {
    if (!batch.ok) {
      brokenOff = batch.error;
      break;
    }
    reader.read(batch.value.lines);
    bytes = batch.value.bytes;
    await listener.batch(bytes);
    if (signal.aborted) break;
  }
  if (brokenOff !== undefined && bytes === 0) {
    return err({ code: 'unreadable-file', place, reason: brokenOff });
  }
  const tally = reader.tally.read(reader.lines, bytes);
  const [stranger] = tally.malformedLines;
  const read = tally.events + tally.skipped + tally.lossPlaces;
  if (stranger !== undefined && read === 0 && !reader.hasHeader) {
    const { line, text } = stranger;
    const got = `none, and ${describeValue(text.trim())} in line ${line}`;
    return err({ code: 'malformed-text', place, expected: 'events of a trace', got });
  }
  return ok({ ...tally, brokenOff, interrupted: signal.aborted });
}

/** Everything but the file: lines in, events and a tally out. */
export class LineReader {
  readonly #event: (event: CaptureEvent) => void;
  readonly #remark: ((text: string) => void) | undefined;
  readonly tally = new TallyKeeper();
  lines = 0;
  /** Whether the file says that it is a trace. */
  hasHeader = false;

  constructor(event: (event: CaptureEvent) => void, remark?: (text: string) => void) {
    this.#event = event;
    this.#remark = remark;
  }

  /** The next lines of the file. */
  read(lines: readonly string[]): void {
    for (const line of lines) {
      this.lines += 1;
      this.#line(line);
    }
  }

  #line(text: string): void {
    const line = readTraceLine(text, KNOWN_EVENTS);
    if (line.kind === 'malformed') this.tally.malformed(this.lines, line.why, text);
    if (line.kind === 'remark' && text.startsWith(HEADER)) this.hasHeader = true;
    if (line.kind === 'remark') this.#remark?.(text);
    if (line.kind === 'foreign') this.tally.skip(line.name);
    if (line.kind === 'lost') this.#lose(line);
    if (line.kind === 'event') this.#read(line, text);
  }

  #lose({ cpu, count }: Extract<TraceLine, { kind: 'lost' }>): void {
    this.tally.lose(count);
    const nobody = { seconds: undefined, ticks: undefined, thread: undefined, locks: undefined };
    this.#event({ ...nobody, cpu, line: this.lines, fact: { kind: 'events.lost', count } });
  }

  #read(event: Extract<TraceLine, { kind: 'event' }>, text: string): void {
    const { name, payload, seconds, ticks, thread, cpu, locks } = event;
    const fact = readPayload(name, payload);
    if (fact === 'foreign') {
      this.tally.skip(name);
    } else if (fact === 'malformed') {
      this.tally.malformed(this.lines, `"${name}" does not read`, text);
    } else {
      this.tally.event(fact.kind);
      this.#event({ line: this.lines, seconds, ticks, thread, cpu, locks, fact });
    }
  }
}
