/** The estimate of time left: what is left costs what its kind has cost, at the speed of this session. */
import { expect, it } from 'vitest';

import { jobKey, type SentJob } from '../../../src/campaign/campaign-job.ts';
import { ProgressEstimate } from '../../../src/campaign/progress-estimate.ts';
import { explored, failed, JOBS, MODEL, record, search, storm, stormed, walks } from './fixture.ts';

const SENT = JOBS.map(
  (job): SentJob => ({ key: jobKey(job, MODEL), model: MODEL, secondsMax: 9, job }),
);

it('knows nothing before the first job has ended', () => {
  const estimate = new ProgressEstimate(SENT, new Map(), 0);
  expect(estimate.at(1000)).toEqual({
    ...{ jobs: 6, done: 0, failed: 0, violated: 0 },
    ...{ elapsedSeconds: 1, leftSeconds: undefined },
  });
});

it('weighs kinds by what they cost, and hosts by what they do a second', () => {
  const estimate = new ProgressEstimate(SENT, new Map(), 0);
  estimate.ended(record(search('a'), explored(), 2));
  estimate.ended(record(storm(1), stormed(1), 6));
  estimate.ended(record(storm(1), stormed(1), 6));
  // Left: a search of 2 s, two walks of the mean 4 s, a storm of 6 s; 8 s of work were done in 4 s.
  expect(estimate.at(4000)).toEqual({
    ...{ jobs: 6, done: 2, failed: 0, violated: 1 },
    ...{ elapsedSeconds: 4, leftSeconds: 8 },
  });
});

it('does not count what earlier sessions did as speed of this one', () => {
  const earlier = record(walks(1), explored(), 100);
  const estimate = new ProgressEstimate(SENT, new Map([[earlier.key, earlier]]), 0);
  expect(estimate.at(1000).leftSeconds).toBeUndefined();
  estimate.ended(record(walks(2), failed('died'), 0));
  expect(estimate.at(1000)).toMatchObject({ done: 1, failed: 1 });
});
