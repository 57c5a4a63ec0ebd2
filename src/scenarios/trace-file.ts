/**
 * The reader of trace files: JSON in, a checked trace or the first mistake out.
 *
 * Effects: reads a file.
 * Policy:  the names in it (scenario, driver, quirks, actors) are looked up by whoever replays it.
 */
import type { EventObject, StateValue } from 'xstate';
import { err, ok, type Result } from '../core/result.ts';
import type { FiredEffect } from '../explore/cells.ts';
import type { RecordedCall } from '../explore/outcome.ts';
import type { RecordedSlot } from '../explore/recorded-slot.ts';
import { type RecordedStep, type RecordedTrace, TRACE_SCHEMA } from '../explore/recorded-trace.ts';
import type { Violation } from '../explore/violation.ts';
import { type BadInput, badInputAt, type Place } from './bad-input.ts';
import { boundedText } from './bounded-text.ts';
import {
  exactly,
  type FieldCheck,
  listOf,
  oneOf,
  optionalField,
  printable,
  record,
  satisfying,
  wholeNumber,
} from './field-check.ts';
import { isNestedTooDeep, NESTED_TOO_DEEP } from './nesting.ts';

const TRACE_BYTES_MAX = 64 * 1024 * 1024;
const STEPS_MAX = 1_000_000;
const NAMES_MAX = 10_000;
const NUMBER_MAX = 2 ** 53 - 1;
const SCHEMA_FAMILY = /^stormdrain\.trace\/\d+$/;
const MESSAGE_MAX = 120;

/** Reads the trace in `file`. */
export async function readTraceFile(file: string): Promise<Result<RecordedTrace, BadInput>> {
  const text = await boundedText('trace', file, TRACE_BYTES_MAX, 'a trace');
  return text.ok ? parseTrace(text.value, file) : text;
}

/** Checks the text of a trace; `file` names it in errors. */
export function parseTrace(text: string, file: string): Result<RecordedTrace, BadInput> {
  const place: Place = { kind: 'trace', file, line: undefined };
  if (isNestedTooDeep(text)) {
    return err({
      code: 'malformed-text',
      place,
      expected: 'one JSON object',
      got: NESTED_TOO_DEEP,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const got = `a mistake: ${printable(reason, MESSAGE_MAX)}`;
    return err({ code: 'malformed-text', place, expected: 'one JSON object', got });
  }
  const schema = schemaOf(value);
  if (schema !== undefined && schema !== TRACE_SCHEMA && SCHEMA_FAMILY.test(schema)) {
    return err({ code: 'newer-schema', place, schema, known: TRACE_SCHEMA });
  }
  const checked = checkTrace(value, []);
  return checked.ok ? checked : err(badInputAt(checked.error, place));
}

function schemaOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return undefined;
  return typeof value.schema === 'string' ? value.schema : undefined;
}

const anyText: FieldCheck<string> = satisfying(
  'a text',
  (value): value is string => typeof value === 'string',
);
const name: FieldCheck<string> = satisfying(
  'a name',
  (value): value is string => typeof value === 'string' && value !== '',
);
const count = wholeNumber(0, NUMBER_MAX);

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a machine sends holds no null: what is not there is left out. */
const isPlain = (value: unknown): boolean =>
  value !== null && (typeof value !== 'object' || Object.values(value).every(isPlain));

const event: FieldCheck<EventObject> = satisfying(
  'a mapping with a "type", and without null',
  (value): value is EventObject =>
    isMapping(value) && 'type' in value && typeof value.type === 'string' && isPlain(value),
);

const params = satisfying('what an effect says, without null', (value): value is unknown =>
  isPlain(value),
);

const isStateValue = (value: unknown): value is StateValue =>
  typeof value === 'string' || (isMapping(value) && Object.values(value).every(isStateValue));

const stateValue = satisfying('a state: a name, or a mapping of names to states', isStateValue);

const titles: FieldCheck<Readonly<Record<string, string>>> = satisfying(
  'a mapping of names to titles',
  (value): value is Readonly<Record<string, string>> =>
    isMapping(value) && Object.values(value).every((title) => typeof title === 'string'),
);

const effect: FieldCheck<FiredEffect> = (value, path) => {
  const named = record<{ slot: string; type: string }>({ slot: name, type: name })(value, path);
  if (!named.ok) return named;
  const said = isMapping(value) && 'params' in value ? value.params : undefined;
  const checked = params(said, [...path, 'params']);
  return checked.ok ? ok({ ...named.value, params: checked.value }) : checked;
};

const sentCall = record<RecordedCall>({ from: name, to: name, event });

const slot = record<RecordedSlot>({
  slot: name,
  machine: name,
  role: oneOf(['actor', 'object'] as const),
  state: stateValue,
  fields: listOf(record<RecordedSlot['fields'][number]>({ field: name, to: anyText }), NAMES_MAX),
});

type ReadStep = Omit<RecordedStep, 'calls' | 'reads'> & {
  readonly calls: readonly RecordedCall[] | undefined;
  readonly reads: readonly string[] | undefined;
};

const readStep = record<ReadStep>({
  actor: name,
  take: count,
  event,
  label: anyText,
  details: listOf(anyText, NAMES_MAX),
  passes: satisfying('true or false', (value): value is boolean => typeof value === 'boolean'),
  effects: listOf(effect, NAMES_MAX),
  calls: optionalField(listOf(sentCall, NAMES_MAX)),
  reads: optionalField(listOf(name, NAMES_MAX)),
  changes: listOf(
    record<RecordedStep['changes'][number]>({ slot: name, to: stateValue }),
    NAMES_MAX,
  ),
  fields: listOf(
    record<RecordedStep['fields'][number]>({ slot: name, field: name, to: anyText }),
    NAMES_MAX,
  ),
});

/** What was left out stays out, so that a trace read is the trace written. */
const step: FieldCheck<RecordedStep> = (value, path) => {
  const checked = readStep(value, path);
  if (!checked.ok) return checked;
  const { calls, reads, ...rest } = checked.value;
  return ok({ ...rest, ...(calls && { calls }), ...(reads && { reads }) });
};

const violation = record<Violation>({ slot: anyText, property: name, sentence: anyText });

type Read = Omit<RecordedTrace, 'seed' | 'iteration' | 'slots'> & {
  readonly slots: readonly RecordedSlot[] | undefined;
  readonly seed: number | undefined;
  readonly iteration: number | undefined;
};

const read = record<Read>({
  schema: exactly(TRACE_SCHEMA),
  scenario: name,
  driver: optionalField(name),
  quirks: listOf(name, NAMES_MAX),
  strategy: name,
  seed: optionalField(count),
  iteration: optionalField(count),
  violation: optionalField(violation),
  slots: optionalField(listOf(slot, NAMES_MAX)),
  columns: titles,
  steps: listOf(step, STEPS_MAX),
});

/** The same of the whole. */
export const checkTrace: FieldCheck<RecordedTrace> = (value, path) => {
  const trace = read(value, path);
  if (!trace.ok) return trace;
  const { schema, scenario, driver, quirks, strategy, seed, iteration, slots, ...rest } =
    trace.value;
  return ok({
    ...{ schema, scenario, driver, quirks, strategy },
    ...(seed === undefined ? {} : { seed }),
    ...(iteration === undefined ? {} : { iteration }),
    ...(slots && { slots }),
    ...rest,
  });
};
