/**
 * Bounded text: a whole small file, or the one sentence why not.
 *
 * Effects: reads a file, never more of it than is allowed.
 */
import { createReadStream } from 'node:fs';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput, Place } from './bad-input.ts';
import { readFailure } from './bounded-lines.ts';
import type { FileKind } from './file-kind.ts';

/** `what` is what such a file is, for the sentence: "a profile". */
export async function boundedText(
  kind: FileKind,
  file: string,
  bytesMax: number,
  what: string,
): Promise<Result<string, BadInput>> {
  const place: Place = { kind, file, line: undefined };
  const chunks: Buffer[] = [];
  try {
    // `end` is inclusive: one byte more than allowed tells that the file is too long.
    for await (const chunk of createReadStream(file, { end: bytesMax })) chunks.push(chunk);
  } catch (error) {
    return err({ code: 'unreadable-file', place, reason: readFailure(error) });
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length <= bytesMax) return ok(bytes.toString('utf8'));
  return err({ code: 'limit-exceeded', place, limit: `${what} may have ${bytesMax} bytes` });
}
