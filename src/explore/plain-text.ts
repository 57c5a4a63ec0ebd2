/**
 * Plain text: one text for one piece of plain data, whatever order its keys were written in.
 *
 * Policy: an absent field and an undefined one are the same.
 */
import { invariant } from '../core/invariant.ts';

/** @throws InvariantViolation when `value` holds something that is not plain data. */
export function plainText(value: unknown): string {
  if (value === undefined) return '-';
  if (Array.isArray(value)) return `[${value.map(plainText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${name}:${plainText(field)}`);
    return `{${fields.join(',')}}`;
  }
  invariant(
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
    `${String(value)} is not plain data`,
  );
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Whether {@link plainText} can tell it. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isPlain);
  return value !== null && !['function', 'symbol', 'bigint'].includes(typeof value);
}
