/**
 * Race threads: a pool that makes searches side by side.
 *
 * An abort ends the threads where they are: a search holds nothing that would have to be given back.
 */
import { Piscina } from 'piscina';

import type { RunSearch } from './race-run.ts';
import type { RaceFinding } from './race-search.ts';

export type RaceThreads = {
  readonly run: RunSearch;
  readonly stop: () => Promise<void>;
};

export function raceThreads(workers: number, signal: AbortSignal): RaceThreads {
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
      try {
        const finding: RaceFinding = await pool.run(job, { name: 'search' });
        return finding;
      } catch (error) {
        if (signal.aborted) return INTERRUPTED;
        throw error;
      }
    },
    stop: async () => {
      signal.removeEventListener('abort', end);
      await pool.destroy();
    },
  };
}

const INTERRUPTED: RaceFinding = {
  kind: 'limited',
  property: undefined,
  sentence: 'interrupted',
  states: 0,
  transitions: 0,
  trace: undefined,
};

/** From the sources (in tests), the entry of the last build is used. */
const threadEntry = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/src/scenarios/races/race-thread.js', import.meta.url)
    : new URL('./race-thread.js', import.meta.url);
