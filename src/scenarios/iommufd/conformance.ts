/**
 * Conformance: recorded sequences replayed, every answer of ours held to the kernel's.
 *
 * Effects: reads files.
 * Policy:  a line that is no sequence is told of and passed over; the sequences after it are compared all the same.
 */
import { isDeepStrictEqual } from 'node:util';

import type { Driver } from '../../actors/driver.ts';
import { InvariantViolation } from '../../core/invariant.ts';
import type { BadInput, Place } from '../bad-input.ts';
import { badInputAt } from '../bad-input.ts';
import { boundedLines } from '../bounded-lines.ts';
import { describeValue } from '../field-check.ts';
import { isNestedTooDeep, NESTED_TOO_DEEP } from '../nesting.ts';
import { BadOp } from './op-arguments.ts';
import {
  type Json,
  type JsonObject,
  type RecordedSequence,
  readSequence,
} from './recorded-sequence.ts';
import { SequenceReplay } from './sequence-replay.ts';
import { specSection } from './spec-sections.ts';

/** Many faults in one sequence make a long line. */
const LINE_BYTES_MAX = 64 * 2 ** 20;

export type Disagreement = {
  readonly file: string;
  readonly line: number;
  readonly sequence: string;
  /** Index of the operation; as many as there are for the end of the sequence. */
  readonly op: number;
  /** Its name; `end` for the end. */
  readonly operation: string;
  /** Where the kernel's behaviour is written down. */
  readonly spec: string;
  readonly expected: JsonObject;
  readonly actual: JsonObject;
};

export type Conformance = {
  readonly sequences: number;
  readonly operations: number;
  /** Operations answered as recorded. */
  readonly agreed: number;
};

export type ConformanceHooks = {
  readonly disagreed: (disagreement: Disagreement) => void;
  readonly refused: (input: BadInput) => void;
  /** Whether to go on. */
  readonly goesOn: () => boolean;
};

/** Compares every sequence of one file, plain or gzipped JSON lines. */
export async function conformFile(
  file: string,
  driver: Driver,
  hooks: ConformanceHooks,
): Promise<Conformance> {
  const kind = 'iommufd recording';
  let sequences = 0;
  let operations = 0;
  let agreed = 0;
  let refused = 0;
  const refuse = (input: BadInput): void => {
    refused += 1;
    hooks.refused(input);
  };
  for await (const line of boundedLines(kind, file, LINE_BYTES_MAX)) {
    if (!hooks.goesOn()) break;
    if (!line.ok) {
      refuse(line.error);
      continue;
    }
    const { number, text } = line.value;
    if (text.trim() === '') continue;
    const place: Place = { kind, file, line: number };
    const sequence = parseSequence(text, place, refuse);
    if (sequence === undefined) continue;
    try {
      const disagreements = compare(sequence, driver, place, number);
      sequences += 1;
      operations += sequence.ops.length;
      const wrong = new Set(disagreements.map(({ op }) => op));
      wrong.delete(sequence.ops.length);
      agreed += sequence.ops.length - wrong.size;
      for (const disagreement of disagreements) hooks.disagreed(disagreement);
    } catch (error) {
      if (!(error instanceof BadOp)) throw error;
      refuse({
        code: 'malformed-text',
        place,
        expected: 'operations that can be replayed',
        got: `one that cannot: ${error.message}`,
      });
    }
  }
  if (sequences === 0 && refused === 0 && hooks.goesOn()) {
    const place: Place = { kind, file, line: undefined };
    hooks.refused({ code: 'malformed-text', place, expected: 'a sequence', got: 'none' });
  }
  return { sequences, operations, agreed };
}

function parseSequence(
  text: string,
  place: Place,
  refuse: (input: BadInput) => void,
): RecordedSequence | undefined {
  if (isNestedTooDeep(text)) {
    refuse({ code: 'malformed-text', place, expected: 'one JSON object', got: NESTED_TOO_DEEP });
    return undefined;
  }
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    // File, line and text are named; V8's message adds only an offset.
    const got = describeValue(text.trim());
    refuse({ code: 'malformed-text', place, expected: 'one JSON object', got });
    return undefined;
  }
  const sequence = readSequence(value);
  if (sequence.ok) return sequence.value;
  refuse(badInputAt(sequence.error, place));
  return undefined;
}

/** @throws BadOp */
function compare(
  sequence: RecordedSequence,
  driver: Driver,
  { file }: Place,
  line: number,
): readonly Disagreement[] {
  const { name, ops, results, end } = sequence;
  const replay = new SequenceReplay(driver);
  const found: Disagreement[] = [];
  const judge = (op: number, operation: string, expected: JsonObject, actual: JsonObject): void => {
    if (isDeepStrictEqual(actual, expected)) return;
    const spec = specSection(operation);
    found.push({ file, line, sequence: name, op, operation, spec, expected, actual });
  };
  for (const [index, op] of ops.entries()) {
    try {
      judge(index, op.op, results[index] ?? {}, replay.run(op));
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      // Our own machines contradict one another: nothing after this means anything.
      judge(index, op.op, results[index] ?? {}, { contradiction: error.message });
      return found;
    }
  }
  judge(ops.length, 'end', end, replay.end());
  return found;
}
