/**
 * Goal:   the samples a dashboard draws are of the storm: their counts grow to the result's, latencies are those of the
 *         time between two samples, ring and PASIDs stay within what there is.
 * Method: a storm with churn in bursts over a small ring, sampled, and judged against its own result; the thread that
 *         the page runs storms in.
 */
import { expect, it } from 'vitest';

import { runStorm } from '../../src/actors/storm.ts';
import { stormJob } from '../../src/cli/ui/storm-desk.ts';
import type { StormEvent } from '../../src/ui/shapes.ts';
import type { StormSample } from '../../src/workers/storm-plan.ts';
import { planWith } from './storms.ts';

const PLAN = planWith({
  durationSeconds: 2,
  rate: 20_000,
  ringEntries: 256,
  creditsPerDevice: 60,
  attachDetachPerSecond: 50,
  exitsPerSecond: 5,
  unmap: 'racing',
});

it('samples are of the storm, and end where it does', async () => {
  const samples: StormSample[] = [];
  const result = await runStorm(PLAN, {
    now: () => performance.now(),
    cpuSeconds: () => 0,
    signal: new AbortController().signal,
    progress: () => {},
    sample: (sample) => samples.push(sample),
  });
  expect(samples.length).toBeGreaterThan(2);
  let before: StormSample | undefined;
  for (const sample of samples) {
    const { ring, pasids, groupLatencyUs, seconds } = sample;
    expect(sample.groups).toBeGreaterThanOrEqual(before?.groups ?? 0);
    expect(sample.detaches).toBeGreaterThanOrEqual(before?.detaches ?? 0);
    expect(ring.entries).toBe(255);
    expect(ring.most).toBeLessThanOrEqual(ring.entries);
    expect(pasids.inFlight.every((groups) => groups >= 0)).toBe(true);
    expect(seconds).toBeGreaterThan(0.19);
    if (groupLatencyUs !== undefined) {
      const { p50, p90, p99, p999, max } = groupLatencyUs;
      const ordered = [0, p50, p90, p99, p999, max];
      expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
      expect(max).toBeLessThanOrEqual(result.groupLatencyUs.max);
    }
    before = sample;
  }
  const inFlight = samples.flatMap(({ pasids }) => pasids.inFlight);
  expect(Math.max(...inFlight)).toBeGreaterThan(0);
  expect(samples.some(({ ring }) => ring.most > 0)).toBe(true);
  expect(before?.groups).toBeLessThanOrEqual(result.groups);
  expect(before?.groups).toBeGreaterThan(result.groups / 2);
});

it('the page has its storms from a thread of their own, and stops them', async () => {
  const order = { profile: 'steady', driver: 'vtd', quirks: [], seconds: 60, seed: 1 };
  const job = stormJob(() => ['a note']);
  const events: StormEvent[] = [];
  job.listen((event) => {
    events.push(event as StormEvent); // what a storm's job tells
    if (events.filter(({ type }) => type === 'sample').length === 2) job.stop();
  });
  expect(job.start({ plan: { ...PLAN, durationSeconds: 60 }, order })).toBe(true);
  expect(job.start({ plan: PLAN, order })).toBe(false);
  await job.ended();
  expect(events[0]).toMatchObject({
    type: 'began',
    notes: ['a note'],
    plan: { repeat: 'npx stormdrain storm steady --driver vtd --duration 60s --seed 1' },
  });
  expect(events.at(-1)).toMatchObject({
    type: 'ended',
    result: { interrupted: true, lost: 0, violations: [] },
  });
  expect(job.isRunning()).toBe(false);
});
