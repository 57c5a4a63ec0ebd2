/**
 * Doc run: runs the commands of a page, one after the other, in a folder that they share.
 *
 * Effects: makes a temporary folder, in which `captures` are those of the tests; starts processes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { packageRoot } from '../src/scenarios/package-root.ts';
import { type DocBlock, wordsOf } from './doc-blocks.ts';

/** Columns of a terminal that is none. */
const ENVIRONMENT = { ...process.env, NO_COLOR: '1' };

/** Lines that each block prints, its exit code behind them; `main` is the executable. */
export function runBlocks(
  blocks: readonly DocBlock[],
  main: string,
): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'stormdrain-docs-'));
  symlinkSync(join(packageRoot(), 'test/fixtures/captures'), join(folder, 'captures'));
  try {
    return blocks.map(({ command }) => {
      const args = [main, ...wordsOf(command)];
      const ran = spawnSync(process.execPath, args, {
        cwd: folder,
        encoding: 'utf8',
        env: ENVIRONMENT,
      });
      const code = ran.status === 0 ? [] : [`[exit code ${ran.status}]`];
      const text = ran.stdout.replaceAll(folder, '.').trimEnd();
      return [...(text === '' ? [] : text.split('\n')), ...code];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
