/**
 * Goal:   neither the order of records nor how often each comes changes what they say together.
 * Method: records of every kind, several of one job with different contents, shuffled and repeated by fast-check.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { campaignResults } from '../../../src/campaign/campaign-results.ts';
import { preferred } from '../../../src/campaign/job-record.ts';
import {
  explored,
  failed,
  JOBS,
  MODEL,
  measured,
  record,
  search,
  storm,
  stormed,
  trace,
  walks,
} from './fixture.ts';

const violated = (seed: number, actor: string) =>
  explored({ verdict: 'violated', sentence: 'not drained', trace: trace(seed, actor) });

/** Several of one job, as when it was done twice, or failed here and was done there. */
const RECORDS = [
  record(search('a'), explored()),
  record(search('a'), explored(), 2),
  record(search('b'), failed('out of memory')),
  record(
    search('b'),
    explored({ verdict: 'limited', sentence: 'the limit of states was reached' }),
  ),
  record(walks(1), violated(1, 'unbind')),
  record(walks(2), violated(2, 'unbind')),
  record(storm(1), stormed(), 1, measured(90)),
  record(storm(1), stormed(3), 1, measured(97)),
  record(storm(2), failed('it took longer than 900 s')),
];

const anyRecord = fc.constantFrom(...RECORDS);
/** Every record at least once, some more often, in any order. */
const anyDelivery = fc
  .array(anyRecord, { maxLength: 20 })
  .chain((more) =>
    fc.shuffledSubarray([...RECORDS, ...more], { minLength: RECORDS.length + more.length }),
  );

describe('the results of a campaign', () => {
  it('are the same for every order, and for records that come twice', () => {
    const expected = campaignResults(JOBS, MODEL, RECORDS);
    fc.assert(
      fc.property(anyDelivery, (delivery) => {
        expect(campaignResults(JOBS, MODEL, delivery)).toEqual(expected);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('say what was done, what failed, and what is not known', () => {
    const { outcome } = campaignResults(JOBS, MODEL, RECORDS);
    const { jobs, done, failures, explorations, storms, coverage } = outcome;
    expect({ jobs, done, failures, storms }).toEqual({
      jobs: 6,
      done: 5,
      failures: [{ job: 'storm steady vtd seed 2', sentence: 'it took longer than 900 s' }],
      storms: { jobs: 1, groups: 100, lost: 3, duplicated: 0 },
    });
    expect(explorations.verdicts).toEqual({ clean: 1, violated: 2, limited: 1 });
    expect(explorations.open).toEqual([
      { job: 'b vtd bfs', sentence: 'the limit of states was reached' },
    ]);
    expect(coverage.machines[0]?.transitions[0]?.count).toBe(4);
    expect([coverage.transitionsSeen, coverage.transitionsTotal]).toEqual([1, 3]);
  });

  it('tell a way that two jobs found once, and another way beside it', () => {
    const records = [
      record(walks(1), violated(1, 'unbind')),
      record(walks(2), violated(2, 'unbind')),
      record(search('a'), violated(0, 'exit')),
    ];
    const { violations } = campaignResults(JOBS, MODEL, records).outcome;
    expect(
      violations
        .map(({ jobs, steps, property }) => ({ jobs, steps, property }))
        .sort((left, right) => left.jobs - right.jobs),
    ).toEqual([
      { jobs: 1, steps: 1, property: 'S6' },
      { jobs: 2, steps: 1, property: 'S6' },
    ]);
  });

  it('add the latencies of storms step by step', () => {
    const records = [
      record(storm(1), stormed(), 1, measured(90)),
      record(storm(2), stormed(), 1, measured(10)),
    ];
    const { responses, groupLatencyUs } = campaignResults(JOBS, MODEL, records).measured;
    expect(responses.success).toBe(100);
    expect(groupLatencyUs.p50).toBeGreaterThan(0);
    expect(groupLatencyUs.max).toBe(groupLatencyUs.p50);
  });

  it('know nothing of records of no job of theirs', () => {
    const stranger = { ...record(search('a'), explored()), key: 'stranger' };
    expect(campaignResults(JOBS, MODEL, [stranger]).outcome.done).toBe(0);
  });
});

describe('the preferred of two records', () => {
  it('is the same either way round, and of three in any grouping', () => {
    const three = fc.tuple(anyRecord, anyRecord, anyRecord);
    fc.assert(
      fc.property(three, ([first, second, third]) => {
        expect(preferred(first, second)).toEqual(preferred(second, first));
        expect(preferred(preferred(first, second), third)).toEqual(
          preferred(first, preferred(second, third)),
        );
        expect(preferred(first, first)).toEqual(first);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('is what was done before what failed, and what is wrong before what is well', () => {
    const done = record(search('b'), explored());
    expect(preferred(record(search('b'), failed('died')), done)).toBe(done);
    const wrong = record(storm(1), stormed(1));
    expect(preferred(wrong, record(storm(1), stormed()))).toBe(wrong);
  });
});
