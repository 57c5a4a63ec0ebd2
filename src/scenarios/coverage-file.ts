/**
 * The reader of coverage files: one object of schema `stormdrain.coverage/1`, or a list of them.
 *
 * Effects: reads a file.
 */
import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '../core/result.ts';
import type { TransitionCount, TransitionCounts } from '../core/transition-counts.ts';
import { type BadInput, badInputAt, type Place } from './bad-input.ts';
import { readFailure } from './bounded-lines.ts';
import {
  exactly,
  type FieldCheck,
  listOf,
  record,
  satisfying,
  textUpTo,
  wholeNumber,
} from './field-check.ts';
import { locateDocument } from './located-document.ts';

const NAME_MAX = 200;
const TRANSITIONS_MAX = 100_000;
const MACHINES_MAX = 1000;

const checkCount = record<TransitionCount>({
  from: textUpTo(NAME_MAX),
  event: satisfying(
    'the name of an event, empty for "always"',
    (value): value is string => typeof value === 'string' && value.length <= NAME_MAX,
  ),
  index: wholeNumber(0, TRANSITIONS_MAX),
  count: wholeNumber(0, Number.MAX_SAFE_INTEGER),
});

/** Fields that are not named here are passed over: they belong to whoever wrote the file. */
const checkCoverage = record<TransitionCounts>({
  schema: exactly('stormdrain.coverage/1'),
  machine: textUpTo(NAME_MAX),
  transitions: listOf(checkCount, TRANSITIONS_MAX),
});

const checkAll: FieldCheck<readonly TransitionCounts[]> = (value, path) => {
  if (Array.isArray(value)) return listOf(checkCoverage, MACHINES_MAX)(value, path);
  const one = checkCoverage(value, path);
  return one.ok ? ok([one.value]) : one;
};

/** Reads the coverage in `file`, one or many machines'. */
export async function readCoverage(
  file: string,
): Promise<Result<readonly TransitionCounts[], BadInput>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const place: Place = { kind: 'coverage', file, line: undefined };
    return err({ code: 'unreadable-file', place, reason: readFailure(error) });
  }
  return parseCoverage(text, file);
}

/** Checks the text of a coverage file; `file` names it in errors. */
export function parseCoverage(
  text: string,
  file: string,
): Result<readonly TransitionCounts[], BadInput> {
  const kind = 'coverage';
  const document = locateDocument(kind, file, text);
  if (!document.ok) return document;
  const { value, lineOf } = document.value;
  const checked = checkAll(value, []);
  if (checked.ok) return checked;
  const { path } = checked.error;
  return err(badInputAt(checked.error, { kind, file, line: lineOf(path) }));
}
