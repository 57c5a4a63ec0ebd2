/**
 * Builds the program once before the storm tests: threads run compiled code, and it must be this code.
 *
 * Effects: writes `dist`, by `tsc -p tsconfig.build.json`.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Called by vitest (`globalSetup`). @throws Error with the compiler's words when the program does not compile. */
export function setup(): void {
  const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
  try {
    execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
      cwd: root,
      encoding: 'utf8',
    });
  } catch (error) {
    const words = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`the program does not compile, so no storm can be run:\n${words}`, {
      cause: error,
    });
  }
}
