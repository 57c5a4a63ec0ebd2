/**
 * Numbers as people type them on a command line.
 *
 * Units: durations are seconds.
 */
import { type FieldCheck, wholeNumber } from '../scenarios/field-check.ts';

/** Seeds are 32 bits, what the generator takes. */
const SEED_MAX = 2 ** 32 - 1;

export const seedCheck: FieldCheck<number> = wholeNumber(0, SEED_MAX);

const MAGNITUDE_EXPONENTS: Readonly<Record<string, number>> = { k: 3, K: 3, M: 6, G: 9 };

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `12`, `0.5`, `1e6`, `250k`, `1M`; undefined for anything else. */
export function parseCount(text: string): number | undefined {
  const magnitude = MAGNITUDE_EXPONENTS[text.at(-1) ?? ''];
  // A decimal shift instead of a product: 4.35k is 4350, not nearly so.
  if (magnitude !== undefined && /^\d+(\.\d+)?.$/.test(text)) {
    return Number(`${text.slice(0, -1)}e${magnitude}`);
  }
  return /^\d+(\.\d+)?(e\+?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** `500ms`, `10s`, `2m`, `1h`, or plain seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  if (unit === 'ms') return Number(`${digits}e-3`);
  return Number(digits) * (SECONDS_PER_UNIT[unit ?? 's'] ?? 1);
}

/** Decimal or `0x` hexadecimal; undefined for anything else. */
export function parseSeed(text: string): number | undefined {
  return /^(\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : undefined;
}
