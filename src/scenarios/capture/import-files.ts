/**
 * The files an import makes: an event trace, written as the capture is read, and a storm profile.
 *
 * Effects: makes a folder, writes and renames files.
 * Policy:  a file takes its name only when it is whole.
 */
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';
import type { BadInput } from '../bad-input.ts';
import type { CaptureEvent } from './capture-event.ts';
import { type CapturedProfile, profileText } from './capture-profile.ts';
import { eventTraceHeader, eventTraceLine } from './event-trace.ts';

const UNFINISHED = '.part';

/** `overflow` of `captures/overflow.txt.gz`. */
export function captureName(file: string): string {
  const unpacked = basename(file).replace(/\.gz$/i, '');
  return basename(unpacked, extname(unpacked)) || 'capture';
}

export class ImportFiles {
  readonly traceFile: string;
  readonly profileFile: string;
  readonly #trace: FileHandle;
  #lines: string[];

  private constructor(folder: string, name: string, from: string, trace: FileHandle) {
    this.traceFile = join(folder, `${name}.events.jsonl`);
    this.profileFile = join(folder, `${name}.yaml`);
    this.#trace = trace;
    this.#lines = [eventTraceHeader('kernel-capture', from)];
  }

  /** Makes the folder, and opens the trace in it. */
  static async open(folder: string, capture: string): Promise<Result<ImportFiles, BadInput>> {
    const name = captureName(capture);
    try {
      await mkdir(folder, { recursive: true });
      const trace = await open(join(folder, `${name}.events.jsonl${UNFINISHED}`), 'w');
      return ok(new ImportFiles(folder, name, basename(capture), trace));
    } catch (error) {
      return err(unwritable(folder, error));
    }
  }

  event(event: CaptureEvent): void {
    this.#lines.push(eventTraceLine(event));
  }

  /** Writes the events so far. */
  async flush(): Promise<void> {
    const text = this.#lines.join('');
    this.#lines = [];
    await this.#trace.writeFile(text);
  }

  /** Gives the trace its name, and writes the profile if there is one. */
  async finish(
    profile: CapturedProfile | undefined,
    remarks: readonly string[],
  ): Promise<Result<undefined, BadInput>> {
    try {
      await this.flush();
      await this.#trace.close();
      await rename(this.traceFile + UNFINISHED, this.traceFile);
      if (profile === undefined) return ok(undefined);
      await writeFile(this.profileFile + UNFINISHED, profileText(profile, remarks));
      await rename(this.profileFile + UNFINISHED, this.profileFile);
      return ok(undefined);
    } catch (error) {
      return err(unwritable(this.traceFile, error));
    }
  }

  /** Takes back what is unfinished. */
  async abandon(): Promise<void> {
    await this.#trace.close();
    await rm(this.traceFile + UNFINISHED, { force: true });
  }
}

/** Whether the operating system refused, and not the program went wrong. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** @throws the error itself, when the system did not refuse anything. */
export function unwritable(file: string, error: unknown): BadInput {
  if (!isSystemError(error)) throw error;
  return { code: 'unwritable-file', file, reason: REASONS[error.code ?? ''] ?? error.message };
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'a file of that name is in the way',
  ENOTDIR: 'a file of that name is in the way',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'permission denied',
  ENOSPC: 'the disk is full',
};
