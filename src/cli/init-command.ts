/**
 * The `init` command: a starter project, copied and named after its folder.
 *
 * Effects: makes the folder and writes the files; nothing when anything is in it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { packageRoot } from '../scenarios/package-root.ts';
import { isSystemError, makeFolder, unwritable, writeWholeFile } from '../scenarios/part-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { InitArguments } from './init-arguments.ts';
import { commandLineOf } from './option-table.ts';
import type { Output } from './output.ts';
import { packageVersion } from './package-version.ts';

/** What is copied, and what it is called there: npm keeps a file of the second name out of packages. */
const FILES: readonly (readonly [from: string, to: string])[] = [
  ['detach.ts', 'detach.ts'],
  ['detach.test.ts', 'detach.test.ts'],
  ['tsconfig.json', 'tsconfig.json'],
  ['gitignore', '.gitignore'],
  ['.github/workflows/check.yml', '.github/workflows/check.yml'],
];
const STARTER = 'load/starter';
/** What the starter's test is run with. */
const VITEST = '^4.1.12';

export async function initCommand(
  { folder, json }: InitArguments,
  stdout: Output,
): Promise<Result<ExitCode, BadInput>> {
  const free = await isFree(folder);
  if (!free.ok) return free;
  const files = new Map([['package.json', await description(resolve(folder))]]);
  for (const [from, to] of FILES) {
    files.set(to, await readFile(join(packageRoot(), STARTER, from), 'utf8'));
  }
  for (const [name, text] of files) {
    const file = join(folder, name);
    const made = await makeFolder(dirname(file));
    if (!made.ok) return made;
    const written = await writeWholeFile(file, text);
    if (!written.ok) return written;
  }
  const names = [...files.keys()].sort();
  stdout.write(
    json
      ? `${JSON.stringify({ schema: 'stormdrain.init/1', folder, files: names })}\n`
      : report(folder, names),
  );
  return ok(EXIT.fine);
}

/** Not there, or there and empty. */
async function isFree(folder: string): Promise<Result<undefined, BadInput>> {
  try {
    const [first] = await readdir(folder);
    if (first === undefined) return ok(undefined);
    return err({ code: 'unwritable-file', file: folder, reason: `${first} is in it already` });
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return ok(undefined);
    return err(unwritable(folder, error));
  }
}

async function description(folder: string): Promise<string> {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const project = {
    name: name === '' ? 'stormdrain-project' : name,
    private: true,
    type: 'module',
    scripts: { test: 'vitest run', explore: 'stormdrain explore detach.ts' },
    devDependencies: { stormdrain: `^${await packageVersion()}`, vitest: VITEST },
  };
  return `${JSON.stringify(project, undefined, 2)}\n`;
}

const report = (folder: string, files: readonly string[]): string =>
  [
    ...files.map((file) => join(folder, file)),
    '',
    ...(folder === '.' ? [] : [`cd ${folder}`]),
    'npm install',
    'npm test',
    commandLineOf(['explore', 'detach.ts']),
    '',
  ].join('\n');
