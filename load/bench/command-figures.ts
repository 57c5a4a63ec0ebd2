/**
 * Command figures: CPU of whole commands as a user starts them, all threads, from the start of the process to its end.
 *
 * Method: a process each, which tells its own CPU time when it exits; medians.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { type Figure, figure, median } from './figure.ts';

const RUNS = 7;
const COMMANDS = [
  { words: ['--help'], milliseconds: 150 },
  { words: ['races', 'run', 'iopf-remove-before-drain'], milliseconds: 1000 },
];
const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
/** Written to a descriptor of its own, so that what the command prints is left alone. */
const TELL = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, String((user + system) / 1000));
  });
`)}`;

/** Milliseconds of CPU. @throws Error when the command fails */
function milliseconds(words: readonly string[]): number {
  const { status, output } = spawnSync(process.execPath, ['--import', TELL, MAIN, ...words], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`stormdrain ${words.join(' ')} ended with ${status}`);
  return Number(output[3]);
}

/** Each figure as soon as it is known. */
export function* commandFigures(): Generator<Figure> {
  for (const { words, milliseconds: target } of COMMANDS) {
    yield figure({
      name: `stormdrain ${words.join(' ')}`,
      value: median(Array.from({ length: RUNS }, () => milliseconds(words))),
      unit: 'CPU-ms',
      target,
      atMost: true,
    });
  }
}
