/**
 * Builds program and page once before the browser tests, since what is served must be this code, and sees to a browser.
 *
 * Effects: writes `dist`; installs a Chromium where there is none and this user may.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { setup as buildProgram } from '../storm/build.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Called by vitest (`globalSetup`). @throws Error when it does not build, or there is no browser */
export function setup(): void {
  execFileSync('scripts/chromium.sh', { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  buildProgram();
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
  execFileSync(process.execPath, [vite, 'build', '--config', 'ui/vite.config.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    // Not a test's: what users are given is what is tested.
    env: { ...process.env, NODE_ENV: 'production' },
  });
}
