/**
 * Renaming: ids exchanged inside what a machine holds, wherever its bounds say that there is one.
 */
import type { Bound, Fields } from '../machines/wiring-types.ts';
import { heldText } from './held-text.ts';
import type { Id } from './id-class.ts';

/** What an id of a class becomes. */
export type Rename = (ofClass: string, id: Id) => Id;

/** The same fields with every id renamed. A bag is put in ascending order again, as machines keep theirs. */
export const renamed = (holds: Fields, fields: object, rename: Rename): object => {
  const values = new Map<string, unknown>(Object.entries(fields));
  return Object.fromEntries(
    [...values].map(([name, value]) => {
      const bound = holds[name];
      return [name, bound === undefined ? value : renamedValue(bound, value, rename)];
    }),
  );
};

/** Whether ids of a class may occur among the fields. */
export const mentions = (holds: Fields, ofClass: string): boolean =>
  Object.values(holds).some((bound) => boundMentions(bound, ofClass));

function boundMentions(bound: Bound, ofClass: string): boolean {
  switch (bound.kind) {
    case 'bit':
    case 'count':
    case 'one-of':
    case 'scalar':
      return false;
    case 'id':
      return bound.of === ofClass;
    case 'maybe':
    case 'list':
    case 'bag':
      return boundMentions(bound.of, ofClass);
    case 'record':
      return mentions(bound.fields, ofClass);
  }
}

function renamedValue(bound: Bound, value: unknown, rename: Rename): unknown {
  switch (bound.kind) {
    case 'bit':
    case 'count':
    case 'one-of':
    case 'scalar':
      return value;
    case 'id':
      return typeof value === 'string' || typeof value === 'number'
        ? rename(bound.of, value)
        : value;
    case 'maybe':
      return value === undefined ? undefined : renamedValue(bound.of, value, rename);
    case 'record':
      return typeof value === 'object' && value !== null
        ? renamed(bound.fields, value, rename)
        : value;
    case 'list':
      return elementsOf(value).map((element) => renamedValue(bound.of, element, rename));
    case 'bag': {
      const elements = elementsOf(value).map((element) => renamedValue(bound.of, element, rename));
      return elements.sort((a, b) => ascending(bound.of, a, b));
    }
  }
}

const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Numbers by size, anything else by its text. */
function ascending(bound: Bound, a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const textOf = (element: unknown): string => heldText({ element: bound }, { element });
  return textOf(a) < textOf(b) ? -1 : 1;
}

/** Values as one text in which ids read as `rename` says; the text is the same for whatever order a bag had. */
export const renamedText = (holds: Fields, fields: object, rename: Rename): string =>
  heldText(holds, renamed(holds, fields, rename));

/** A fixed mixing of a text into 32 bits, never 0. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) | 1;
}
