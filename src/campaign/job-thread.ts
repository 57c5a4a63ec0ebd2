/**
 * Job thread: the entry of a thread that does jobs of a campaign, one after the other; it lends them its clock.
 *
 * What does the jobs is imported by the first of them: piscina requires this module, and Node 20 aborts the process
 * when a thread is ended, or runs out of memory, while it requires modules; while it imports them it does not.
 */
import process from 'node:process';

import type { SentJob } from './campaign-job.ts';
import type { JobRecord } from './job-record.ts';

const hooks = {
  now: () => performance.now(),
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};

export async function doJob({ key, model, job }: SentJob): Promise<JobRecord> {
  const { runJob } = await import('./run-job.ts');
  const start = hooks.now();
  const { outcome, storm } = await runJob(job, hooks);
  return { key, model, outcome, seconds: (hooks.now() - start) / 1000, storm };
}
