/**
 * A located document is the plain value of a YAML or JSON text that knows the line of each part.
 *
 * Units: lines count from 1.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from './bad-input.ts';
import { type FieldPath, printable } from './field-check.ts';
import type { FileKind } from './file-kind.ts';
import { isNestedTooDeep, NESTED_TOO_DEEP } from './nesting.ts';

/** Longest part of a parser's message that is shown, in characters. */
const MESSAGE_MAX = 160;
/** The parser looks through the whole document for each, so thousands would take minutes. */
const ALIASES_MAX = 200;
const ALIAS = /(?:^|[\s,:[{-])[&*][^\s,[\]{}]/g;

export type LocatedDocument = {
  /** Whatever the text says: nothing about it is checked yet. */
  readonly value: unknown;
  /** Line of the deepest part of `path` that is there. */
  readonly lineOf: (path: FieldPath) => number | undefined;
};

/** Reads one document; JSON is YAML. */
export function locateDocument(
  kind: FileKind,
  file: string,
  text: string,
): Result<LocatedDocument, BadInput> {
  const lines = new LineCounter();
  const malformed = (got: string, offset: number | undefined): Result<never, BadInput> => {
    const line = offset === undefined ? undefined : lines.linePos(offset).line;
    return err({
      code: 'malformed-text',
      place: { kind, file, line },
      expected: 'one YAML or JSON document',
      got,
    });
  };
  if (isNestedTooDeep(text)) return malformed(NESTED_TOO_DEEP, undefined);
  if ([...text.matchAll(ALIAS)].length > ALIASES_MAX) {
    return malformed(`more than ${ALIASES_MAX} anchors and aliases`, undefined);
  }
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      logLevel: 'error',
      prettyErrors: false,
      // The parser's own check compares every key with every other.
      uniqueKeys: false,
    });
    const fault = document.errors[0];
    if (fault !== undefined) return malformed(faultText(fault.message), fault.pos[0]);
    const twice = keySaidTwice(document);
    if (twice !== undefined) return malformed(faultText('Map keys must be unique'), twice);
    const value: unknown = document.toJS();
    return ok({
      value,
      lineOf: (path) => {
        const offset = offsetOf(document, path);
        return offset === undefined ? undefined : lines.linePos(offset).line;
      },
    });
  } catch (error) {
    // The parser throws on aliases that are unresolved or multiply without bound.
    return malformed(faultText(error instanceof Error ? error.message : String(error)), undefined);
  }
}

/** Offset of the first key that its mapping already has. */
function keySaidTwice(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) {
          found = startOf(key);
          return visit.BREAK;
        }
        keys.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

/** The parser's sentence as what the document "has". */
const faultText = (message: string): string =>
  `a mistake: ${printable(message.charAt(0).toLowerCase() + message.slice(1), MESSAGE_MAX)}`;

/** Offset of the key or item `path` leads to, or of the last one on the way that exists. */
function offsetOf(document: Document.Parsed, path: FieldPath): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const step of path) {
    const holder: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isMap(holder)) {
      const pair = holder.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === step,
      );
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(holder) && typeof step === 'number') {
      node = holder.items[step];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (isRanged(node) ? node.range[0] : undefined);

const isRanged = (node: unknown): node is Node & { range: [number, number, number] } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
