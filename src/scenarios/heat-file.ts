/**
 * The reader of files that say what was taken: coverage, or a trace that is to be counted.
 *
 * Effects: reads a file.
 */
import { ok, type Result } from '../core/result.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import type { BadInput } from './bad-input.ts';
import { boundedText } from './bounded-text.ts';
import { type Covered, parseCoverage } from './coverage-file.ts';
import { parseTrace } from './trace-file.ts';

const HEAT_BYTES_MAX = 64 * 1024 * 1024;

export type HeatFile =
  | { readonly kind: 'coverage'; readonly covered: readonly Covered[] }
  | { readonly kind: 'trace'; readonly trace: RecordedTrace };

/** Its `schema` says what it is; what says nothing is read as coverage. */
export async function readHeatFile(file: string): Promise<Result<HeatFile, BadInput>> {
  const read = await boundedText('coverage', file, HEAT_BYTES_MAX, 'coverage, or a trace,');
  if (!read.ok) return read;
  const text = read.value;
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
