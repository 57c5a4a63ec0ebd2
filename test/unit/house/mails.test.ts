/** docs/mails.md: a row for each claim, and nothing in it that does not exist. */
import { describe, expect, it } from 'vitest';

import { quirkIds } from '../../../src/actors/drivers.ts';
import { driversOf } from '../../../src/scenarios/explore/explore-scenario.ts';
import { EXPLORE_SCENARIOS } from '../../../src/scenarios/explore/scenarios.ts';
import { RACES } from '../../../src/scenarios/races/catalogue.ts';
import { hasPath, readText } from './sources.ts';

const CLAIMS = [
  ...[9, 8, 7, 8, 8].flatMap((claims, mail) =>
    Array.from({ length: claims }, (_, at) => `${mail + 1}.${at + 1}`),
  ),
  ...Array.from({ length: 6 }, (_, at) => `R${at + 1}`),
];
/** What no storm shows yet, in so many words. */
const PENDING: readonly string[] = [];

const rows = readText('docs/mails.md')
  .split('\n')
  .filter((line) => /^\| (\d|R)/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()))
  .map(([claim = '', says = '', linux = '', shown = '', held = '']) => ({
    claim,
    says,
    linux,
    commands: [...shown.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command),
    held,
    isPending: shown.includes('_pending_'),
  }));

it('has a row for every claim, in order', () => {
  expect(rows.map(({ claim }) => claim)).toEqual(CLAIMS);
  for (const { says, linux } of rows) expect([says, linux]).not.toContain('');
});

it('says what is pending, and of nothing else that it is shown', () => {
  const pending = rows.filter(({ isPending }) => isPending).map(({ claim }) => claim);
  expect(pending).toEqual(PENDING);
});

describe.each(rows.filter(({ isPending }) => !isPending))('claim $claim', ({ commands, held }) => {
  it('is shown by commands whose names exist', () => {
    expect(commands).not.toEqual([]);
    for (const command of commands) expect(unknownIn(command), command).toEqual([]);
  });

  it('is held by a test that exists', () => {
    const [, path = '', name = ''] = /^`([^`]+)` "(.+)"$/.exec(held) ?? [];
    expect(hasPath(path), path).toBe(true);
    const text = readText(path).replaceAll("\\'", "'");
    expect(
      [`'${name}'`, `"${name}"`].some((quoted) => text.includes(quoted)),
      name,
    ).toBe(true);
  });
});

/** Words of a command that name nothing. */
function unknownIn(command: string): readonly string[] {
  const [verb, ...words] = command.split(' ');
  if (verb === 'races') {
    const [run, id = ''] = words;
    return run === 'run' && RACES.some((race) => race.id === id) ? [] : words;
  }
  // A program of the bench, as it is built.
  if (verb === 'node') {
    return words.filter((path) => !hasPath(path.replace('dist/', '').replace('.js', '.ts')));
  }
  if (verb !== 'explore') return [command];
  const [name, ...options] = words;
  const scenario = EXPLORE_SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) return [name ?? ''];
  return options.flatMap((option, at) => {
    const value = options[at + 1] ?? '';
    if (option === '--driver') return driversOf(scenario).includes(value) ? [] : [value];
    if (option === '--quirk') return quirkIds.includes(value) ? [] : [value];
    return [];
  });
}
