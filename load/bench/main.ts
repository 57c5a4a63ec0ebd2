/**
 * Entry point of the bench: prints every figure beside its target; exits 0 whatever is missed.
 */
import { cpus } from 'node:os';

import { type Figure, figureLine } from './figure.ts';
import { stormFigures } from './storm-figures.ts';

const json = process.argv.includes('--json');
const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`;
const clock = {
  now: () => performance.now(),
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  rssBytes: () => process.memoryUsage.rss(),
};

const figures: Figure[] = [];
if (!json) process.stdout.write(`${machine}\n`);
for await (const figure of stormFigures(clock)) {
  figures.push(figure);
  if (!json) process.stdout.write(`${figureLine(figure)}\n`);
}
if (json) {
  process.stdout.write(`${JSON.stringify({ schema: 'stormdrain.bench/1', machine, figures })}\n`);
}
