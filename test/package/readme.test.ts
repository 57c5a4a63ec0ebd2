/**
 * Goal: what the README shows of storms has the shape of what is printed; every other block of it is compared elsewhere:
 *       the race and the chart to the letter (test/unit/house), commands by whether they are taken.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { comparable, isTaken } from '../../scripts/doc-blocks.ts';
import { stormdrain } from './run.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, language, text = '']) => ({
    language,
    lines: text.trimEnd().split('\n'),
  }),
);
const blockWith = (begin: string): readonly string[] =>
  blocks.find(({ lines }) => lines[0]?.startsWith(begin))?.lines ?? [];

/** Neither numbers nor what comes with them: how many more, and of which group. */
const shapeOf = (line: string): string =>
  comparable(line, ['figures'])
    .replace(/ \(and # more like it\)$/, '')
    .replace(/\bgroups in flight/, 'group in flight');

describe('the README', () => {
  it('shows the summary of a storm, line by line', async () => {
    const { code, stdout } = await stormdrain('storm', '--groups', '3000', '--seed', '1');
    const shown = blockWith('storm processes');
    expect(code).toBe(0);
    expect(shown.length).toBeGreaterThan(8);
    expect(stdout.trimEnd().split('\n').map(shapeOf)).toEqual(shown.map(shapeOf));
  });

  it('shows how a storm names what it found', async () => {
    const args = ['exit-storm', '--driver', 'vtd@7.3', '--duration', '2s', '--seed', '1'];
    const { code, stdout } = await stormdrain('storm', ...args);
    expect(code).toBe(1);
    const said = stdout.split('\n').map(shapeOf);
    const shown = blockWith('VIOLATED').map(shapeOf);
    expect(shown.length).toBe(2);
    expect(said.filter((line) => shown.includes(line)).length, said.join('\n')).toBeGreaterThan(0);
  });

  it('shows no command that would be refused', () => {
    const typed = [...readme.matchAll(/npx\s+stormdrain ([^`\n#&|>]*)/g)].map(
      ([, words = '']) => words,
    );
    expect(typed.length).toBeGreaterThan(20);
    const whole = typed.filter(
      (words) => !/[A-Z]{3}|\.\.\.|\)$/.test(words) && words.trim() !== '',
    );
    expect(whole.filter((words) => !isTaken(words))).toEqual([]);
  });

  it('has no block that nobody looks at', () => {
    const looked = [
      'storm processes',
      'VIOLATED',
      'process  ',
      'stateDiagram',
      'src/core/',
      'npm ',
      'npx ',
    ];
    const strange = blocks.filter(({ lines: [first = ''] }) =>
      looked.every((begin) => !first.startsWith(begin)),
    );
    expect(strange).toEqual([]);
  });
});
