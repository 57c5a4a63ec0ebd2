/**
 * A process recording is the life of one real program's address space, as a file of JSON lines.
 *
 * Effects: reads a file.
 * Units:   page frame numbers of user virtual addresses; pages of 4 KiB.
 */
import { PAGE_BYTES, VMAS_MAX } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type BadInput, badInputAt, type Place } from './bad-input.ts';
import { boundedLines } from './bounded-lines.ts';
import { describeValue, exactly, type FieldCheck, record, textUpTo } from './field-check.ts';
import { mappingCount } from './mapping-count.ts';
import { checkOperation, type ProcessOperation } from './process-operation.ts';

/** Schema named by the first line. */
const SCHEMA = 'stormdrain.process/1';
const EVENTS_MAX = 1_000_000;
const LINE_BYTES_MAX = 4096;
const PROGRAM_LENGTH_MAX = 256;

/** Operations in program order; the last one, and no other, is `exit`. */
export type ProcessRecording = {
  readonly program: string;
  readonly operations: readonly ProcessOperation[];
};

/** Reads a whole recording; the error names the first line that is wrong. */
export async function readProcessRecording(
  file: string,
): Promise<Result<ProcessRecording, BadInput>> {
  const kind = 'process recording';
  const operations: ProcessOperation[] = [];
  const mappings = mappingCount();
  let program: string | undefined;
  let lastLine = 0;

  for await (const line of boundedLines(kind, file, LINE_BYTES_MAX)) {
    if (!line.ok) return line;
    const { number, text } = line.value;
    const place = { kind, file, line: number } as const;
    lastLine = number;
    if (number > EVENTS_MAX + 1) {
      return tooBig(place, `a recording may hold ${EVENTS_MAX} events`);
    }
    if (text.trim() === '') continue;

    if (program === undefined) {
      const header = checkLine(text, place, checkHeader);
      if (!header.ok) return header;
      program = header.value.program;
      continue;
    }
    if (operations.at(-1)?.kind === 'exit') {
      return malformed(place, 'nothing after "exit"', describeValue(text.trim()));
    }
    const operation = checkLine(text, place, checkOperation);
    if (!operation.ok) return operation;
    if (mappings.after(operation.value) > VMAS_MAX) {
      return tooBig(place, `a process may hold ${VMAS_MAX} mappings at once`);
    }
    operations.push(operation.value);
  }

  const end = { kind, file, line: lastLine === 0 ? undefined : lastLine } as const;
  if (program === undefined) {
    return malformed(end, `a first line with "schema": "${SCHEMA}"`, 'no line at all');
  }
  if (operations.at(-1)?.kind !== 'exit') {
    return malformed(end, '"exit" as its last event', 'an end without it');
  }
  return ok({ program, operations });
}

const tooBig = (place: Place, limit: string): Result<never, BadInput> =>
  err({ code: 'limit-exceeded', place, limit });

const malformed = (place: Place, expected: string, got: string): Result<never, BadInput> =>
  err({ code: 'malformed-text', place, expected, got });

const checkHeader = record<{ schema: string; pageBytes: number; program: string }>(
  {
    schema: exactly(SCHEMA),
    pageBytes: exactly(PAGE_BYTES),
    program: textUpTo(PROGRAM_LENGTH_MAX),
  },
  { pageBytes: PAGE_BYTES },
);

function checkLine<Value>(
  text: string,
  place: Place,
  check: FieldCheck<Value>,
): Result<Value, BadInput> {
  const value = parseJson(text);
  if (value === undefined) return malformed(place, 'one JSON object', describeValue(text.trim()));
  const checked = check(value, []);
  return checked.ok ? checked : err(badInputAt(checked.error, place));
}

/** Undefined when the text is not JSON: no JSON text has that value. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller names file, line and text; V8's message adds only an offset.
    return undefined;
  }
}
