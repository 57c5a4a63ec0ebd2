/**
 * Race threads: a pool that makes searches side by side.
 *
 * An abort ends the threads where they are: a search holds nothing that would have to be given back.
 */
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';

import type { RaceSearches } from './race-run.ts';
import { INTERRUPTED, type RaceFinding, type RaceJob } from './race-search.ts';
import type { RaceTask } from './race-thread.ts';

/** `counted` is told now and then how many states the search of a job has stored. */
export function raceThreads(
  workers: number,
  signal: AbortSignal,
  counted?: (job: RaceJob, states: number) => void,
): RaceSearches {
  const pool = new Piscina({
    filename: threadEntry().href,
    minThreads: 1,
    maxThreads: workers,
    concurrentTasksPerWorker: 1,
    atomics: 'disabled',
  });
  const end = (): void => void pool.destroy();
  signal.addEventListener('abort', end, { once: true });
  return {
    run: async (job) => {
      const counts = counted && countsOf(job, counted);
      const task: RaceTask = { job, port: counts?.port2 };
      const transferList = counts === undefined ? [] : [counts.port2];
      try {
        const finding: RaceFinding = await pool.run(task, { name: 'search', transferList });
        return finding;
      } catch (error) {
        if (signal.aborted) return INTERRUPTED;
        throw error;
      } finally {
        counts?.port1.close();
      }
    },
    stop: async () => {
      signal.removeEventListener('abort', end);
      await pool.destroy();
    },
  };
}

/** What comes in at one end is told; nobody waits for it. */
function countsOf(job: RaceJob, counted: (job: RaceJob, states: number) => void): MessageChannel {
  const channel = new MessageChannel();
  channel.port1.on('message', (states) => counted(job, states));
  channel.port1.unref();
  return channel;
}

/** From the sources (in tests), the entry of the last build is used. */
const threadEntry = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/src/scenarios/races/race-thread.js', import.meta.url)
    : new URL('./race-thread.js', import.meta.url);
