/** Seed files: real inputs of the readers, from the files that ship with the project and from its tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../src/scenarios/package-root.ts';

/** Longer ones make inputs slow, and say nothing more. */
const SEED_BYTES_MAX = 6000;

/** Files of the folder whose names end so, each cut to whole lines that are not too many. */
export function seedFiles(
  folder: string,
  ending: string,
  bytesMax = SEED_BYTES_MAX,
): readonly Buffer[] {
  const path = join(packageRoot(), folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(path, name));
      return wholeLines(name.endsWith('.gz') ? gunzipSync(bytes) : bytes, bytesMax);
    });
}

function wholeLines(bytes: Buffer, bytesMax: number): Buffer {
  if (bytes.length <= bytesMax) return bytes;
  const end = bytes.lastIndexOf('\n', bytesMax);
  return Buffer.from(bytes.subarray(0, end === -1 ? bytesMax : end + 1));
}

/** The lines of the files, some of them, each a seed. */
export const seedLines = (folder: string, ending: string, every: number): readonly Buffer[] =>
  seedFiles(folder, ending, 2 ** 24)
    .flatMap((bytes) => bytes.toString('utf8').split('\n'))
    .filter((line, number) => line !== '' && line.length < SEED_BYTES_MAX && number % every === 0)
    .map((line) => Buffer.from(line));

export const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
