/**
 * The reader of coverage files: a run's, or one machine's, or a list of such; all of schema `stormdrain.coverage/1`.
 */
import { err, ok, type Result } from '../core/result.ts';
import {
  COVERAGE_SCHEMA,
  type CoverageCounts,
  type MachineCounts,
  type TransitionCount,
  type TransitionCounts,
} from '../core/transition-counts.ts';
import { type BadInput, badInputAt } from './bad-input.ts';
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
const machineFields = {
  machine: textUpTo(NAME_MAX),
  transitions: listOf(checkCount, TRANSITIONS_MAX),
};
const schema = exactly(COVERAGE_SCHEMA);
const checkMachine = record<TransitionCounts>({ schema, ...machineFields });

type Run = Pick<CoverageCounts, 'schema' | 'driver' | 'quirks'> & {
  readonly machines: readonly MachineCounts[];
};
const checkRun = record<Run>({
  schema,
  driver: (value, path) => (value === null ? ok(null) : textUpTo(NAME_MAX)(value, path)),
  quirks: listOf(textUpTo(NAME_MAX), MACHINES_MAX),
  machines: listOf(record<MachineCounts>(machineFields), MACHINES_MAX),
});

/** The counts of one machine in a file. */
export type Covered = MachineCounts & {
  /** What ran there, of a file that tells of all the machines of a run; some may have no chart. */
  readonly run: { readonly driver: string | null; readonly quirks: readonly string[] } | undefined;
};

const checkAll: FieldCheck<readonly Covered[]> = (value, path) => {
  if (typeof value === 'object' && value !== null && 'machines' in value) {
    const checked = checkRun(value, path);
    if (!checked.ok) return checked;
    const { driver, quirks, machines } = checked.value;
    return ok(machines.map((each) => ({ ...each, run: { driver, quirks } })));
  }
  const alone = (each: TransitionCounts): Covered => ({ ...each, run: undefined });
  if (Array.isArray(value)) {
    const checked = listOf(checkMachine, MACHINES_MAX)(value, path);
    return checked.ok ? ok(checked.value.map(alone)) : checked;
  }
  const checked = checkMachine(value, path);
  return checked.ok ? ok([alone(checked.value)]) : checked;
};

/** Checks the text of a coverage file; `file` names it in errors. */
export function parseCoverage(text: string, file: string): Result<readonly Covered[], BadInput> {
  const kind = 'coverage';
  const document = locateDocument(kind, file, text);
  if (!document.ok) return document;
  const { value, lineOf } = document.value;
  const checked = checkAll(value, []);
  if (checked.ok) return checked;
  const { path } = checked.error;
  return err(badInputAt(checked.error, { kind, file, line: lineOf(path) }));
}
