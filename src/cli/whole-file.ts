/**
 * Whole file: written beside its place and renamed into it, so that nobody ever reads half of one.
 *
 * Effects: writes and renames a file.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { err, ok, type Result } from '../core/result.ts';

/** What went wrong, in words a user knows. */
export async function writeWholeFile(
  file: string,
  text: string,
): Promise<Result<undefined, string>> {
  const beside = `${file}.${process.pid}.part`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
    return ok(undefined);
  } catch (error) {
    await rm(beside, { force: true });
    return err(writeFailure(error));
  }
}

function writeFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such folder';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'permission denied';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
