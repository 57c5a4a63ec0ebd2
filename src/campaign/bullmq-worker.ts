/**
 * BullMQ worker: one host's share in the campaigns under way at a Redis.
 *
 * Jobs are done on threads of their own, so that the event loop is free to renew their leases. A worker that dies
 * loses its leases after a while, and others do its jobs. A campaign of another version of the model is refused: its
 * answers would not be the same.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';

import { readSentJob } from './campaign-job.ts';
import { campaignsUnderWay, queueNameOf } from './campaign-register.ts';
import { type JobThreads, jobThreads } from './job-threads.ts';
import type { RedisConnection } from './redis.ts';

const LOOK_MILLISECONDS = 1000;
/** A dead worker's jobs are free after that. */
const LEASE_MILLISECONDS = 6000;
const STALLED_LOOK_MILLISECONDS = 3000;
/** Workers may die as often as they like; a job that kills its thread is given up by the pool. */
const STALLS_MAX = 1000;
/** Longest wait for Redis to hear that jobs are given back. */
const LEAVE_MILLISECONDS = 3000;

export type WorkerPlan = {
  readonly model: string;
  /** Jobs at once. */
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly note: (sentence: string) => void;
};

export type WorkerEnd =
  | { readonly kind: 'interrupted' }
  /** There were campaigns when it came, and all of another model. */
  | { readonly kind: 'refused'; readonly campaign: string; readonly model: string };

export async function workOnCampaigns(
  connection: RedisConnection,
  plan: WorkerPlan,
): Promise<WorkerEnd> {
  const { model, workers, signal, note } = plan;
  const threads = jobThreads({ workers, signal });
  const taken = new Map<string, Worker>();
  const refused = new Set<string>();
  try {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const underWay = await campaignsUnderWay(connection.redis).catch(() => undefined);
      const others = [...(underWay ?? [])].filter(([, needs]) => needs !== model);
      const [first] = others;
      if (isFirst && first !== undefined && others.length === underWay?.size) {
        return { kind: 'refused', campaign: first[0], model: first[1] };
      }
      for (const [id, needs] of others) {
        if (refused.has(id)) continue;
        refused.add(id);
        note(`the campaign ${id} is refused: it needs model ${needs}, and this is ${model}`);
      }
      for (const [id, needs] of underWay ?? []) {
        if (needs !== model || taken.has(id)) continue;
        taken.set(id, workerFor(id, connection, plan, threads));
        note(`takes part in the campaign ${id}`);
      }
      for (const [id, worker] of taken) {
        if (underWay === undefined || underWay.has(id)) continue;
        taken.delete(id);
        await left(worker);
        await forgotten(id, connection);
        note(`the campaign ${id} is over`);
      }
      await pause(LOOK_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all([...taken.values()].map(left));
    return { kind: 'interrupted' };
  } finally {
    await threads.stop();
    connection.close();
  }
}

/** Without waiting for ever: a Redis that is away now finds out by itself that nobody holds the leases. */
const left = async (worker: Worker): Promise<void> => {
  const late = pause(LEAVE_MILLISECONDS, undefined, { ref: false });
  await Promise.race([worker.close().catch(() => undefined), late]);
};

/** Who looked for stalled jobs after the campaign was withdrawn wrote keys again: the last to leave takes them too. */
async function forgotten(id: string, { bullmq, options }: RedisConnection): Promise<void> {
  const queue = new bullmq.Queue(queueNameOf(id), { connection: options });
  queue.on('error', () => {}); // a Redis that is away forgets by itself
  const late = pause(LEAVE_MILLISECONDS, undefined, { ref: false });
  await Promise.race([queue.obliterate({ force: true }).catch(() => undefined), late]);
  await Promise.race([queue.close().catch(() => undefined), late]);
}

function workerFor(
  id: string,
  { bullmq, options }: RedisConnection,
  { model, workers, note }: WorkerPlan,
  threads: JobThreads,
): Worker {
  const done = async (job: Job, token: string | undefined) => {
    const sent = readSentJob(job.data, model);
    if (!sent.ok) throw new bullmq.UnrecoverableError(sent.error);
    if (sent.value.key !== job.id) throw new bullmq.UnrecoverableError('a job under a wrong name');
    const record = await threads.run(sent.value);
    if (record !== undefined) return record;
    // Interrupted: whoever is next need not wait until the lease ends.
    await job.moveToWait(token);
    throw new bullmq.WaitingError();
  };
  const worker = new bullmq.Worker(queueNameOf(id), done, {
    connection: options,
    concurrency: workers,
    lockDuration: LEASE_MILLISECONDS,
    stalledInterval: STALLED_LOOK_MILLISECONDS,
    maxStalledCount: STALLS_MAX,
  });
  worker.on('error', (error) => {
    if (!CONNECTION.test(error.message)) note(`campaign ${id}: ${error.message}`);
  });
  return worker;
}

/** What is said once for the whole worker, by its first connection. */
const CONNECTION = /ECONN|ETIMEDOUT|EPIPE|Connection is closed|LOADING/;
