/**
 * Part file: a file that takes its name only when it is whole.
 *
 * Effects: writes beside the place, and renames; makes folders.
 */
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from './bad-input.ts';

const UNFINISHED = '.part';

export class PartFile {
  readonly file: string;
  readonly #handle: FileHandle;

  private constructor(file: string, handle: FileHandle) {
    this.file = file;
    this.#handle = handle;
  }

  /** Finds out at once whether the place can be written to. */
  static async open(file: string): Promise<Result<PartFile, BadInput>> {
    try {
      return ok(new PartFile(file, await open(file + UNFINISHED, 'w')));
    } catch (error) {
      return err(unwritable(file, error));
    }
  }

  /** @throws the system's error. */
  write(text: string | Uint8Array): Promise<void> {
    return this.#handle.writeFile(text);
  }

  /** Gives the file its name. */
  async finish(): Promise<Result<undefined, BadInput>> {
    try {
      await this.#handle.close();
      await rename(this.file + UNFINISHED, this.file);
      return ok(undefined);
    } catch (error) {
      await rm(this.file + UNFINISHED, { force: true });
      return err(unwritable(this.file, error));
    }
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    // A full disk may refuse the rest of what was written once more: the file goes anyway.
    await this.#handle.close().catch(() => undefined);
    await rm(this.file + UNFINISHED, { force: true });
  }
}

/** Writes a file in one go, so that nobody ever reads half of one. */
export async function writeWholeFile(
  file: string,
  text: string,
): Promise<Result<undefined, BadInput>> {
  const part = await PartFile.open(file);
  if (!part.ok) return part;
  try {
    await part.value.write(text);
  } catch (error) {
    await part.value.abandon();
    return err(unwritable(file, error));
  }
  return part.value.finish();
}

/** Makes a folder, and those above it. */
export async function makeFolder(folder: string): Promise<Result<undefined, BadInput>> {
  try {
    await mkdir(folder, { recursive: true });
    return ok(undefined);
  } catch (error) {
    return err(unwritable(folder, error));
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
  ENOENT: 'there is no such folder',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'permission denied',
  ENOSPC: 'the disk is full',
};
