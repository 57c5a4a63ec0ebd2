/** A job that comes from another host is checked by its schema, its model and its name before anybody acts on it. */
import { describe, expect, it } from 'vitest';

import { checkJob, jobKey, readSentJob, type SentJob } from '../../../src/campaign/campaign-job.ts';
import { JOBS, MODEL, ownSearch, search, storm, walks } from './fixture.ts';

const sent = (job = search('a')): SentJob => ({
  key: jobKey(job, MODEL),
  model: MODEL,
  secondsMax: 60,
  job,
});

const crossed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a job from another host', () => {
  it.each([...JOBS, ownSearch('drain-ring')])('is the job that was sent: $kind', (job) => {
    const read = readSentJob(crossed(sent(job)), MODEL);
    expect(read).toEqual({ ok: true, value: sent(job) });
    expect(read.ok && jobKey(read.value.job, MODEL)).toBe(jobKey(job, MODEL));
  });

  it.each([
    ['nothing', undefined, /not a job/],
    ['a text', 'rm -rf', /not a job/],
    ['another kind', { ...sent(), job: { kind: 'shell', command: 'id' } }, /not a job: job.kind/],
    ['a field more', { ...sent(), job: { ...search('a'), module: '/tmp/x.js' } }, /job.module/],
    [
      'a limit without bounds',
      sent({ ...search('a'), statesMax: 1e300 } as never),
      /job.statesMax/,
    ],
    [
      'a path for a recording',
      sent({ ...storm(1), profile: { name: 'x', processes: [7] } } as never),
      /job.profile/,
    ],
    [
      'another model',
      { ...sent(), model: 'model-2' },
      /a job of model model-2, and this is model-1/,
    ],
    [
      'the name of another',
      { ...sent(), key: jobKey(search('b'), MODEL) },
      /under the name of another/,
    ],
    [
      'another version of a driver',
      { ...sent(ownSearch('drain-ring')), job: ownSearch('flush-workqueue') },
      /under the name of another/,
    ],
    [
      'a driver that is none',
      sent({ ...search('a'), definition: { name: 'own', like: 'vtx' } } as never),
      /job.definition/,
    ],
    ['a job that was changed', { ...sent(walks(1)), job: walks(2) }, /under the name of another/],
  ])('is refused: %s', (_, value, sentence) => {
    const read = readSentJob(crossed(value ?? null), MODEL);
    expect(read.ok ? '' : read.error).toMatch(sentence);
  });

  it('has the same name for every order of its fields, and another for another model', () => {
    const job = search('a');
    const turned = Object.fromEntries(Object.entries(job).reverse());
    const read = checkJob(turned, []);
    expect(read.ok && jobKey(read.value, MODEL)).toBe(jobKey(job, MODEL));
    expect(jobKey(job, 'model-2')).not.toBe(jobKey(job, MODEL));
  });
});
