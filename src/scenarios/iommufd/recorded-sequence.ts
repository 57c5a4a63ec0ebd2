/**
 * Recorded sequence: operations on a real kernel's iommufd and what it answered, one line of a recording.
 *
 * Units: as recorded: integers are numbers, 64-bit values are hexadecimal strings.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { describeValue, type FieldFault } from '../field-check.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [field: string]: Json };
export type JsonObject = { readonly [field: string]: Json };

/** One operation: its name under `op`, and its arguments. */
export type RecordedOp = JsonObject & { readonly op: string };

export type RecordedSequence = {
  readonly name: string;
  readonly kernel: string;
  readonly ops: readonly RecordedOp[];
  /** One for each operation. */
  readonly results: readonly JsonObject[];
  /** Answers seen while everything was closed. */
  readonly end: JsonObject;
};

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks one parsed line. */
export function readSequence(value: Json): Result<RecordedSequence, FieldFault> {
  if (!isObject(value)) return fault([], 'an object', value);
  const { name, kernel, ops, results, end } = value;
  if (typeof name !== 'string') return fault(['name'], 'text', name);
  if (typeof kernel !== 'string') return fault(['kernel'], 'text', kernel);
  if (!isList(ops)) return fault(['ops'], 'a list of operations', ops);
  if (!isList(results)) return fault(['results'], 'a list of results', results);
  if (ops.length !== results.length) {
    return fault(['results'], `as long as the ${ops.length} operations`, `${results.length} long`);
  }
  for (const [index, op] of ops.entries()) {
    if (!isOp(op)) return fault(['ops', index], 'an object with the name of an operation', op);
  }
  for (const [index, result] of results.entries()) {
    if (!isObject(result)) return fault(['results', index], 'an object', result);
  }
  if (!isObject(end)) return fault(['end'], 'an object', end);
  return ok({ name, kernel, ops: ops.filter(isOp), results: results.filter(isObject), end });
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
function isOp(value: Json): value is RecordedOp {
  if (!isObject(value)) return false;
  const { op } = value;
  return typeof op === 'string';
}

const fault = (
  path: readonly (string | number)[],
  expected: string,
  got: Json | undefined,
): Result<never, FieldFault> => err({ code: 'bad-field', path, expected, got: describeValue(got) });
