/**
 * Goal:   a storm whose threads misbehave ends with its ledger balanced, and says who did what.
 * Method: the bundled profiles of resolvers that are killed, stuck or out of memory, on every kind of unit.
 */
import { describe, expect, it } from 'vitest';

import { EVENT } from '../../src/workers/event-log.ts';
import { expectClean, profilePlan, storm } from './storms.ts';

/** Each resolver misbehaves behind a thousand groups: so that what comes then is validated too. */
const BEYOND_THE_FAULT = 24_000;

const CASES = [
  ['resolver-killed', 'vtd', /^resolver \d came to its end before the storm: .*exit/],
  ['resolver-killed', 'amd', /exit/],
  [
    'resolver-stuck',
    'vtd',
    /: it did nothing for 2 s with groups in its queue; another took its place$/,
  ],
  ['resolver-stuck', 'smmuv3', /it did nothing for 2 s/],
  ['resolver-out-of-memory', 'vtd', /memory limit/],
] as const;

describe('a storm is balanced, and names what went wrong', () => {
  it.each(CASES)('%s, %s', async (profile, driver, sentence) => {
    const plan = await profilePlan(profile, { driver, end: { kind: 'groups', groups: 20_000 } });
    const run = await storm({ ...plan, recordedEvents: BEYOND_THE_FAULT });
    expectClean(run);
    const resumed = run.recorded.filter(({ event }) => event === EVENT.resumed);
    expect(resumed.length, `nobody took over within the window; ${run.replay}`).toBeGreaterThan(0);
    const { misbehaviours, resolverDeaths } = run.result;
    expect(misbehaviours.length, run.replay).toBe(resolverDeaths);
    expect(resolverDeaths, run.replay).toBeGreaterThan(0);
    for (const each of misbehaviours) expect(each, run.replay).toMatch(sentence);
  });

  it('and says nothing of one in which nothing did', async () => {
    const run = await storm(await profilePlan('steady', { end: { kind: 'groups', groups: 2000 } }));
    expect(run.result.misbehaviours).toEqual([]);
  });
});
