/** Goal: what help says of options and what the readers take are the same, and completions are made of it. */
import { expect, it } from 'vitest';

import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import type { CommandName } from '../../../src/cli/arguments.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import { COMMAND_OPTIONS } from '../../../src/cli/command-options.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { commandWords } from '../../../src/cli/completion/command-words.ts';
import { helpTextOf } from '../../../src/cli/help-text.ts';
import { environmentWith } from './fixture.ts';

const known = { drivers: driverNames, quirks: quirkIds };
const names = Object.keys(COMMAND_OPTIONS);

async function printed(...args: readonly string[]) {
  const { environment, stdout, stderr } = environmentWith({ known });
  const code = await runCommandLine(args, environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

it('is told of every command that help lists', () => {
  expect(names).toEqual(COMMANDS.map(({ name }) => name));
});

it.each(Object.entries(COMMAND_OPTIONS))(
  'help of %s tells of every option',
  async (name, table) => {
    const { stdout } = await printed(name, '--help');
    const { usage, options } = helpTextOf(stdout);
    expect(usage[0]).toMatch(new RegExp(`^stormdrain ${name}\\b`));
    const shown = options.map((option) => [option.name, option.value === '' ? 'nothing' : 'value']);
    const taken = Object.entries(table).map(([option, { takes }]) => [option, takes]);
    expect(shown.sort()).toEqual(taken.sort());
    expect(options.filter(({ lines }) => lines[0] === '')).toEqual([]);
  },
);

it('knows names of drivers, quirks and choices', async () => {
  const { environment } = environmentWith({ known });
  const helpOf = async (name: CommandName) => (await printed(name, '--help')).stdout;
  const words = await commandWords(environment, helpOf);
  const wordsFor = (command: string, option: string) =>
    words.find(({ name }) => name === command)?.options.find(({ name }) => name === option)?.value;
  expect(wordsFor('storm', '--driver')?.names).toEqual(driverNames);
  expect(wordsFor('explore', '--quirk')?.names).toEqual(quirkIds);
  expect(wordsFor('explore', '--reduction')?.names).toEqual(['none', 'symmetry', 'por']);
  expect(wordsFor('explore', '--trace')).toEqual({ names: [], files: true });
  expect(wordsFor('explore', '--seed')).toEqual({ names: [], files: false });
  expect(wordsFor('explore', '--json')).toBeUndefined();
});

it.each([
  [[], 'completion needs a shell: bash, zsh, fish'],
  [['tcsh'], 'there is no shell "tcsh"'],
  [['zsh', 'fish'], 'completion takes one shell'],
])('refuses completion %j with one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await printed('completion', ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});
