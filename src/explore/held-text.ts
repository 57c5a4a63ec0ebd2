/**
 * Held text: the varying part of a context as one text, read through what the machine says it `holds`.
 *
 * Two contexts have the same text exactly when they are the same state: the order of keys is the declaration's,
 * the order inside a bag is forgotten, a bit is a bit whether it is written as 0 or false.
 */
import { unreachable } from '../core/invariant.ts';
import type { Bound, Fields } from '../machines/wiring-types.ts';
import { plainText } from './plain-text.ts';

export type Misfit = {
  readonly code: 'out-of-bounds' | 'undeclared-field';
  /** Where in the context, as `entries[1].pasid`. */
  readonly field: string;
  readonly value: string;
};

/** Thrown by {@link heldText}; whoever knows the machine turns it into a refusal. */
export class HeldMisfit extends Error {
  override readonly name = 'HeldMisfit';
  readonly misfit: Misfit;

  constructor(misfit: Misfit) {
    super(`${misfit.field} = ${misfit.value}`);
    this.misfit = misfit;
  }
}

/** @throws HeldMisfit when a value lies outside its bound. */
export function heldText(fields: Fields, context: object): string {
  return fieldsText(fields, context, '');
}

function fieldsText(fields: Fields, record: object, path: string): string {
  const values = new Map<string, unknown>(Object.entries(record));
  return Object.entries(fields)
    .map(([name, bound]) => boundText(bound, values.get(name), `${path}${name}`))
    .join(',');
}

function boundText(bound: Bound, value: unknown, path: string): string {
  switch (bound.kind) {
    case 'bit':
      fitting(
        [true, false, 0, 1].some((one) => one === value),
        value,
        path,
      );
      return String(Number(value));
    case 'count':
      fitting(Number.isInteger(value) && Number(value) >= 0, value, path);
      fitting(Number(value) <= bound.max, value, path);
      return String(value);
    case 'one-of': {
      const at = typeof value === 'string' ? bound.values.indexOf(value) : -1;
      fitting(at >= 0, value, path);
      return String(at);
    }
    case 'id':
    case 'scalar':
      fitting(['number', 'string', 'boolean'].includes(typeof value), value, path);
      return plainText(value);
    case 'maybe':
      return value === undefined ? '-' : boundText(bound.of, value, path);
    case 'record':
      return recordText(bound.fields, value, path);
    case 'list':
      return `[${elementTexts(bound, value, path).join(',')}]`;
    case 'bag':
      return `[${elementTexts(bound, value, path).sort().join(',')}]`;
    default:
      return unreachable(bound);
  }
}

function recordText(fields: Fields, value: unknown, path: string): string {
  if (typeof value !== 'object' || value === null) return misfit('out-of-bounds', path, value);
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined && fields[name] === undefined) {
      misfit('undeclared-field', `${path}.${name}`, field);
    }
  }
  return `{${fieldsText(fields, value, `${path}.`)}}`;
}

function elementTexts(
  bound: { readonly max: number; readonly of: Bound },
  value: unknown,
  path: string,
): string[] {
  if (!Array.isArray(value)) return misfit('out-of-bounds', path, value);
  const elements: readonly unknown[] = value;
  fitting(elements.length <= bound.max, `${elements.length} elements`, path);
  return elements.map((element, index) => boundText(bound.of, element, `${path}[${index}]`));
}

function fitting(fits: boolean, value: unknown, path: string): void {
  if (!fits) misfit('out-of-bounds', path, value);
}

function misfit(code: Misfit['code'], field: string, value: unknown): never {
  throw new HeldMisfit({
    code,
    field,
    value: typeof value === 'string' ? value : plainText(value),
  });
}
