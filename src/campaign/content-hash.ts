/**
 * Content hash: one short name for plain data, the same on every host and for every order of fields.
 */
import { createHash } from 'node:crypto';

/** Half of a SHA-256: no two of a campaign's jobs will ever meet. */
const HASH_CHARACTERS = 32;

export const textHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARACTERS);

export const contentHash = (value: unknown): string => textHash(canonicalText(value));

/** JSON with the fields of every mapping in alphabetical order; what is undefined is left out. */
export const canonicalText = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (isMapping(part) ? inOrder(part) : part)) ?? 'null';

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const inOrder = (mapping: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(mapping).sort(([left], [right]) => (left < right ? -1 : 1)));
