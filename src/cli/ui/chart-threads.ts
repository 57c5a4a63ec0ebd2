/**
 * Chart threads: a pool that lays charts out beside whoever asks, so that a server goes on answering.
 */
import { Piscina } from 'piscina';

import type { ChartPicture, ChartTask } from './chart-thread.ts';

export type ChartThreads = {
  readonly picture: (task: ChartTask) => Promise<ChartPicture>;
  readonly stop: () => Promise<void>;
};

const THREADS_MAX = 2;
/** A reader looks at one chart, and then at the next. */
const IDLE_MILLISECONDS = 20_000;

export function chartThreads(): ChartThreads {
  const pool = new Piscina({
    filename: threadEntry().href,
    minThreads: 0,
    maxThreads: THREADS_MAX,
    idleTimeout: IDLE_MILLISECONDS,
    concurrentTasksPerWorker: 1,
    atomics: 'disabled',
  });
  return {
    picture: (task) => pool.run(task, { name: 'picture' }),
    stop: () => pool.destroy(),
  };
}

/** From the sources (in tests), the entry of the last build is used. */
const threadEntry = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/src/cli/ui/chart-thread.js', import.meta.url)
    : new URL('./chart-thread.js', import.meta.url);
