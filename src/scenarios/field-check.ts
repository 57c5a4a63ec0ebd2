/**
 * A field check turns an untrusted value into a typed one, or says what was expected and got.
 *
 * Policy: where the value came from (file, line, command line) is added by the reader.
 */
import { err, ok, type Result } from '../core/result.ts';
import { nearestName } from './nearest-name.ts';

/** Keys and indices from the root of the document to the value. */
export type FieldPath = readonly (string | number)[];

export type FieldFault =
  | {
      readonly code: 'bad-field';
      readonly path: FieldPath;
      readonly expected: string;
      readonly got: string;
    }
  | {
      readonly code: 'unknown-field';
      readonly path: FieldPath;
      readonly nearest: string | undefined;
    };

export type FieldCheck<Value> = (value: unknown, path: FieldPath) => Result<Value, FieldFault>;

/** One check a field. */
export type FieldChecks<Shape> = { readonly [Field in keyof Shape]: FieldCheck<Shape[Field]> };

/** Longest value quoted in a sentence, in characters. */
const QUOTED_MAX = 60;

/** `groupPages.min`, `processes[2]`; empty for the document itself. */
export function fieldName(path: FieldPath): string {
  return path
    .map((step, index) =>
      typeof step === 'number'
        ? `[${step}]`
        : index === 0
          ? printable(step)
          : `.${printable(step)}`,
    )
    .join('');
}

/** The text without anything a terminal would obey, shortened to fit a sentence. */
export function printable(text: string, lengthMax = QUOTED_MAX): string {
  const shortened = text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text;
  return shortened.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The value as a sentence names it. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `"${printable(value)}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : String(value);
}

export const badField = (
  path: FieldPath,
  expected: string,
  value: unknown,
): { readonly ok: false; readonly error: FieldFault } =>
  err({ code: 'bad-field', path, expected, got: describeValue(value) });

/** A check by predicate; `expected` completes "it must be …". */
export const satisfying =
  <Value>(expected: string, holds: (value: unknown) => value is Value): FieldCheck<Value> =>
  (value, path) =>
    holds(value) ? ok(value) : badField(path, expected, value);

/** Exactly this, where a format leaves no choice. */
export const exactly = <Value extends string | number>(only: Value): FieldCheck<Value> =>
  satisfying(describeValue(only), (value): value is Value => value === only);

export const wholeNumber = (least: number, most: number): FieldCheck<number> =>
  satisfying(
    `a whole number from ${least} to ${most}`,
    (value): value is number => Number.isSafeInteger(value) && isWithin(value, least, most),
  );

export const numberWithin = (least: number, most: number): FieldCheck<number> =>
  satisfying(`a number from ${least} to ${most}`, (value): value is number =>
    isWithin(value, least, most),
  );

export const powerOfTwo = (least: number, most: number): FieldCheck<number> =>
  satisfying(
    `a power of two from ${least} to ${most}`,
    (value): value is number => isWithin(value, least, most) && Number.isInteger(Math.log2(value)),
  );

export const textUpTo = (lengthMax: number): FieldCheck<string> =>
  satisfying(
    `a text of 1 to ${lengthMax} characters`,
    (value): value is string =>
      typeof value === 'string' && value.length > 0 && value.length <= lengthMax,
  );

/** One of these; it tells which. */
export function oneOf<Name extends string>(
  names: readonly Name[],
): FieldCheck<Name> & { readonly names: readonly Name[] } {
  const check = satisfying(`one of ${names.join(', ')}`, (value): value is Name =>
    names.some((name) => name === value),
  );
  return Object.assign(check, { names });
}

export const listOf =
  <Value>(check: FieldCheck<Value>, lengthMax: number): FieldCheck<readonly Value[]> =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > lengthMax) {
      return badField(path, `a list of at most ${lengthMax}`, value);
    }
    const items: Value[] = [];
    for (const [index, item] of value.entries()) {
      const checked = check(item, [...path, index]);
      if (!checked.ok) return checked;
      items.push(checked.value);
    }
    return ok(items);
  };

/** Left out, or what `check` says. */
export const optionalField =
  <Value>(check: FieldCheck<Value>): FieldCheck<Value | undefined> =>
  (value, path) =>
    value === undefined ? ok(undefined) : check(value, path);

/** Checks every named field; one that is absent takes its fallback. Others are passed over. */
export const record =
  <Shape extends object>(
    checks: FieldChecks<Shape>,
    fallbacks: Partial<NoInfer<Shape>> = {},
  ): FieldCheck<Shape> =>
  (value, path) => {
    if (!isMapping(value)) return badField(path, 'a mapping of fields', value);
    const fields: Partial<Shape> = {};
    for (const field in checks) {
      const given = Object.hasOwn(value, field) ? value[field] : undefined;
      if (given === undefined && Object.hasOwn(fallbacks, field)) {
        Object.assign(fields, { [field]: fallbacks[field] });
        continue;
      }
      const checked = checks[field](given, [...path, field]);
      if (!checked.ok) return checked;
      fields[field] = checked.value;
    }
    return ok(fields as Shape); // every field of `checks` was set above
  };

/** Like `record`, but a field it does not name is a mistake, not a matter of another version. */
export const sealedRecord = <Shape extends object>(
  checks: FieldChecks<Shape>,
  fallbacks: Partial<NoInfer<Shape>> = {},
): FieldCheck<Shape> => {
  const known = Object.keys(checks);
  const fields = record(checks, fallbacks);
  return (value, path) => {
    const stranger = isMapping(value)
      ? Object.keys(value).find((field) => !known.includes(field))
      : undefined;
    if (stranger === undefined) return fields(value, path);
    const nearest = nearestName(stranger, known);
    return err({ code: 'unknown-field', path: [...path, stranger], nearest });
  };
};

const isWithin = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
