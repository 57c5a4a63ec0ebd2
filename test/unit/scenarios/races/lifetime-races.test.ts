/**
 * The races of address spaces, bonds and PASIDs by number: how long the shortest way is, how large the clean space.
 * Their worlds are this catalogue's own; a change of a machine shows here.
 */
import { describe, expect, it } from 'vitest';

import { LIFETIME_SCENARIOS } from '../../../../src/scenarios/explore/lifetime/scenarios.ts';
import { LIFETIME_RACES } from '../../../../src/scenarios/races/lifetime-races.ts';
import { walkTogether } from '../../explore/lockstep.ts';
import { vtdDriver } from './left-out.ts';
import { ranAlone } from './races-of.ts';

describe('a lifetime race', () => {
  it('has a way and a space of a known size', async () => {
    const sizes: string[] = [];
    for (const race of LIFETIME_RACES) {
      for (const { withQuirks, without } of (await ranAlone(race)).experiments) {
        const steps = withQuirks.trace?.steps.length;
        sizes.push(`${race.id}: ${withQuirks.property} in ${steps}, ${without.states} clean`);
      }
    }
    expect(sizes).toMatchInlineSnapshot(`
      [
        "sva-unbind-uses-freed-mm-data: S8 in 43, 45 clean",
        "sva-handle-published-uninitialised: S19 in 21, 22 clean",
        "pasid-freed-at-mmput: S11 in 20, 164 clean",
        "mm-users-cycle: L6 in 1, 45 clean",
        "mm-release-leaves-entry-live: S9 in 8, 63 clean",
        "mm-release-leaves-entry-live: S14 in 8, 63 clean",
        "fault-on-dying-mm: S22 in 4, 842 clean",
        "amd-v2-check-then-queue: S6 in 6, 18 clean",
        "amd-v2-waker-touches-freed: S8 in 5, 6 clean",
        "kernel-va-table-freed: S14 in 18, 96 clean",
        "mmu-interval-remove: S8 in 6, 12 clean",
      ]
    `);
  });
});

describe('a lifetime world', () => {
  it.each(LIFETIME_SCENARIOS)('is the same for tables and live actors: $name', ({ world }) => {
    const walked = walkTogether(world(vtdDriver()), { seed: 41, steps: 300, stepsOfWalkMax: 80 });
    expect(walked.steps).toBeGreaterThanOrEqual(300);
    expect(walked.violations).toBe(0);
  });
});
