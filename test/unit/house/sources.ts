/**
 * The project's own files, as the tests of this folder read them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** `path` is relative to the project, with forward slashes. */
export type Source = { readonly path: string; readonly text: string };

/** Whether the project has a file or folder of that path. */
export const hasPath = (path: string): boolean => existsSync(join(ROOT, path));

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export const readBytes = (path: string): Buffer => readFileSync(join(ROOT, path));

/** Paths of the files below a folder of the project whose names end so; none when there is no such folder. */
export function pathsBelow(folder: string, ending: RegExp): string[] {
  if (!hasPath(folder)) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** Every TypeScript file below a folder, by path. */
export const sourcesBelow = (folder: string): Source[] =>
  pathsBelow(folder, /\.tsx?$/).map((path) => ({ path, text: readText(path) }));

/** Every page of Markdown below a folder. */
export const pagesBelow = (folder: string): string[] => pathsBelow(folder, /\.md$/);

/** Lines with their number, from 1. */
export const numberedLines = (text: string): { readonly line: string; readonly number: number }[] =>
  text.split('\n').map((line, index) => ({ line, number: index + 1 }));

/** Whether a line is nothing but comment. */
export const isComment = (line: string): boolean => /^\s*(\/\/|\/\*|\*)/.test(line);
