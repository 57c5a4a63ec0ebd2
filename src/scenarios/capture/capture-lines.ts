/**
 * The lines of a capture, a batch at a time: text or gzip, however large, damaged or odd.
 *
 * Effects: reads a file.
 * Units:   lines count from 1; a character is a byte (Latin-1), since task names may hold any byte.
 * Policy:  a line that is too long is cut, never kept whole; only the file itself can fail.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { err, ok, type Result } from '../../core/result.ts';
import { readFailure } from '../bounded-lines.ts';

/** Twice what the kernel formats at once (TRACE_SEQ_BUFFER_SIZE, 8 KiB). */
export const LINE_LENGTH_MAX = 16_384;
/** Large enough that the cost of a batch is nothing beside its lines. */
const CHUNK_BYTES = 262_144;
const GZIP_MAGIC = 0x1f8b;

export type LineBatch = {
  /** Number of the first line. */
  readonly first: number;
  /** Without line ends; one of LINE_LENGTH_MAX characters was cut. */
  readonly lines: readonly string[];
  /** Bytes of text read so far, this batch included. */
  readonly bytes: number;
};

/** Yields every line in order; an error, the system's reason, is the last thing it yields. */
export async function* captureLines(file: string): AsyncGenerator<Result<LineBatch, string>, void> {
  let first = 1;
  let bytes = 0;
  let rest = '';
  try {
    for await (const chunk of captureBytes(file)) {
      bytes += chunk.length;
      const lines = linesIn(chunk.toString('latin1'), rest);
      // What follows the last line end is not a line yet. Cut here, a rest never outgrows a line.
      rest = (lines.pop() ?? '').slice(0, LINE_LENGTH_MAX);
      yield ok({ first, lines: lines.map(cleanLine), bytes });
      first += lines.length;
    }
  } catch (error) {
    if (rest !== '') yield ok({ first, lines: [cleanLine(rest)], bytes });
    yield err(readFailure(error));
    return;
  }
  if (rest !== '') yield ok({ first, lines: [cleanLine(rest)], bytes });
}

function linesIn(text: string, rest: string): string[] {
  const lines = text.split('\n');
  lines[0] = rest + (lines[0] ?? '');
  return lines;
}

/** Cut to the limit, and without the carriage return that other systems' editors leave. */
function cleanLine(line: string): string {
  const cut = line.length > LINE_LENGTH_MAX ? line.slice(0, LINE_LENGTH_MAX) : line;
  return cut.endsWith('\r') ? cut.slice(0, -1) : cut;
}

/** The text's bytes: gzip is known by its first two bytes, whatever the file is called. */
async function* captureBytes(file: string): AsyncGenerator<Buffer, void> {
  if (!(await isGzip(file))) {
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES });
    return;
  }
  const bytes = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  // The reader of the last stream sees every failure; the callback would see it a second time.
  yield* pipeline(bytes, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
}

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: 1 })) {
    const magic: Buffer = chunk;
    return magic.length === 2 && magic.readUInt16BE(0) === GZIP_MAGIC;
  }
  return false;
}
