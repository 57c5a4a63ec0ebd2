/**
 * What the guide and the tutorial show is what happens: their code is type-checked and run, their outputs are printed by
 * the commands beside them, but for times; and every step there is has its sentence.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as stormdrain from 'stormdrain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as xstate from 'xstate';
import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import { OPERATION_STEPS } from '../../../src/machines/operation-steps.ts';
import { loadOwnModule } from '../../../src/scenarios/own/own-module.ts';
import { environmentWith } from '../cli/fixture.ts';

const ROOT = join(import.meta.dirname, '../../..');
const page = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');
const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, named]) => named === language)
    .map(([, , block = '']) => block);

const folder = mkdtempSync(join(tmpdir(), 'pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

/** Times and rates are of a machine; all else is of the model. */
const untimed = (text: string): string =>
  text.replaceAll(/\d+\.\d+ s$/gm, 'TIME s').replaceAll(/^ {2}\S+ states\/s/gm, '  RATE states/s');

async function run(...args: readonly string[]) {
  const known = { drivers: driverNames, quirks: quirkIds };
  const { environment, stdout } = environmentWith({ known });
  const code = await runCommandLine(args, environment);
  return { code, text: untimed(stdout().replaceAll(`${folder}/`, '')) };
}

describe('the guide', () => {
  const guide = page('library.md');

  it('has a sentence for every step, and no other', () => {
    const rows = [...guide.matchAll(/^\| `([\w-]+)` +\| (\S.*\S) +\|$/gm)].map(([, step]) => step);
    expect(rows.toSorted()).toEqual(Object.keys(OPERATION_STEPS).toSorted());
  });

  it('shows definitions that can be loaded, and what they define can be explored', async () => {
    const lent = { stormdrain, xstate };
    const blocks = blocksOf(guide, 'ts').filter((block) => block.includes('export const'));
    const verdicts: string[] = [];
    for (const [at, block] of blocks.entries()) {
      const loaded = await loadOwnModule(written(`guide-${at}.ts`, block), lent);
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
      for (const scenario of loaded.value.scenarios) {
        const { violation, complete } = await stormdrain.explore(scenario);
        verdicts.push(`${scenario.name} ${complete ? 'clean' : violation?.property}`);
      }
      for (const driver of loaded.value.drivers) verdicts.push(driver.name);
    }
    expect(verdicts).toEqual([
      'my-driver',
      'batching',
      'exit-beside-unbind clean',
      'handover clean',
      'overdraft overdrawn',
    ]);
  });
});

describe('the tutorial', () => {
  const tutorial = page('tutorial.md');
  const [buggy = '', fixedDriver = '', test = ''] = blocksOf(tutorial, 'ts');
  const [race = '', clean = '', different = ''] = blocksOf(tutorial, 'text');
  const [before, after] = [buggy.indexOf('export const driver'), buggy.indexOf('export const sc')];
  const fixed = `${buggy.slice(0, before)}${fixedDriver}\n${buggy.slice(after)}`;

  it('has a file of fewer than 60 lines, whose fixed form is the starter', () => {
    expect(buggy.trimEnd().split('\n').length).toBeLessThan(60);
    const starter = readFileSync(join(ROOT, 'load/starter/detach.ts'), 'utf8');
    expect(starter).toContain(fixed);
    expect(readFileSync(join(ROOT, 'load/starter/detach.test.ts'), 'utf8')).toBe(test);
  });

  it('shows the race as it is found, its fix as it is explored, and where the race ends', async () => {
    const file = written('detach.ts', buggy);
    const trace = join(folder, 'race.json');
    const found = await run('explore', file, '--trace', trace);
    expect(found).toEqual({ code: 1, text: untimed(race) });
    // A module is loaded once: as the next command of a shell would, this one finds another file.
    const mended = written('mended.ts', fixed);
    expect(await run('explore', mended)).toEqual({ code: 0, text: untimed(clean) });
    const again = await run('replay', trace, '--from', mended);
    expect(again.code).toBe(1);
    expect(again.text).toContain(different);
  });

  it('ends with what works in bundled scenarios too', async () => {
    const file = written('bundled.ts', fixed);
    const bundled = await run('explore', 'pasid-replace-faults', '--driver', file, '--json');
    expect(JSON.parse(bundled.text)).toMatchObject({ driver: 'my-driver', complete: true });
  });
});

describe('all code of both', () => {
  const checked = join(ROOT, 'node_modules/.cache/pages');
  beforeAll(() => mkdirSync(checked, { recursive: true }));
  afterAll(() => rmSync(checked, { recursive: true }));

  it('type-checks', { timeout: 240_000 }, () => {
    for (const name of ['library.md', 'tutorial.md']) {
      for (const [at, block] of blocksOf(page(name), 'ts').entries()) {
        const isWhole = /^import/.test(block);
        const text = isWhole ? block : `import { defineDriver } from 'stormdrain';\n${block}`;
        writeFileSync(join(checked, `${name}-${at}.ts`), text);
      }
    }
    cpSync(join(ROOT, 'load/starter/detach.ts'), join(checked, 'detach.ts'));
    const config = {
      extends: '../../../tsconfig.json',
      compilerOptions: {
        paths: {
          stormdrain: ['../../../src/library/stormdrain.ts'],
          'stormdrain/testing': ['../../../src/library/testing.ts'],
        },
      },
      include: ['*.ts'],
    };
    writeFileSync(join(checked, 'tsconfig.json'), JSON.stringify(config));
    const compiler = join(ROOT, 'node_modules/.bin/tsc');
    const said = (() => {
      try {
        return execFileSync(compiler, ['-p', checked], { encoding: 'utf8' });
      } catch (error) {
        return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
      }
    })();
    expect(said).toBe('');
  });
});
