/**
 * Fuzzing: a million inputs and more, each target in a thread that is watched. Exit code 1 when any input fails.
 *
 * Usage: node dist/load/fuzz/main.js [inputs] [seed] [target...]
 *
 * A failing input is made small and written to test/fixtures/fuzz/TARGET, where a test reads it from then on. An input
 * that hangs, or that takes the memory of its thread, is named by its number: the same seed makes it again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { textHash } from '../../src/campaign/content-hash.ts';
import { printable } from '../../src/scenarios/field-check.ts';
import { packageRoot } from '../../src/scenarios/package-root.ts';
import type { FuzzCounts, FuzzFailure } from './fuzz-run.ts';
import type { FuzzStart } from './fuzz-thread.ts';
import { inputsOf, TARGETS } from './targets.ts';

const HANG_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 1000;
const HEAP_MEGABYTES = 768;
/** As much as the main thread of Node has, where users meet the readers. */
const STACK_MEGABYTES = 1;
const THREADS = 2;

type Told = FuzzCounts & {
  readonly failure: FuzzFailure | undefined;
  readonly least: Uint8Array | undefined;
};

const USAGE = 'usage: npm run fuzz -- [INPUTS [SEED [TARGET...]]]';

const [total = '1000000', seed = '1', ...only] = process.argv.slice(2);
const strange = [total, seed].find((number) => !/^\d{1,10}$/.test(number)) ?? strangerIn(only);
if (strange !== undefined) {
  const names = TARGETS.map(({ name }) => name).join(', ');
  process.stderr.write(
    `no number, and no target: ${printable(strange)}; ${USAGE}; targets: ${names}\n`,
  );
  process.exit(2);
}
const targets = TARGETS.filter(({ name }) => only.length === 0 || only.includes(name));
process.stdout.write(`seed ${seed}, ${total} inputs for ${targets.length} targets\n`);
const left = targets.values();
let failures = 0;
let inputs = 0;
await Promise.all(Array.from({ length: THREADS }, takeAll));
process.stdout.write(
  `${inputs} inputs, ${failures} targets failed; the same again: npm run fuzz -- ${total} ${seed}\n`,
);
process.exitCode = failures === 0 ? 0 : 1;

function strangerIn(names: readonly string[]): string | undefined {
  return names.find((each) => TARGETS.every(({ name }) => name !== each));
}

async function takeAll(): Promise<void> {
  for (const target of left) {
    const to = only.length === 0 ? inputsOf(target, Number(total)) : Number(total);
    const started = performance.now();
    const told = await watched({ target: target.name, seed: Number(seed), from: 0, to });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (typeof told === 'string') {
      failures += 1;
      process.stdout.write(`${target.name}: ${told}\n`);
      continue;
    }
    inputs += told.accepted + told.refused;
    process.stdout.write(
      `${target.name}: ${told.accepted} accepted, ${told.refused} refused, ${seconds} s\n`,
    );
    if (told.failure === undefined) continue;
    failures += 1;
    const file = kept(target.name, Buffer.from(told.least ?? told.failure.input));
    process.stdout.write(
      `FAILED at ${told.failure.number}: ${told.failure.fault}\n  kept as ${file}\n`,
    );
  }
}

/** What the thread told, or how it ended without a word. */
function watched(start: Omit<FuzzStart, 'current'>): Promise<Told | string> {
  const current = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./fuzz-thread.js', import.meta.url), {
    workerData: { ...start, current },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES, stackSizeMb: STACK_MEGABYTES },
  });
  return new Promise((resolve) => {
    let seen = -1;
    let quiet = 0;
    const where = (): string => `input ${Atomics.load(current, 0)} of seed ${start.seed}`;
    const timer = setInterval(() => {
      const now = Atomics.load(current, 0);
      quiet = now === seen ? quiet + LOOK_MILLISECONDS : 0;
      seen = now;
      if (quiet < HANG_MILLISECONDS) return;
      void worker.terminate();
      end(`${where()} hangs`);
    }, LOOK_MILLISECONDS);
    const end = (told: Told | string): void => {
      clearInterval(timer);
      resolve(told);
    };
    worker.once('message', (told: Told) => end(told));
    worker.once('error', (error) => end(`${where()} ends its thread: ${error}`));
    worker.once('exit', () => end(`${where()} ends its thread`));
  });
}

function kept(target: string, input: Buffer): string {
  const folder = join(packageRoot(), 'test/fixtures/fuzz', target);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${textHash(input.toString('latin1')).slice(0, 12)}.bin`);
  writeFileSync(file, input);
  return file;
}
