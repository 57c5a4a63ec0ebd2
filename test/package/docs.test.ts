/**
 * Goal: every command that a page shows with its output prints that today; when one does not: `npm run docs`.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { docBlocks, isShown, isTaken } from '../../scripts/doc-blocks.ts';
import { runBlocks } from '../../scripts/doc-run.ts';
import { pagesBelow, readText } from '../unit/house/sources.ts';
import { installed } from './run.ts';

const main = join(installed, 'dist/src/cli/main.js');
const shown = ['README.md', ...pagesBelow('docs')]
  .map((page) => ({ page, blocks: docBlocks(readText(page)) }))
  .filter(({ page, blocks }) => blocks.length > 0 && !page.startsWith('docs/api'));

it('has how-to pages to run', () => {
  expect(shown.filter(({ page }) => page.startsWith('docs/howto/')).length).toBe(6);
});

describe.each(shown)('$page', ({ blocks }) => {
  const run = blocks.filter(({ marks }) => !marks.includes('slow'));

  it('shows what is printed', () => {
    const printed = runBlocks(run, main);
    const wrong = run.flatMap((block, index) => {
      const today = printed[index] ?? [];
      return isShown(block.shown, today, block.marks) ? [] : [[block.command, ...today].join('\n')];
    });
    expect(wrong).toEqual([]);
  });

  it('shows no command that would be refused', () => {
    expect(blocks.filter(({ command }) => !isTaken(command))).toEqual([]);
  });
});
