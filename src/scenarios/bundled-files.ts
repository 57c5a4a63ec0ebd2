/**
 * Bundled files: the profiles, campaigns and recordings that ship with the package, found by name.
 *
 * Effects: looks into folders; opens nothing.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from './bad-input.ts';
import { noSuchName } from './known-names.ts';
import { packageRoot } from './package-root.ts';

/** What may be asked for by name, the folder it lies in and how its files end. */
const BUNDLES = {
  profile: { folder: 'load/profiles', ending: '.yaml' },
  campaign: { folder: 'load/campaigns', ending: '.yaml' },
  recording: { folder: 'load/processes', ending: '.jsonl' },
} as const;

export type BundleKind = keyof typeof BUNDLES;

/** Names of everything bundled of a kind, in alphabetical order. */
export async function bundledNames(kind: BundleKind): Promise<readonly string[]> {
  const { folder, ending } = BUNDLES[kind];
  const files = await readdir(join(packageRoot(), folder));
  return files
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

/**
 * The file a user means by a name or a path. A bundled name comes first, so that a folder that
 * happens to be called `burst` hides nothing; `./burst` is always a path.
 */
export async function locateBundled(
  kind: BundleKind,
  nameOrPath: string,
): Promise<Result<string, BadInput>> {
  const { folder, ending } = BUNDLES[kind];
  const known = await bundledNames(kind);
  if (known.includes(nameOrPath)) return ok(join(packageRoot(), folder, nameOrPath + ending));
  if (looksLikePath(nameOrPath)) return ok(nameOrPath);
  return err(noSuchName(kind, nameOrPath, known));
}

const looksLikePath = (text: string): boolean =>
  text.includes('/') || text.includes(sep) || extname(text) !== '' || existsSync(text);
