/**
 * Recording header: what a recorded storm says of itself, in the first line of its text.
 *
 * Format: `# stormdrain.recording/1 {...}`; to readers of kernel traces it is a remark.
 */
import { ok, type Result } from '../core/result.ts';
import { type FieldFault, optionalField } from './field-check.ts';
import type { DriverDefinition } from './own/own-driver.ts';
import { checkDefinition } from './own/told-driver.ts';

const MARK = '# stormdrain.recording/1 ';

export type RecordingHeader = {
  /** Name of the profile. */
  readonly from: string;
  readonly driver: string;
  readonly quirks: readonly string[];
  /** Of a user's own driver: what it was when the storm was recorded. */
  readonly definition?: DriverDefinition | undefined;
  readonly seed: number;
  /** Nothing happened behind the last event. */
  readonly complete: boolean;
};

/** Without a line end. */
export const recordingHeaderLine = (header: RecordingHeader): string =>
  MARK + JSON.stringify(header);

/** Undefined when the line is another remark. */
export function readRecordingHeader(line: string): Result<RecordingHeader, FieldFault> | undefined {
  if (!line.startsWith(MARK)) return undefined;
  let found: unknown;
  try {
    found = JSON.parse(line.slice(MARK.length));
  } catch {
    return { ok: false, error: misfit('what "storm --record" wrote', 'no JSON') };
  }
  return headerOf(found);
}

/** A header that was read as JSON. */
export function headerOf(found: unknown): Result<RecordingHeader, FieldFault> {
  if (typeof found !== 'object' || found === null) {
    return { ok: false, error: misfit('an object', typeof found) };
  }
  const fields = new Map<string, unknown>(Object.entries(found));
  const from = fields.get('from');
  const driver = fields.get('driver');
  const quirks: unknown = fields.get('quirks');
  const seed = fields.get('seed');
  const complete = fields.get('complete');
  const definition = optionalField(checkDefinition)(fields.get('definition'), ['definition']);
  if (
    typeof from !== 'string' ||
    typeof driver !== 'string' ||
    typeof seed !== 'number' ||
    typeof complete !== 'boolean' ||
    !Array.isArray(quirks) ||
    !quirks.every((quirk) => typeof quirk === 'string')
  ) {
    return { ok: false, error: misfit('from, driver, quirks, seed and complete', 'others') };
  }
  if (!definition.ok) return definition;
  const head = { from, driver, quirks, seed, complete };
  return ok(definition.value === undefined ? head : { ...head, definition: definition.value });
}

const misfit = (expected: string, got: string): FieldFault => ({
  code: 'bad-field',
  path: [],
  expected,
  got,
});
