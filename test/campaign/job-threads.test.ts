/**
 * Goal:   a job whose thread dies or takes too long is told as failed, and jobs beside it are done all the same.
 * Method: real threads with a small heap, and a search that takes longer than it may.
 */
import { afterEach, describe, expect, it } from 'vitest';

import { type CampaignJob, jobKey, type SentJob } from '../../src/campaign/campaign-job.ts';
import {
  type JobThreads,
  type JobThreadsPlan,
  jobThreads,
} from '../../src/campaign/job-threads.ts';
import { search, walks } from '../unit/campaign/fixture.ts';

const MODEL = 'tests';
let threads: JobThreads | undefined;
afterEach(async () => threads?.stop());

function started(plan: Partial<JobThreadsPlan> = {}): JobThreads {
  threads = jobThreads({ workers: 1, signal: new AbortController().signal, ...plan });
  return threads;
}

const sent = (job: CampaignJob, secondsMax = 60): SentJob => ({
  ...{ key: jobKey(job, MODEL), model: MODEL, secondsMax, job },
});
const SMALL = search('no-handler');
/** Walks without end. */
const ENDLESS: CampaignJob = { ...walks(1), quirks: [], walks: 2 ** 31 } as CampaignJob; // of the same kind

describe('a thread that does jobs', () => {
  it('does a job, and says what it came to', async () => {
    const record = await started().run(sent(SMALL));
    expect(record).toMatchObject({
      key: jobKey(SMALL, MODEL),
      outcome: { kind: 'explored', verdict: 'clean', states: 69 },
    });
  });

  it('that runs out of memory, and the one that takes its place, fail their job and not this process', async () => {
    const poor = started({ heapMegabytes: 10 });
    const record = await poor.run(sent(ENDLESS));
    expect(record?.outcome).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('memory'),
    });
  });

  it('that takes too long fails the job, and does the next', async () => {
    const slow = started();
    const late = await slow.run(sent(ENDLESS, 1));
    expect(late?.outcome).toEqual({ kind: 'failed', sentence: 'it took longer than 1 s' });
    expect((await slow.run(sent(SMALL)))?.outcome.kind).toBe('explored');
  });

  it('is ended where it is by an abort, and tells nothing', async () => {
    const abort = new AbortController();
    const running = started({ signal: abort.signal }).run(sent(ENDLESS));
    setTimeout(() => abort.abort(), 500);
    expect(await running).toBeUndefined();
  });

  it('fails a job that names what does not exist, with the sentence a user would see', async () => {
    const record = await started().run(sent(search('no-such')));
    expect(record?.outcome).toMatchObject({
      kind: 'failed',
      sentence: 'there is no scenario "no-such"; see "stormdrain explore" for those there are',
    });
  });
});
