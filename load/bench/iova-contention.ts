/**
 * IOVA contention: as many CPUs as asked for, whose devices are in groups of one, two and so on; how much of an
 * allocation is waiting for the locks of the domain that a group shares.
 *
 * `node dist/load/bench/iova-contention.js [--json]`: a line a group size, or one object of them.
 */
import { Worker } from 'node:worker_threads';

import { IovaAllocator, iovaMemory } from '../../src/workers/iova/iova-allocator.ts';
import { FAULTS, type MapperStart, START } from '../../src/workers/iova/iova-mapper.ts';
import { sharedWords } from '../../src/workers/lines.ts';

const CPUS = 4;
const GROUP_SIZES = [1, 2, 4];
const PAGES = 1 << 17;
const BURST = 1024;
const BURSTS = 2000;

type Row = {
  readonly groupSize: number;
  readonly allocators: number;
  readonly allocations: number;
  readonly allocationsPerCpuSecond: number;
  readonly treeLock: { readonly taken: number; readonly waited: number };
  readonly depotLock: { readonly taken: number; readonly waited: number };
};

/** @throws Error when a page was given out twice. */
async function measured(groupSize: number): Promise<Row> {
  const control = sharedWords(FAULTS + CPUS);
  const domains = Array.from({ length: CPUS / groupSize }, () => ({
    memory: iovaMemory(PAGES, groupSize),
    owned: sharedWords(PAGES),
  }));
  const entry = new URL('../../src/workers/iova/iova-thread.js', import.meta.url);
  const threads = Array.from({ length: CPUS }, (_, number) => {
    const domain = domains[Math.floor(number / groupSize)];
    if (domain === undefined) throw new Error(`CPU ${number} is in no group`);
    const cpu = number % groupSize;
    const sizes = { cpus: groupSize, cpu, number, bursts: BURSTS, burst: BURST };
    return new Worker(entry, {
      workerData: { ...domain, control, ...sizes } satisfies MapperStart,
    });
  });
  await Promise.all(
    threads.map((thread) => new Promise((online) => thread.once('online', online))),
  );
  const before = process.cpuUsage();
  const ended = threads.map(
    (thread) =>
      new Promise<void>((resolve, reject) => {
        thread.once('error', reject);
        thread.once('exit', () => resolve());
      }),
  );
  Atomics.store(control, START, 1);
  Atomics.notify(control, START);
  await Promise.all(ended);
  const { user, system } = process.cpuUsage(before);
  const faults = control.slice(FAULTS).reduce((sum, each) => sum + each, 0);
  if (faults > 0) throw new Error(`${faults} pages were given out twice, or there were none left`);
  const counts = domains.map(({ memory }) => new IovaAllocator(memory, groupSize, 0).counts);
  const total = (lock: 'tree' | 'depot') => ({
    taken: counts.reduce((sum, each) => sum + each[lock].taken, 0),
    waited: counts.reduce((sum, each) => sum + each[lock].waited, 0),
  });
  const allocations = CPUS * (BURSTS / 2) * (BURST + BURST / 4);
  return {
    groupSize,
    allocators: domains.length,
    allocations,
    allocationsPerCpuSecond: allocations / ((user + system) / 1e6),
    treeLock: total('tree'),
    depotLock: total('depot'),
  };
}

const rows: Row[] = [];
for (const groupSize of GROUP_SIZES) rows.push(await measured(groupSize));
if (process.argv.includes('--json')) {
  const schema = 'stormdrain.iova-contention/1';
  process.stdout.write(`${JSON.stringify({ schema, cpus: CPUS, rows })}\n`);
} else {
  for (const { groupSize, allocators, allocationsPerCpuSecond, treeLock, depotLock } of rows) {
    process.stdout.write(
      `groups of ${groupSize}: ${allocators} allocators, ` +
        `${(allocationsPerCpuSecond / 1e6).toFixed(2)} million allocations a CPU-second, ` +
        `tree lock waited for ${treeLock.waited} of ${treeLock.taken} times, ` +
        `depot lock ${depotLock.waited} of ${depotLock.taken}\n`,
    );
  }
}
