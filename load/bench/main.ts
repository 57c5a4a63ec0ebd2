/**
 * Entry point of the bench: prints every figure beside its target; exits 0 whatever is missed.
 *
 * `--json` prints one object, `--write` puts the tables into docs/performance.md as well, and words choose among the
 * parts. What is not measured stays on the page as it was.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

import { commandFigures } from './command-figures.ts';
import { detachFigures } from './detach-figures.ts';
import { explorerFigures } from './explorer-figures.ts';
import { type Figure, figureLine, figureTable } from './figure.ts';
import { parallelFigures } from './parallel-figures.ts';
import { raceFigures } from './race-figures.ts';
import { reducedFigures } from './reduced-figures.ts';
import { stormFigures } from './storm-figures.ts';
import type { Clock } from './storm-runs.ts';

/** What stands above the generated part of the page. */
const TABLES_BELOW = '<!-- below: npm run bench -- --write -->';
const PAGE = 'docs/performance.md';

/** Node gives a collector to programs started with --expose-gc, as `npm run bench` does. */
const collect: () => void = globalThis.gc ?? (() => {});

const json = process.argv.includes('--json');
const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`;
const clock: Clock = {
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

/** In the order of the page. */
const PARTS: Readonly<Record<string, () => Iterable<Figure> | AsyncIterable<Figure>>> = {
  storm: () => stormFigures(clock),
  detach: () => detachFigures(clock),
  explorer: () => explorerFigures(clock),
  parallel: () => parallelFigures(clock),
  reduced: () => reducedFigures(clock),
  races: () => raceFigures(clock),
  commands: () => commandFigures(),
};

const USAGE = `npm run bench -- [--json] [--write] [PART...]; parts: ${Object.keys(PARTS).join(', ')}\n`;
const OPTIONS: readonly string[] = ['--json', '--write'];

if (process.argv.includes('--help')) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const asked = process.argv.slice(2).filter((argument) => !OPTIONS.includes(argument));
const unknown = asked.find((argument) => !Object.hasOwn(PARTS, argument));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no ${unknown}; try ${USAGE}`);
  process.exit(2);
}

const figures: Figure[] = [];
const tables = new Map<string, string>();
if (!json) process.stdout.write(`${machine}\n`);
for (const [part, measured] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(part)) continue;
  const own: Figure[] = [];
  for await (const figure of measured()) {
    own.push(figure);
    if (!json) process.stdout.write(`${figureLine(figure)}\n`);
  }
  figures.push(...own);
  tables.set(part, figureTable(machine, own));
}
if (json) {
  process.stdout.write(`${JSON.stringify({ schema: 'stormdrain.bench/1', machine, figures })}\n`);
}
if (process.argv.includes('--write')) writePage();

function writePage(): void {
  const [above = '', below = ''] = readFileSync(PAGE, 'utf8').split(TABLES_BELOW);
  const kept = new Map(
    below.split(/^### /m).flatMap((text) => {
      const [title = '', ...lines] = text.split('\n');
      return title in PARTS ? [[title, `${lines.join('\n').trim()}\n`] as const] : [];
    }),
  );
  const sections = Object.keys(PARTS).flatMap((part) => {
    const table = tables.get(part) ?? kept.get(part);
    return table === undefined ? [] : [`### ${part}\n\n${table}`];
  });
  writeFileSync(PAGE, `${above}${TABLES_BELOW}\n\n${sections.join('\n')}`);
}
