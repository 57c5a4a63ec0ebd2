/**
 * Goal:   the soak loses nothing and its memory is flat, and it would say so if not.
 * Method: the built program for a few seconds; `npm run soak` is the same for an hour.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { stormSoak } from '../../load/soak/storm-soak.ts';
import { packageRoot } from '../../src/scenarios/package-root.ts';

const CLOCK = {
  now: () => performance.now(),
  cpuSeconds: () => 0,
  liveBytes: () => 0,
  residentBytes: () => 0,
};

it('of a few seconds ends well, on every driver', () => {
  const program = join(packageRoot(), 'dist/load/soak/storms.js');
  const run = spawnSync(process.execPath, ['--expose-gc', program, '6', '1', '--json'], {
    encoding: 'utf8',
  });
  expect(run.status, run.stderr + run.stdout).toBe(0);
  const told = JSON.parse(run.stdout);
  expect(told).toMatchObject({
    ...{ schema: 'stormdrain.soak/1', lost: 0, duplicated: 0, violations: [], isFlat: true },
  });
  expect(told.windows).toBeGreaterThan(0);
  expect(told.storms).toBeGreaterThan(1);
  expect(told.pageRequests).toBeGreaterThan(10_000);
});

it('tells what the judge of windows rejects', async () => {
  const judged: number[] = [];
  const outcome = await stormSoak(
    {
      ...{ seconds: 1, seed: 1, drivers: ['vtd'] },
      judge: (plan, events) => {
        judged.push(events.length);
        return `not a behaviour of ${plan.driver}`;
      },
    },
    CLOCK,
    () => undefined,
  );
  expect(judged.every((events) => events > 100)).toBe(true);
  expect(outcome.windows).toBe(judged.length);
  expect(outcome.violations.length).toBe(judged.length);
  expect(outcome.violations[0]).toMatch(/^vtd seed \d+: not a behaviour of vtd$/);
});
