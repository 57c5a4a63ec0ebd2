/**
 * Redis server: a real one on a port of its own, which can be stopped, killed, frozen and started again.
 *
 * Effects: installs Debian's `redis-server` when it is missing and this user may; starts processes; writes in `folder`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

const START_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 50;

/** @throws Error that says what to install, when it can't be installed here. */
export function ensureRedis(): void {
  if (spawnSync('redis-server', ['--version']).status === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync('apt-get', ['--version']).status === 0) {
    execFileSync('apt-get', ['update'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', 'redis-server'], { stdio: 'ignore' });
    return;
  }
  throw new Error(
    'these tests need redis-server: install it, on Debian by "apt-get install redis-server"',
  );
}

export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async start(folder: string): Promise<RedisServer> {
    ensureRedis();
    const server = new RedisServer(await freePort(), folder);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** With what the last one left in the folder. */
  async start(): Promise<void> {
    // The long interval saves at an orderly end and when asked, and never on its own.
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '100000 1'];
    const child = spawn('redis-server', [...options, '--dir', this.#folder], { stdio: 'ignore' });
    this.#process = child;
    for (let waited = 0; waited < START_MILLISECONDS; waited += LOOK_MILLISECONDS) {
      // Whoever else may listen on that port is not the one that was started.
      if ((await this.#asked('INFO server')).includes(`process_id:${child.pid}\r`)) return;
      await pause(LOOK_MILLISECONDS);
    }
    throw new Error(`redis-server does not answer on port ${this.port}`);
  }

  /** What is there is on the disk when this returns. */
  async save(): Promise<void> {
    await this.#asked('SAVE');
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** In order, saving its data; or by SIGKILL, without. */
  async stop(how: 'saving' | 'killed'): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    const over = new Promise((resolve) => child.once('exit', resolve));
    child.kill(how === 'saving' ? 'SIGTERM' : 'SIGKILL');
    await over;
  }

  /** Forgets what was saved. */
  forget(): void {
    rmSync(join(this.#folder, 'dump.rdb'), { force: true });
  }

  /** The answer to one inline command; empty when nobody answers. */
  #asked(command: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(`${command}\r\n`));
      socket.once('data', (data) => {
        resolve(String(data));
        socket.destroy();
      });
      socket.once('error', () => resolve(''));
      socket.once('close', () => resolve(''));
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}
