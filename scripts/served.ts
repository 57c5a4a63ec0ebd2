/**
 * Served: the `ui` command of the last build, as its user starts it.
 *
 * Effects: starts a process.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { packageRoot } from '../src/scenarios/package-root.ts';

export type ServedUi = {
  readonly url: string;
  /** Interrupts it; resolves to its exit code. */
  readonly stop: () => Promise<number | null>;
};

/** @throws Error with what it said, when it ends before it listens. */
export async function servedUi(...args: readonly string[]): Promise<ServedUi> {
  const main = join(packageRoot(), 'dist/src/cli/main.js');
  const child = spawn(process.execPath, [main, 'ui', ...args]);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    void ended.then((code) => reject(new Error(`ui ended with ${code}: ${said}`)));
  });
  return {
    url,
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
