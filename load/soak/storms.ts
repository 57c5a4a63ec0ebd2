/**
 * The storm soak: an hour unless told otherwise, on every driver. Exit code 1 when anything was lost, answered twice,
 * broken, or when memory grew.
 *
 * Usage: node --expose-gc dist/load/soak/storms.js [seconds] [seed] [--json]
 */
import process from 'node:process';
import { driverNames } from '../../src/actors/drivers.ts';
import { invariant } from '../../src/core/invariant.ts';
import { stormSoak } from './storm-soak.ts';
import { judgedWindow } from './window-judge.ts';

const MEGABYTE = 2 ** 20;
/** Live memory may move by that much without a trend: what a process holds comes and goes. */
const GROWTH_MAX = 4 * MEGABYTE;
/** What an hour is to reach. */
const TARGET_REQUESTS = 100_000_000;

const [seconds = '3600', seed = '1'] = process.argv.slice(2).filter((each) => each !== '--json');
const isJson = process.argv.includes('--json');
if (![seconds, seed].every((number) => /^\d{1,9}$/.test(number)) || Number(seconds) === 0) {
  process.stderr.write('usage: npm run soak -- [SECONDS [SEED]] [--json]\n');
  process.exit(2);
}
const collect = globalThis.gc;
invariant(collect !== undefined, 'the soak weighs memory: run it with node --expose-gc');

const outcome = await stormSoak(
  {
    seconds: Number(seconds),
    seed: Number(seed),
    // The drivers without known defects.
    drivers: driverNames.filter((name) => !name.includes('@')),
    judge: judgedWindow,
  },
  {
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
    residentBytes: () => process.memoryUsage.rss(),
  },
  (line) => process.stderr.write(`${line}\n`),
);
const { lost, duplicated, violations, grownInOne, grownOverMany } = outcome;
const isFlat = grownInOne <= GROWTH_MAX && grownOverMany <= GROWTH_MAX;
const isWell = lost === 0 && duplicated === 0 && violations.length === 0 && isFlat;
const report = {
  schema: 'stormdrain.soak/1',
  seconds: Number(seconds),
  seed: Number(seed),
  ...outcome,
  isFlat,
};
process.stdout.write(
  isJson
    ? `${JSON.stringify({ ...report, windows: outcome.windows ?? null })}\n`
    : [
        `soak of ${seconds} s, seed ${seed}: ${outcome.storms} storms, ${outcome.groups} groups`,
        `  requests   ${outcome.pageRequests} of ${TARGET_REQUESTS} that an hour is to reach`,
        `  ledger     ${lost} lost, ${duplicated} duplicated, ${violations.length} violations`,
        `  memory     ${megabytes(grownInOne)} MiB grown in one storm, ${megabytes(grownOverMany)} over many; ${megabytes(outcome.residentMax)} resident at most`,
        `  windows    ${outcome.windows ?? 0} judged against the model`,
        ...outcome.misbehaviours.map((each) => `  MISBEHAVED ${each}`),
        ...violations.map((each) => `  VIOLATED   ${each}`),
        '',
      ].join('\n'),
);
process.exitCode = isWell ? 0 : 1;

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}
