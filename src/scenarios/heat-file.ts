/**
 * The reader of files that say what was taken: coverage, or a trace that is to be counted.
 *
 * Effects: reads a file.
 */
import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '../core/result.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import type { BadInput } from './bad-input.ts';
import { readFailure } from './bounded-lines.ts';
import { type Covered, parseCoverage } from './coverage-file.ts';
import { parseTrace } from './trace-file.ts';

export type HeatFile =
  | { readonly kind: 'coverage'; readonly covered: readonly Covered[] }
  | { readonly kind: 'trace'; readonly trace: RecordedTrace };

/** Its `schema` says what it is; what says nothing is read as coverage. */
export async function readHeatFile(file: string): Promise<Result<HeatFile, BadInput>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const place = { kind: 'coverage', file, line: undefined } as const;
    return err({ code: 'unreadable-file', place, reason: readFailure(error) });
  }
  if (isTrace(text)) {
    const trace = parseTrace(text, file);
    return trace.ok ? ok({ kind: 'trace', trace: trace.value }) : trace;
  }
  const covered = parseCoverage(text, file);
  return covered.ok ? ok({ kind: 'coverage', covered: covered.value }) : covered;
}

/** What is no JSON at all is for the reader of coverage to complain about. */
function isTrace(text: string): boolean {
  try {
    const { schema }: { readonly schema?: unknown } = Object(JSON.parse(text));
    return typeof schema === 'string' && schema.startsWith('stormdrain.trace/');
  } catch {
    return false;
  }
}
