/** A job with the definition of a driver is done with that driver, where no module of it is. */
import { expect, it } from 'vitest';

import { checkJob, jobLabel } from '../../../src/campaign/campaign-job.ts';
import { runJob } from '../../../src/campaign/run-job.ts';
import { search } from './fixture.ts';

const HOOKS = { now: () => 0, cpuSeconds: () => 0 };

/** Linux 7.3's unbind but for its drains, under a name that nobody else knows. */
const DEFINITION = {
  name: 'hasty',
  operations: {
    'unbind-sva': [
      'await-release',
      'block-entry',
      'invalidate-pasid-cache',
      'invalidate-iotlb',
      'invalidate-device-tlb',
      'zero-entry',
      'drop-reporting',
      'await-reporting',
      'untrack-pasid',
      'erase-slot',
      'put-domain',
      'free-handle',
    ],
  },
};

async function outcomeWith(definition: object, statesMax: number) {
  const sent = { ...search('exit-unbind'), driver: 'hasty', definition, statesMax };
  const job = checkJob(JSON.parse(JSON.stringify(sent)), []);
  if (!job.ok) throw new Error('this is no job');
  return { label: jobLabel(job.value), ...(await runJob(job.value, HOOKS)) };
}

it('finds what is wrong with it', async () => {
  const { label, outcome } = await outcomeWith(DEFINITION, 100_000);
  expect(label).toBe('exit-unbind hasty bfs');
  expect(outcome).toMatchObject({
    kind: 'explored',
    verdict: 'violated',
    trace: { scenario: 'exit-unbind', driver: 'hasty', violation: { property: 'S6' } },
  });
});

it('is another job for another definition', async () => {
  const { outcome } = await outcomeWith({ name: 'hasty', like: 'vtd' }, 1000);
  expect(outcome).toMatchObject({
    verdict: 'limited',
    sentence: 'the limit of states was reached',
  });
});
