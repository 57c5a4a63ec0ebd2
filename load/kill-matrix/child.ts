/**
 * Child: a process of the command line that can be killed at a moment of somebody's choosing.
 *
 * Effects: starts processes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { packageRoot } from '../../src/scenarios/package-root.ts';

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export class Child {
  readonly #process: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  isOver = false;

  /** `args` are those of `stormdrain`. */
  constructor(args: readonly string[]) {
    const main = join(packageRoot(), 'dist/src/cli/main.js');
    this.#process = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stdout?.on('data', (data) => {
      this.stdout += String(data);
    });
    this.#process.stderr?.on('data', (data) => {
      this.stderr += String(data);
    });
    this.ended = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', (code, signal) => {
        this.isOver = true;
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** False when it had ended before. */
  signal(signal: NodeJS.Signals): boolean {
    return !this.isOver && this.#process.kill(signal);
  }

  async kill(): Promise<boolean> {
    const was = this.signal('SIGKILL');
    await this.ended;
    return was;
  }
}
