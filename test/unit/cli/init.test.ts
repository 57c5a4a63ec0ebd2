/** A starter project is written whole into an empty folder, or not at all. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import { environmentWith } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'init-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const known = { drivers: ['vtd'], quirks: [] };
  const { environment, stdout, stderr } = environmentWith({ known });
  const code = await runCommandLine(args, environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

it('writes a driver, a scenario, a test and a workflow, and what it explores is clean', async () => {
  const project = join(folder, 'My Project');
  const made = await run('init', project, '--json');
  expect({ ...made, stdout: JSON.parse(made.stdout) }).toEqual({
    code: 0,
    stderr: '',
    stdout: {
      schema: 'stormdrain.init/1',
      folder: project,
      files: [
        '.github/workflows/check.yml',
        '.gitignore',
        'detach.test.ts',
        'detach.ts',
        'package.json',
        'tsconfig.json',
      ],
    },
  });
  const { name, devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  expect(name).toBe('my-project');
  expect(Object.keys(devDependencies)).toEqual(['stormdrain', 'vitest']);
  expect(await run('explore', join(project, 'detach.ts'))).toMatchObject({ code: 0 });
});

it('refuses a folder with anything in it, and leaves it as it is', async () => {
  const taken = mkdtempSync(join(folder, 'taken-'));
  writeFileSync(join(taken, 'thesis.txt'), 'mine');
  expect(await run('init', taken)).toEqual({
    code: 2,
    stdout: '',
    stderr: `stormdrain: cannot write ${taken}: thesis.txt is in it already; try another folder\n`,
  });
  expect(readdirSync(taken)).toEqual(['thesis.txt']);
});

it('refuses a file where the folder would be', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await run('init', file)).toMatchObject({ code: 2, stdout: '' });
});
