/**
 * Numbers and fields as payloads print them.
 *
 * Units:  64-bit words become two 32-bit ones, low first, as descriptors lie in memory.
 * Policy: undefined is "this is not what the kernel prints".
 */
import { PAGE_BYTES } from '../../core/limits.ts';

/** Sixteen digits are 64 bits, of which a number is exact for 53. */
const HEX_DIGITS_MAX = 16;
const HALF_DIGITS = 8;
/** Digits of an address that count inside a page. */
const PAGE_DIGITS = 3;

/** Puts the 64-bit word that `hex` says at `at`; false when it has too many digits. */
export function putQuadword(hex: string, words: Int32Array, at: number): boolean {
  if (hex.length > HEX_DIGITS_MAX) return false;
  words[at] = Number.parseInt(hex.slice(-HALF_DIGITS), 16) | 0;
  words[at + 1] =
    hex.length > HALF_DIGITS ? Number.parseInt(hex.slice(0, -HALF_DIGITS), 16) | 0 : 0;
  return true;
}

/** The page frame of a byte address of up to 64 bits, in hex digits. */
export function pageOf(hex: string): number | undefined {
  if (hex.length > HEX_DIGITS_MAX) return undefined;
  return hex.length <= PAGE_DIGITS ? 0 : Number.parseInt(hex.slice(0, -PAGE_DIGITS), 16);
}

/** The page frame of an address that must be a page's first byte. */
export const alignedPageOf = (hex: string): number | undefined =>
  Number.parseInt(hex.slice(-PAGE_DIGITS), 16) === 0 ? pageOf(hex) : undefined;

/** Whole pages of a decimal size in bytes; exact for all 64 bits. */
export function pagesOf(decimal: string): number | undefined {
  const bytes = BigInt(decimal);
  const page = BigInt(PAGE_BYTES);
  return bytes < 2n ** 64n && bytes % page === 0n ? Number(bytes / page) : undefined;
}

/** A number of at most `width` bits, or undefined. */
export function inBits(value: number, width: number): number | undefined {
  return value < 2 ** width ? value : undefined;
}

export const hexInBits = (hex: string, width: number): number | undefined =>
  inBits(Number.parseInt(hex, 16), width);

/** What `options/fields` and `trace-cmd report -R` print: `name=value` for every field. */
export type RawFields = ReadonlyMap<string, string>;

const FIELD = /(?:^|\s)(\w+)=/g;

/** More than any event of ours has. */
const FIELDS_MAX = 32;

/** Undefined unless the payload begins with a field, and none is there twice. */
export function rawFields(payload: string): RawFields | undefined {
  if (!/^\w+=/.test(payload)) return undefined;
  const fields = new Map<string, string>();
  let open: { readonly name: string; readonly from: number } | undefined;
  for (const { 0: all, 1: name = '', index } of payload.matchAll(FIELD)) {
    if (open !== undefined) fields.set(open.name, payload.slice(open.from, index).trim());
    if (fields.has(name) || fields.size === FIELDS_MAX) return undefined;
    open = { name, from: index + all.length };
  }
  if (open !== undefined) fields.set(open.name, payload.slice(open.from).trim());
  return fields;
}

/** `0x1b (27)`, `0x1b` or `27`, as hex digits. */
export function rawHex(fields: RawFields, name: string): string | undefined {
  const [, hex, decimal] =
    /^(?:0x([\da-f]+)(?: \(-?\d+\))?|(\d+))$/.exec(fields.get(name) ?? '') ?? [];
  if (decimal !== undefined) return decimal.length > 20 ? undefined : BigInt(decimal).toString(16);
  return hex;
}

export function rawNumber(fields: RawFields, name: string, width: number): number | undefined {
  const hex = rawHex(fields, name);
  return hex === undefined ? undefined : hexInBits(hex, width);
}

export function rawText(fields: RawFields, name: string): string | undefined {
  const text = fields.get(name);
  return text === undefined || text === '' || /\s/.test(text) ? undefined : text;
}
