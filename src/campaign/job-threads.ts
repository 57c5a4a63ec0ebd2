/**
 * Job threads: a pool that does jobs side by side, each in a thread that may die without taking others with it.
 *
 * A job whose thread dies (out of memory, above all) is tried again, then given up; so is one that takes too long.
 * Either way it is told as failed, never left out. An abort ends the threads where they are.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Piscina } from 'piscina';

import type { SentJob } from './campaign-job.ts';
import type { JobRecord } from './job-record.ts';

/** Times a job is begun before it is given up. */
const ATTEMPTS = 3;

export type JobThreads = {
  /** Undefined: interrupted. */
  readonly run: (sent: SentJob) => Promise<JobRecord | undefined>;
  readonly stop: () => Promise<void>;
};

export type JobThreadsPlan = {
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Megabytes of heap a thread may have; undefined: Node's own limit. */
  readonly heapMegabytes?: number;
};

export function jobThreads(plan: JobThreadsPlan): JobThreads {
  const { signal } = plan;
  let pool = poolOf(plan);
  const end = (): void => void pool.threads.destroy();
  signal.addEventListener('abort', end, { once: true });

  const attempt = async (sent: SentJob): Promise<JobRecord | Error> => {
    const { threads, broken } = pool;
    const slow = new AbortController();
    const timer = new AbortController();
    const late = pause(sent.secondsMax * 1000, 'late' as const, {
      signal: timer.signal,
      ref: false,
    });
    const done: Promise<JobRecord> = threads.run(sent, { name: 'doJob', signal: slow.signal });
    try {
      const first = await Promise.race([done, broken, late.catch(() => 'late' as const)]);
      if (first !== 'late') return first;
      slow.abort();
      await done.catch(() => undefined);
      return new TooSlow(`it took longer than ${sent.secondsMax} s`);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      timer.abort();
      // Whoever is not waited for any more fails unheard.
      done.catch(() => undefined);
      if (pool.isBroken() && !signal.aborted) pool = poolOf(plan);
    }
  };
  return {
    run: async (sent) => {
      let last: Error | undefined;
      for (let attempts = 0; attempts < ATTEMPTS; attempts += 1) {
        if (signal.aborted) return undefined;
        const ended = await attempt(sent);
        if (signal.aborted) return undefined;
        if (!(ended instanceof Error)) return ended;
        last = ended;
        // Another try would take as long.
        if (ended instanceof TooSlow) break;
      }
      return failedRecord(sent, last?.message ?? 'for no reason known');
    },
    stop: async () => {
      signal.removeEventListener('abort', end);
      await pool.threads.destroy();
    },
  };
}

type Pool = {
  readonly threads: Piscina;
  /** Comes to why, should a thread die before it takes a job: then nobody takes the jobs that wait. */
  readonly broken: Promise<Error>;
  readonly isBroken: () => boolean;
};

function poolOf({ workers, heapMegabytes }: JobThreadsPlan): Pool {
  const threads = new Piscina({
    filename: threadEntry().href,
    minThreads: 1,
    maxThreads: workers,
    concurrentTasksPerWorker: 1,
    atomics: 'disabled',
    ...(heapMegabytes === undefined
      ? {}
      : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
  });
  let reason: Error | undefined;
  const broken = new Promise<Error>((resolve) => {
    threads.on('error', (error: Error) => {
      reason ??= error;
      resolve(reason);
      void threads.destroy();
    });
  });
  return { threads, broken, isBroken: () => reason !== undefined };
}

class TooSlow extends Error {}

export const failedRecord = (
  { key, model }: Pick<SentJob, 'key' | 'model'>,
  sentence: string,
): JobRecord => ({
  key,
  model,
  outcome: { kind: 'failed', sentence: sentence.slice(0, 1000) },
  seconds: 0,
  storm: undefined,
});

/** From the sources (in tests), the entry of the last build is used. */
const threadEntry = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../dist/src/campaign/job-thread.js', import.meta.url)
    : new URL('./job-thread.js', import.meta.url);
