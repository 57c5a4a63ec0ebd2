/**
 * Goal:   a storm whose threads misbehave ends with its ledger balanced, and says who did what.
 * Method: the bundled profiles of resolvers that are killed, stuck or out of memory, on every kind of unit.
 */
import { describe, expect, it } from 'vitest';

import { expectClean, profilePlan, storm } from './storms.ts';

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
    const run = await storm(
      await profilePlan(profile, { driver, end: { kind: 'groups', groups: 20_000 } }),
    );
    expectClean(run);
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
