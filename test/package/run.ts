/**
 * Run: the installed command, as its user starts it in the project that installed it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Folder of the project that the package is installed in. */
export const project = inject('project');
/** Folder of the installed package. */
export const installed = join(project, 'node_modules/stormdrain');

/** Runs `stormdrain` with these arguments. */
export const stormdrain = (...args: readonly string[]): Promise<Ran> =>
  run(join(project, 'node_modules/.bin/stormdrain'), args);

/** Runs a command in the project, with `typed` as its input. */
export async function run(command: string, args: readonly string[], typed?: string): Promise<Ran> {
  const stdin = typed === undefined ? 'ignore' : 'pipe';
  const child = spawn(command, args, { cwd: project, stdio: [stdin, 'pipe', 'pipe'] });
  child.stdin?.end(typed);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}
