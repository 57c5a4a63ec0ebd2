/**
 * Packs the package as it would be published, and installs it into a project of its own, outside of the repository;
 * sees to the shells that its completions are tried in.
 *
 * Effects: writes `dist` and a temporary folder, by `npm pack` and `npm ci`; removes the folder afterwards;
 *          installs zsh and fish where they are not and this user may.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

import { lockFor } from './lock.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the project; the package is in its node_modules. */
    readonly project: string;
    /** Path of the tarball. */
    readonly tarball: string;
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Called by vitest (`globalSetup`). @throws Error with npm's words when it can't be packed or installed. */
export function setup({ provide }: TestProject): () => void {
  execFileSync('scripts/shells.sh', { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = mkdtempSync(join(tmpdir(), 'stormdrain-package-'));
  npm(ROOT, 'pack', '--pack-destination', folder);
  const [tarball = ''] = readdirSync(folder);
  const project = join(folder, 'user');
  mkdirSync(project);
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const lock = lockFor(packages, `../${tarball}`);
  const { name, dependencies } = lock.packages[''];
  const description = { name, private: true, type: 'module', dependencies };
  writeFileSync(join(project, 'package.json'), JSON.stringify(description));
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock));
  npm(project, 'ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund');
  provide('project', project);
  provide('tarball', join(folder, tarball));
  return () => rmSync(folder, { recursive: true, force: true });
}

function npm(cwd: string, ...args: readonly string[]): void {
  try {
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    throw new Error(`npm ${args.join(' ')}:\n${said}`, { cause: error });
  }
}
