/**
 * Goal:   `charts` prints one, writes many, and says clearly what is wrong before it writes anything.
 * Method: the whole command line, into a folder of the test's own.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { runCommandLine } from '../../../src/cli/command-line.ts';
import { mmNotifierMachine } from '../../../src/machines/mm-notifier.ts';
import { mermaidChart } from '../../../src/viz/mermaid.ts';
import { environmentWith } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormdrain-charts-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const { environment, stdout, stderr } = environmentWith();
  const code = await runCommandLine(['charts', ...args], environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

const coverageFile = (name: string, value: unknown): string => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
};

const COUNT = { from: 'mm-notifier.registered', event: 'notifier.put', index: 0, count: 1 };
const COVERAGE = { schema: 'stormdrain.coverage/1', machine: 'mm-notifier', transitions: [COUNT] };

describe('charts', () => {
  test('prints the chart of one machine, in each format', async () => {
    const mermaid = await run('--machine', 'mm-notifier', '--format', 'mermaid');
    expect(mermaid).toEqual({ code: 0, stdout: mermaidChart(mmNotifierMachine), stderr: '' });
    const begins = { svg: /^<svg /, dot: /^digraph "mm-notifier" \{/, ascii: /^mm-notifier\n/ };
    for (const [format, beginning] of Object.entries(begins)) {
      const { stdout } = await run('--machine', 'mm-notifier', '--format', format);
      expect(stdout).toMatch(beginning);
    }
    const { stdout } = await run('--machine', 'mm-notifier', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'stormdrain.chart/1',
      name: 'mm-notifier',
      root: { id: 'mm-notifier', kind: 'compound', initial: ['mm-notifier.unregistered'] },
    });
  });

  test('knows the operations of drivers, by any of their names', async () => {
    const { stdout } = await run('--machine', 'vtd detach-rid', '--format', 'ascii');
    expect(stdout).toMatch(/^vtd detach-pasid\n/);
  });

  test('writes one file a machine, and names them', async () => {
    const out = join(folder, 'new', 'folder');
    const args = [
      '--machine',
      'mm',
      '--machine',
      'vtd unbind-sva',
      '--format',
      'dot',
      '--out',
      out,
    ];
    const { code, stdout } = await run(...args, '--json');
    const files = ['mm.dot', 'vtd-unbind-sva.dot'];
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'stormdrain.charts/1',
      format: 'dot',
      files: files.map((file) => join(out, file)),
    });
    expect(readdirSync(out).sort()).toEqual(files);
    expect(readFileSync(join(out, 'mm.dot'), 'utf8')).toMatch(/^digraph "mm" \{/);
  });

  test('draws how often transitions were taken, of the machines a file covers', async () => {
    const heat = coverageFile('heat.json', [COVERAGE]);
    const { stdout } = await run('--heat', heat, '--format', 'ascii');
    expect(stdout).toContain('notifier.put / awaitGracePeriod  -> retiring  (once)');
    expect(stdout).toContain('release.finished  -> released  (never)');
  });

  test('lists what there is', async () => {
    const { stdout } = await run('--list');
    expect(stdout.split('\n')).toContain('mm-notifier');
    expect(stdout).toMatch(/^vtd bind-sva {3}\(also vtd attach-pasid, vtd attach-rid\)$/m);
  });
});

describe('charts refuses', () => {
  test.each([
    [['--machine', 'mm-notifer'], 'there is no machine "mm-notifer"; did you mean "mm-notifier"?'],
    [['--format', 'pdf'], '--format must be one of svg, mermaid, dot, ascii, json, but is "pdf"'],
    [['mm'], '"mm" is one argument too many: charts takes machines by --machine NAME'],
    [['--heat', 'nowhere.json'], 'cannot read coverage nowhere.json'],
  ])('%j', async (args, sentence) => {
    const refused = await run(...args);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(sentence);
  });

  test.each([
    [{ ...COVERAGE, schema: 'stormdrain.coverage/2' }, '"schema" must be'],
    [{ ...COVERAGE, machine: 'mmm' }, 'there is no machine "mmm"'],
    [
      { ...COVERAGE, transitions: [{ ...COUNT, index: 7 }] },
      'there is no transition "mm-notifier.registered notifier.put 7"',
    ],
    [{ ...COVERAGE, transitions: [{ ...COUNT, count: -1 }] }, '"transitions[0].count" must be'],
  ])('coverage %#', async (value, sentence) => {
    const refused = await run('--heat', coverageFile('bad.json', value));
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(sentence);
  });

  test('a folder that is a file', async () => {
    const file = coverageFile('file', {});
    const refused = await run('--machine', 'mm', '--out', join(file, 'below'));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('a file of that name is in the way; try another folder');
  });
});
