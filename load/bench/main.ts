/**
 * Entry point of the bench: prints every figure beside its target; exits 0 whatever is missed.
 *
 * `--json` prints one object, `--write` puts the table into docs/performance.md as well.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

import { explorerFigures } from './explorer-figures.ts';
import { type Figure, figureLine, figureTable } from './figure.ts';
import { parallelFigures } from './parallel-figures.ts';
import { raceFigures } from './race-figures.ts';
import { reducedFigures } from './reduced-figures.ts';
import { stormFigures } from './storm-figures.ts';

/** What stands above the generated part of the page. */
const TABLE_BELOW = '<!-- below: npm run bench -- --write -->';

/** Node gives a collector to programs started with --expose-gc, as `npm run bench` does. */
const collect: () => void = globalThis.gc ?? (() => {});

const json = process.argv.includes('--json');
const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`;
const clock = {
  now: () => performance.now(),
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  liveBytes: () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
};

const figures: Figure[] = [];
if (!json) process.stdout.write(`${machine}\n`);
const tell = (figure: Figure): void => {
  figures.push(figure);
  if (!json) process.stdout.write(`${figureLine(figure)}\n`);
};
for (const figure of explorerFigures(clock)) tell(figure);
for (const figure of parallelFigures(clock)) tell(figure);
for (const figure of reducedFigures(clock)) tell(figure);
for (const figure of raceFigures(clock)) tell(figure);
for await (const figure of stormFigures(clock)) tell(figure);
if (json) {
  process.stdout.write(`${JSON.stringify({ schema: 'stormdrain.bench/1', machine, figures })}\n`);
}
if (process.argv.includes('--write')) {
  const page = 'docs/performance.md';
  const [above] = readFileSync(page, 'utf8').split(TABLE_BELOW);
  writeFileSync(page, `${above}${TABLE_BELOW}\n\n${figureTable(machine, figures)}`);
}
