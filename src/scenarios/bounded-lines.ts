/**
 * The lines of a text file, one at a time, never more than one of them in memory.
 *
 * Effects: reads a file; decompresses it when its name ends in `.gz`.
 * Policy:  a line that is not UTF-8 is an error in its place; one that is too long ends the reading, where readline
 *          would keep it whole.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from './bad-input.ts';
import type { FileKind } from './file-kind.ts';

const NEWLINE = 0x0a;

export type Line = {
  /** Counts from 1. */
  readonly number: number;
  readonly text: string;
};

/** Yields lines in order; an error other than of one line's text is the last thing it yields. */
export async function* boundedLines(
  kind: FileKind,
  file: string,
  lineBytesMax: number,
): AsyncGenerator<Result<Line, BadInput>, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  // What there is of the line under way: joined once, when it has come to its end.
  let parts: Buffer[] = [];
  let held = 0;

  const line = (bytes: Buffer): Result<Line, BadInput> => {
    number += 1;
    const place = { kind, file, line: number };
    if (bytes.length >= lineBytesMax) {
      return err({
        code: 'limit-exceeded',
        place,
        limit: `a line must be under ${lineBytesMax} bytes`,
      });
    }
    try {
      return ok({ number, text: decoder.decode(bytes) });
    } catch {
      // The decoder has one reason to throw, and its own message names no place.
      return err({ code: 'malformed-text', place, expected: 'UTF-8 text', got: 'other bytes' });
    }
  };

  const endedBy = (last: Buffer): Result<Line, BadInput> => {
    const bytes = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    parts = [];
    held = 0;
    return line(bytes);
  };

  try {
    for await (const chunk of openBytes(file)) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
        const read = endedBy(chunk.subarray(from, end));
        yield read;
        if (!read.ok && read.error.code === 'limit-exceeded') return;
        from = end + 1;
      }
      parts.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held >= lineBytesMax) return yield endedBy(Buffer.alloc(0));
    }
    if (held > 0) yield endedBy(Buffer.alloc(0));
  } catch (error) {
    const reason = readFailure(error);
    yield err({ code: 'unreadable-file', place: { kind, file, line: undefined }, reason });
  }
}

function openBytes(file: string): AsyncIterable<Buffer> {
  const bytes = createReadStream(file);
  if (!file.endsWith('.gz')) return bytes;
  // The reader of the last stream sees every failure; the callback would see it a second time.
  return pipeline(bytes, createGunzip(), () => undefined);
}

/** What the operating system or zlib said, in words a user knows. */
export function readFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'Z_DATA_ERROR':
      return 'it is not a gzip file, or a damaged one';
    case 'Z_BUF_ERROR':
      return 'the gzip file ends early';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
