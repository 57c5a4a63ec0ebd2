/** Commands that pages name are taken by the command line; blocks that are run are read as they are meant. */
import { describe, expect, it } from 'vitest';

import { docBlocks, isShown, isTaken, reshown } from '../../../scripts/doc-blocks.ts';
import { pagesBelow, readText } from './sources.ts';

const pages = ['README.md', ...pagesBelow('docs')].filter((page) => !page.startsWith('docs/api'));

/** Commands in backticks, that may go on in the next line; `…` and `...` are places to fill in. */
const commandsIn = (page: string): readonly string[] =>
  [...page.matchAll(/`npx\s+stormdrain\s+([^`]+)`/g)]
    .map(([, command = '']) => command.replaceAll(/\s+/g, ' '))
    .filter((command) => !/…|\.\.\./.test(command));

it.each(pages)('%s names no command that would be refused', (page) => {
  expect(commandsIn(readText(page)).filter((command) => !isTaken(command))).toEqual([]);
});

describe('a block of a page', () => {
  const page = [
    '```console figures',
    '$ npx stormdrain quirks',
    'one 1',
    '...',
    '$ stormdrain races --json',
    '```',
    '```sh',
    '$ stormdrain storm',
    '```',
  ].join('\n');

  it('has its command, its marks and what is shown', () => {
    expect(docBlocks(page)).toEqual([
      { from: 1, to: 4, marks: ['figures'], command: 'quirks', shown: ['one 1', '...'] },
      { from: 4, to: 5, marks: ['figures'], command: 'races --json', shown: [] },
    ]);
  });

  it.each([
    [['a', 'b'], ['a', 'b'], true],
    [['a', 'b'], ['a'], false],
    [['a'], ['a', 'b'], false],
    [['a', '...'], ['a', 'b', 'c'], true],
    [['...', 'c'], ['a', 'b', 'c'], true],
    [['a', '...', 'c'], ['a', 'c'], true],
    [['a', '...', 'd'], ['a', 'b', 'c'], false],
    [['7 states, 0.20 s'], ['7 states, 1.5 s'], true],
    [['7 states, 0.20 s'], ['8 states, 0.20 s'], false],
  ])('of %j shows %j: %s', (shown, printed, expected) => {
    expect(isShown(shown, printed, [])).toBe(expected);
  });

  it('with figures is compared without numbers', () => {
    expect(isShown(['groups   17'], ['groups 9'], ['figures'])).toBe(true);
    expect(isShown(['groups   17'], ['pages 9'], ['figures'])).toBe(false);
  });

  it('is shown anew with as many lines around what is left out', () => {
    expect(reshown(['a', '...', 'y', 'z'], ['1', '2', '3', '4'])).toEqual(['1', '...', '3', '4']);
    expect(reshown(['a'], ['1', '2'])).toEqual(['1', '2']);
  });
});
