/**
 * BullMQ engine: the jobs of a campaign in a queue at a Redis, done by whoever runs a worker there.
 *
 * What counts is in the results file of this coordinator; Redis only carries. So the engine looks, again and again,
 * at what is there: it takes what is done, keeps it, and only then removes it; and when less is there than is left to
 * do (Redis was restarted and forgot), it puts the rest in again. A job is named by its key, so what is there twice is
 * there once. Nothing here depends on a message that might be missed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import { isDataTooDeep } from '../scenarios/nesting.ts';
import type { CampaignRun } from './campaign-folder.ts';
import type { SentJob } from './campaign-job.ts';
import { announceCampaign, queueNameOf, withdrawCampaign } from './campaign-register.ts';
import type { Engine, EngineHooks } from './engine.ts';
import { checkRecord, type JobRecord } from './job-record.ts';
import { failedRecord } from './job-threads.ts';
import type { RedisConnection } from './redis.ts';

const LOOK_MILLISECONDS = 200;
/** Jobs put in, and results taken out, at once. */
const BATCH = 500;
/** Whoever never comes back for its results leaves them this long. */
const KEPT_SECONDS = 7 * 86_400;
const ATTEMPTS = 3;
/** Looks without a worker before it is said that one is missing. */
const LOOKS_ALONE = 10;

export const bullmqEngine = (
  run: CampaignRun,
  connection: RedisConnection,
  workerCommand: string,
): Engine => ({
  run: async (jobs, hooks) => {
    const { bullmq, redis, close } = connection;
    const queue = new bullmq.Queue(queueNameOf(run.id), { connection: redis });
    // The connection itself tells when Redis goes; a queue without a listener would end the process.
    queue.on('error', () => undefined);
    const left = new Map(jobs.map((job) => [job.key, job]));
    const look = lookAt(run, queue, left, hooks);
    let alone = 0;
    try {
      while (left.size > 0 && !hooks.signal.aborted) {
        await untilAborted(announceCampaign(redis, run.id, run.model).then(look), hooks.signal);
        if (left.size === 0 || hooks.signal.aborted) break;
        alone = (await untilAborted(queue.getWorkersCount(), hooks.signal)) === 0 ? alone + 1 : 0;
        if (alone === LOOKS_ALONE) hooks.note(`no worker is there; start one: ${workerCommand}`);
        await pause(LOOK_MILLISECONDS, undefined, { signal: hooks.signal }).catch(() => undefined);
      }
      // A Redis that is away now forgets in a week; nobody should have to wait for it.
      const late = pause(TIDY_MILLISECONDS, undefined, { ref: false });
      await Promise.race([tidied(run, queue, connection), late]);
    } finally {
      close();
    }
  },
});

const TIDY_MILLISECONDS = 3000;

/** What the promise comes to, or undefined as soon as the signal is aborted. */
function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  let stop: () => void = () => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
  });
  promise.catch(() => undefined);
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop));
}

/** Takes what is done, and puts in what is missing. */
function lookAt(
  { model }: CampaignRun,
  queue: Queue,
  left: Map<string, SentJob>,
  { ended }: EngineHooks,
): () => Promise<void> {
  const take = async (job: Job): Promise<void> => {
    const record = recordOf(job, model);
    await ended(record);
    left.delete(record.key);
    await job.remove();
  };
  return async () => {
    for (;;) {
      const done = await queue.getJobs(['completed', 'failed'], 0, BATCH - 1, true);
      await Promise.all(done.map(take));
      if (done.length < BATCH) break;
    }
    const counts = await queue.getJobCounts();
    const there = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (there >= left.size) return;
    const missing = [...left.values()];
    for (let from = 0; from < missing.length; from += BATCH) {
      await queue.addBulk(missing.slice(from, from + BATCH).map(queued));
    }
  };
}

const queued = (sent: SentJob) => ({
  name: 'job',
  data: sent,
  opts: {
    jobId: sent.key,
    attempts: ATTEMPTS,
    removeOnComplete: { age: KEPT_SECONDS },
    removeOnFail: { age: KEPT_SECONDS },
  },
});

/** What another host answered is checked like any file. */
function recordOf(job: Job, model: string): JobRecord {
  const key = job.id ?? '';
  if (job.failedReason !== undefined && job.failedReason !== null && job.failedReason !== '') {
    return failedRecord({ key, model }, job.failedReason);
  }
  const answered: unknown = job.returnvalue;
  const checked = isDataTooDeep(answered) ? undefined : checkRecord(answered, []);
  if (checked?.ok === true && checked.value.key === key && checked.value.model === model)
    return checked.value;
  return failedRecord({ key, model }, 'a worker answered with something that is no record of it');
}

/** Workers leave a campaign that is withdrawn; what one of them is still at is done in vain. */
async function tidied(run: CampaignRun, queue: Queue, { redis }: RedisConnection): Promise<void> {
  try {
    await withdrawCampaign(redis, run.id);
    await queue.obliterate({ force: true });
  } catch {
    // Redis forgets by itself; the results are safe.
  }
}
