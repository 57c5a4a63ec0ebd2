/**
 * Goal: the packed package, installed outside of the repository, is whole, small, and does what it does here.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';

import { installed, project, run, stormdrain } from './run.ts';

/** Bytes of everything but the two libraries that stand apart: the layout engine and the machines'. */
const INSTALLED_MAX = 5_000_000;
const APART = ['elkjs', 'xstate'];

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const sizeOf = (folder: string): number =>
  filesBelow(folder).reduce((sum, file) => sum + statSync(file).size, 0);

describe('the installed package', () => {
  it('has a command that helps, and knows its version', async () => {
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(await stormdrain('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const { code, stdout } = await stormdrain('--help');
    expect({ code, first: stdout.split('\n')[0] }).toEqual({
      code: 0,
      first: expect.stringContaining('a laboratory for I/O page faults'),
    });
  });

  it('confirms a race', async () => {
    const { code, stdout } = await stormdrain('races', 'run', 'fault-without-param-unanswered');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('confirmed') });
  });

  it('runs a storm of the bundled profile and recordings', async () => {
    const { code, stdout } = await stormdrain('storm', '--groups', '500', '--seed', '1');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('storm processes'),
    });
  });

  it('draws a chart', async () => {
    const { code, stdout } = await stormdrain('charts', '--machine', 'mm-notifier');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^<svg /) });
  });

  it('is a library, with types for all that it has', async () => {
    const source = `
      import { explore, defineScenario, type ExploreResult } from 'stormdrain';
      const result: ExploreResult = await explore('exit-unbind', { driver: 'vtd@7.3' });
      const property: string | undefined = result.violation?.property;
      console.log(property, typeof defineScenario);
    `;
    writeFileSync(join(project, 'user.ts'), source);
    const compiler = fileURLToPath(
      new URL('../../node_modules/typescript/bin/tsc', import.meta.url),
    );
    const options = '--strict --module nodenext --target es2023 --types --rootDir . user.ts';
    const types = [
      '--typeRoots',
      fileURLToPath(new URL('../../node_modules/@types', import.meta.url)),
    ];
    const compiled = await run(process.execPath, [compiler, ...options.split(' '), ...types]);
    expect(compiled).toEqual({ code: 0, stdout: '', stderr: '' });
    const { stdout } = await run(process.execPath, ['user.js']);
    expect(stdout).toBe('S6 function\n');
  });

  it('serves the page that was built', async () => {
    const child = spawn(join(project, 'node_modules/.bin/stormdrain'), ['ui'], { cwd: project });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const said = await new Promise<string>((resolve) => child.stdout.once('data', resolve));
    const url = String(said).trim();
    const page = await fetch(url);
    expect(await page.text()).toContain('page.js');
    const script = await fetch(new URL('page.js', url));
    expect(script.status).toBe(200);
    expect((await script.text()).length).toBeGreaterThan(10_000);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});

describe('what is installed', () => {
  it('has no test, no map, no source, but what a new project begins with', () => {
    const own = filesBelow(installed).filter((file) => !file.includes('/load/starter/'));
    const strange = own.filter((file) => /\.map$|(?<!\.d)\.ts$|\.test\./.test(file));
    expect(strange).toEqual([]);
  });

  it(`is under ${INSTALLED_MAX / 1e6} MB, but for ${APART.join(' and ')}`, () => {
    const modules = join(project, 'node_modules');
    const counted = readdirSync(modules).filter(
      (name) => !name.startsWith('.') && !APART.includes(name),
    );
    const sizes = counted.map((name) => [name, sizeOf(join(modules, name))] as const);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    const largest = sizes.toSorted(([, one], [, other]) => other - one).slice(0, 5);
    expect(total, largest.map((each) => each.join(' ')).join(', ')).toBeLessThan(INSTALLED_MAX);
  });

  it('has the licences of the libraries that its compiler is made of', () => {
    const folder = join(installed, 'dist/src/scenarios/own');
    const licences = readFileSync(join(folder, 'own-compiler.licences.txt'), 'utf8');
    for (const name of [/^jiti \d/m, /^sucrase \d/m]) expect(licences).toMatch(name);
  });

  it('is the tarball and nothing else of the repository', () => {
    expect(statSync(inject('tarball')).size).toBeLessThan(1_000_000);
    const top = new Set(readdirSync(installed));
    expect([...top].sort()).toEqual(
      ['LICENSE', 'README.md', 'dist', 'load', 'man', 'package.json', 'schemas'].sort(),
    );
  });
});
