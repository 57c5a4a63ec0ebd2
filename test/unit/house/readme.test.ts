/**
 * What the README and the pages of docs/ say of the code is read back and compared with the code. When the chart
 * differs, the failure prints the one to paste.
 */
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { driverNames } from '../../../src/actors/drivers.ts';
import { QUIRKS } from '../../../src/actors/quirks.ts';
import { isCommand } from '../../../src/cli/arguments.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { mmNotifierMachine } from '../../../src/machines/mm-notifier.ts';
import { mermaidChart } from '../../../src/viz/mermaid.ts';
import { hasPath, pagesBelow, readText } from './sources.ts';

const readme = readText('README.md');
const pages = ['README.md', 'CHANGELOG.md', ...pagesBelow('docs')];

/** Contents of a page's code blocks in one language, "" for none. */
const blocksOf = (page: string, language: string): string[] =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, named]) => named === language)
    .map(([, , block]) => block ?? '');

describe('the README', () => {
  it('shows the chart that is drawn from the notifier', () => {
    expect(blocksOf(readme, 'mermaid')).toEqual([mermaidChart(mmNotifierMachine)]);
  });

  it('names every command that help lists, and help lists none that is not there', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(names.filter((name) => !readme.includes(`stormdrain ${name}`))).toEqual([]);
    expect(names.filter((name) => !isCommand(name))).toEqual([]);
  });

  it('counts the quirks there are', () => {
    expect(readme).toContain(`${QUIRKS.length} quirks`);
  });
});

describe('every page', () => {
  it.each(pages)('%s links to files that exist', (page) => {
    const links = [...readText(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => target ?? '')
      .filter((target) => !/^\w+:/.test(target));
    const missing = links.filter((target) => !hasPath(join(dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it.each(pages)('%s shows no command with a driver or quirk that does not exist', (page) => {
    const named = (option: string): string[] =>
      [...readText(page).matchAll(new RegExp(`--${option}\\s+([a-z][\\w@.-]*)`, 'g'))].map(
        ([, name]) => name ?? '',
      );
    const isModule = (name: string): boolean => name.endsWith('.ts');
    const strangers = named('driver').filter((name) => !driverNames.includes(name));
    expect(strangers.filter((name) => !isModule(name))).toEqual([]);
    expect(named('quirk').filter((name) => !QUIRKS.some(({ id }) => id === name))).toEqual([]);
  });

  it.each(pages)('%s names no source file that does not exist', (page) => {
    const named = [...readText(page).matchAll(/`(\w+\/[\w./-]+\.(?:ts|yaml|jsonl))`/g)].map(
      ([, path]) => path ?? '',
    );
    expect(named.filter((path) => !hasPath(path) && !hasPath(`src/${path}`))).toEqual([]);
  });
});

describe('the page of the two VT-d drivers', () => {
  it('has a row for every quirk, in the order they are applied', () => {
    const page = readText('docs/decisions/0006-vtd-and-vtd-7-3.md');
    const [repairs = '', others = ''] = page.split('Mutations are');
    const [mutations = '', history = ''] = others.split('History is');
    const rowsOf = (part: string): string[] =>
      [...part.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, id]) => id ?? '');
    const idsOf = (kind: string): string[] =>
      QUIRKS.filter((quirk) => quirk.kind === kind).map(({ id }) => id);
    expect(rowsOf(repairs)).toEqual(idsOf('linux-7.3'));
    expect(rowsOf(mutations)).toEqual(idsOf('mutation'));
    expect(rowsOf(history)).toEqual(idsOf('history'));
  });
});
