/** Local engine: the jobs of a campaign on the threads of this process. */
import type { Engine } from './engine.ts';
import { jobThreads } from './job-threads.ts';

export const localEngine = (workers: number): Engine => ({
  run: async (jobs, { ended, signal }) => {
    const threads = jobThreads({ workers, signal });
    const left = jobs.values();
    const takeAll = async (): Promise<void> => {
      for (const job of left) {
        const record = await threads.run(job);
        if (record === undefined) return;
        await ended(record);
      }
    };
    try {
      await Promise.all(Array.from({ length: workers }, takeAll));
    } finally {
      await threads.stop();
    }
  },
});
