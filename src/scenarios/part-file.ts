/**
 * Part file: a file that takes its name only when it is whole.
 *
 * Effects: writes beside the place, and renames; makes folders.
 */
import type { Stats } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from './bad-input.ts';

const UNFINISHED = '.part';

/** Where what is written goes; `whole` is undefined of what has no name to take: a terminal, a pipe, /dev/null. */
type Place = { readonly written: string; readonly whole: string | undefined };

export class PartFile {
  readonly file: string;
  readonly #place: Place;
  readonly #handle: FileHandle;

  private constructor(file: string, place: Place, handle: FileHandle) {
    this.file = file;
    this.#place = place;
    this.#handle = handle;
  }

  /** Finds out at once whether the place can be written to. */
  static async open(file: string): Promise<Result<PartFile, BadInput>> {
    try {
      const place = await placeOf(file);
      return ok(new PartFile(file, place, await open(place.written, 'w')));
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
    const { written, whole } = this.#place;
    try {
      await this.#handle.close();
      if (whole !== undefined) await rename(written, whole);
      return ok(undefined);
    } catch (error) {
      await this.#remove();
      return err(unwritable(this.file, error));
    }
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    // A full disk may refuse the rest of what was written once more: the file goes anyway.
    await this.#handle.close().catch(() => undefined);
    await this.#remove();
  }

  async #remove(): Promise<void> {
    const { written, whole } = this.#place;
    if (whole !== undefined) await rm(written, { force: true });
  }
}

/** A link stays one: what it names is written. @throws the system's error. */
async function placeOf(file: string): Promise<Place> {
  const found = await statOf(file);
  if (found !== undefined && !found.isFile()) return { written: file, whole: undefined };
  const whole = found === undefined ? file : await realpath(file);
  return { written: whole + UNFINISHED, whole };
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
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
    await made(folder);
    return ok(undefined);
  } catch (error) {
    return err(unwritable(folder, error, FOLDER_REASONS));
  }
}

/** Not `recursive`: Node's never ends where folders are refused as missing, as below /proc. */
async function made(folder: string): Promise<void> {
  try {
    await madeAlone(folder);
  } catch (error) {
    const above = dirname(folder);
    if (!isSystemError(error) || error.code !== 'ENOENT' || above === folder) throw error;
    await made(above);
    await madeAlone(folder);
  }
}

/** One that somebody else has made meanwhile is as good. */
async function madeAlone(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!(await statOf(folder))?.isDirectory()) throw error;
  }
}

/** Whether the operating system refused, and not the program went wrong. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** @throws the error itself, when the system did not refuse anything. */
export function unwritable(file: string, error: unknown, reasons = REASONS): BadInput {
  if (!isSystemError(error)) throw error;
  return { code: 'unwritable-file', file, reason: reasons[error.code ?? ''] ?? error.message };
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'a file of that name is in the way',
  ENOTDIR: 'a file of that name is in the way',
  ENOENT: 'there is no such folder',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** Those above it would have been made: where there is none, none can be. */
const FOLDER_REASONS = { ...REASONS, ENOENT: 'no folder can be made there' };
