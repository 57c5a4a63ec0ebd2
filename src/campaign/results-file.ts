/**
 * Results file: the records of a campaign, a line each, only ever added to.
 *
 *   {"sum":"<32 hexadecimal digits>","record":{...}}
 *
 * A coordinator may be killed at any moment and the disk may keep half of what was written, so a line counts only if
 * its sum is that of its record; any other is dropped, and its job done again. Two coordinators may write at once: a
 * record twice is a record once.
 *
 * Effects: reads and writes the file; a record is on the disk when `append` has returned.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { boundedLines } from '../scenarios/bounded-lines.ts';
import { isNestedTooDeep } from '../scenarios/nesting.ts';
import { unwritable } from '../scenarios/part-file.ts';
import { textHash } from './content-hash.ts';
import { checkRecord, type JobRecord } from './job-record.ts';

const RECORD_BYTES_MAX = 128 * 1024 * 1024;
const LINE = /^\{"sum":"([0-9a-f]{32})","record":(.*)\}$/s;

export type ReadRecords = {
  readonly records: readonly JobRecord[];
  /** Lines that did not hold; their jobs are to be done again. */
  readonly dropped: number;
};

/** Reads what there is; a file that is not there has nothing. */
export async function readRecords(file: string): Promise<Result<ReadRecords, BadInput>> {
  const records: JobRecord[] = [];
  let dropped = 0;
  for await (const line of boundedLines('campaign run', file, RECORD_BYTES_MAX)) {
    if (!line.ok && line.error.code === 'unreadable-file') return line;
    const record = line.ok ? recordIn(line.value.text) : undefined;
    if (record !== undefined) records.push(record);
    else if (!line.ok || line.value.text !== '') dropped += 1;
  }
  return ok({ records, dropped });
}

/** The record of a line that is whole; undefined of any other. */
export function recordIn(line: string): JobRecord | undefined {
  const [, sum, text] = LINE.exec(line) ?? [];
  if (text === undefined || textHash(text) !== sum || isNestedTooDeep(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Whole, and no JSON: somebody else wrote it.
    return undefined;
  }
  const checked = checkRecord(value, []);
  return checked.ok ? checked.value : undefined;
}

export function recordLine(record: JobRecord): string {
  const text = JSON.stringify(record);
  return `{"sum":"${textHash(text)}","record":${text}}\n`;
}

export class ResultsFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;

  private constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  static async open(file: string): Promise<Result<ResultsFile, BadInput>> {
    try {
      const handle = await open(file, 'a');
      // What a killed coordinator left unfinished must not swallow the next line.
      await handle.write('\n');
      return ok(new ResultsFile(file, handle));
    } catch (error) {
      return { ok: false, error: unwritable(file, error) };
    }
  }

  /** Whoever comes while the disk is busy is written together with the next. @throws UnwritableResults */
  async append(record: JobRecord): Promise<void> {
    this.#waiting.push(recordLine(record));
    const before = this.#writing;
    if (before !== undefined) await before;
    // The first to come behind that writing writes for all who waited.
    this.#writing ??= this.#write();
    return this.#writing;
  }

  async #write(): Promise<void> {
    const lines = this.#waiting.join('');
    this.#waiting = [];
    try {
      await this.#handle.appendFile(lines);
      await this.#handle.datasync();
    } catch (error) {
      throw new UnwritableResults(unwritable(this.#file, error));
    } finally {
      this.#writing = undefined;
    }
  }

  async close(): Promise<void> {
    await this.#writing?.catch(() => undefined);
    await this.#handle.close();
  }
}

/** The disk refused a record: the campaign can't go on. */
export class UnwritableResults extends Error {
  override readonly name = 'UnwritableResults';
  readonly input: BadInput;

  constructor(input: BadInput) {
    super(input.code);
    this.input = input;
  }
}
