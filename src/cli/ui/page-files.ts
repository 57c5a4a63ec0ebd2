/**
 * Page files: the built page, read into memory once.
 *
 * Effects: reads files.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { err, ok, type Result } from '../../core/result.ts';
import type { BadInput } from '../../scenarios/bad-input.ts';
import { packageRoot } from '../../scenarios/package-root.ts';
import { isSystemError } from '../../scenarios/part-file.ts';

export type PageFiles = {
  readonly html: string;
  readonly script: string;
  readonly style: string;
  readonly icon: string;
  /** The page was built from other sources than lie here. */
  readonly isStale: boolean;
};

const BUILT = 'dist/ui';
const SOURCES = 'ui';
/** Of the page's sources, what a build is made of. */
const SOURCE_ENDING = /\.(tsx?|css|html|svg)$/;

/** A package that was installed has no sources, and is what it was published as. */
export async function pageFiles(root = packageRoot()): Promise<Result<PageFiles, BadInput>> {
  try {
    const [html, script, style, icon, stamp] = await Promise.all(
      ['index.html', 'page.js', 'page.css', 'page.svg', 'stamp.txt'].map((name) =>
        readFile(join(root, BUILT, name), 'utf8'),
      ),
    );
    const now = await sourcesStamp(join(root, SOURCES));
    const isStale = now !== undefined && now !== stamp?.trim();
    const texts = { html: html ?? '', script: script ?? '', style: style ?? '', icon: icon ?? '' };
    return ok({ ...texts, isStale });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return err({ code: 'not-built', what: 'the web page', instead: 'run "npm run build" first' });
  }
}

/** One text for all sources of the page; undefined when there are none. */
export async function sourcesStamp(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && SOURCE_ENDING.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex');
}
