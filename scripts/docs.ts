/**
 * Runs every command that pages show with its output, and writes what it prints today where that is something else.
 *
 * Effects: rewrites README.md and pages of docs.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../src/scenarios/package-root.ts';
import { docBlocks, isShown, reshown } from './doc-blocks.ts';
import { runBlocks } from './doc-run.ts';

const root = packageRoot();
const main = join(root, 'dist/src/cli/main.js');
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md') && !path.startsWith('api'))
  .map((path) => join('docs', path));

for (const path of ['README.md', ...pages]) {
  const file = join(root, path);
  const page = readFileSync(file, 'utf8');
  const blocks = docBlocks(page);
  const printed = runBlocks(blocks, main);
  const lines = page.split('\n');
  // From the last on, so that numbers of lines before it stay true.
  for (const [index, { from, to, shown, marks }] of [...blocks.entries()].reverse()) {
    const today = printed[index] ?? [];
    if (isShown(shown, today, marks)) continue;
    process.stdout.write(`${path}:${from + 1}\n`);
    lines.splice(from + 1, to - from - 1, ...reshown(shown, today));
  }
  if (lines.join('\n') !== page) writeFileSync(file, lines.join('\n'));
}
