/** A storm as the dashboard tells it: events into a run, samples into few points, figures into places and words. */
import { describe, expect, test } from 'vitest';

import type { StormEvent } from '../../../src/ui/shapes.ts';
import type { StormSample } from '../../../src/workers/storm-plan.ts';
import { momentIndex } from '../../../ui/src/storm/moment.ts';
import { linear, logarithmic, time } from '../../../ui/src/storm/scale.ts';
import { NO_RUN, seriesOf, thinned, withEvents } from '../../../ui/src/storm/storm-run.ts';
import { duration, plural, short } from '../../../ui/src/words.ts';
import { PLAN, RESULT } from '../cli/fixture.ts';

const sample = (elapsedSeconds: number, groups = 0): StormSample => ({
  ...{ elapsedSeconds, groups, groupsPerSecond: groups, inFlight: 0, overflows: 0, attaches: 0 },
  ...{ detaches: 0, exits: 0, workerBusy: 0, violations: 0, seconds: 0.2 },
  groupLatencyUs: undefined,
  ring: { entries: 255, most: 0 },
  pasids: { perRow: 1, inFlight: [] },
  droppedRequests: 0,
});
const began: StormEvent = { type: 'began', plan: { ...PLAN, repeat: 'again' }, notes: [] };

describe('a run', () => {
  test('is told by its events, however they come', () => {
    const events: StormEvent[] = [
      began,
      { type: 'sample', sample: sample(0.2) },
      { type: 'sample', sample: sample(0.4) },
      { type: 'ended', result: RESULT },
    ];
    const atOnce = withEvents(NO_RUN, events);
    const oneByOne = events.reduce((run, event) => withEvents(run, [event]), NO_RUN);
    expect(oneByOne).toEqual(atOnce);
    expect(atOnce).toMatchObject({ isRunning: false, result: RESULT, plan: { repeat: 'again' } });
    expect(atOnce.samples.map(({ elapsedSeconds }) => elapsedSeconds)).toEqual([0.2, 0.4]);
  });

  test('that begins forgets the one before', () => {
    const before = withEvents(NO_RUN, [began, { type: 'sample', sample: sample(1) }]);
    expect(withEvents(before, [{ type: 'sample', sample: sample(2) }, began]).samples).toEqual([]);
  });
});

describe('samples', () => {
  const many = Array.from({ length: 3001 }, (_, at) => sample((at + 1) / 5, at % 8));

  test('of a long storm become few points, each the highest of those it stands for', () => {
    const { seconds, values } = seriesOf(many, ({ groups }) => groups);
    expect(seconds.length).toBeLessThanOrEqual(400);
    expect(seconds.at(-1)).toBe(3001 / 5);
    expect(values.slice(0, -1).every((value) => value === 7)).toBe(true);
    expect(thinned(many).length).toBeLessThanOrEqual(401);
  });

  test('are asked with the one before each', () => {
    const some = [sample(1, 5), sample(2, 8), sample(3, 8)];
    const { values } = seriesOf(some, (one, before) => before && one.groups - before.groups);
    expect(values).toEqual([undefined, 3, 0]);
  });

  test('are found by a moment, the nearest', () => {
    expect([undefined, 0, 0.9, 1.6, 9].map((moment) => momentIndex([1, 2, 3], moment))).toEqual([
      undefined,
      0,
      0,
      1,
      2,
    ]);
    expect(momentIndex([], 1)).toBeUndefined();
  });
});

describe('a scale', () => {
  test('has few round ticks that hold everything', () => {
    expect(linear(1234, 100, 0).ticks).toEqual([0, 500, 1000, 1500]);
    expect(linear(0.7, 100, 0).ticks).toEqual([0, 0.2, 0.4, 0.6000000000000001, 0.8]);
    expect(logarithmic(40, 9000, 100, 0).ticks).toEqual([10, 100, 1000, 10_000]);
    expect(time(0, 0, 100).ticks.at(-1)).toBe(1);
  });

  test('puts values between its ends', () => {
    expect(linear(1000, 100, 0).at(500)).toBe(50);
    expect(logarithmic(1, 100, 100, 0).at(10)).toBe(50);
    expect(logarithmic(1, 100, 100, 0).at(0)).toBe(100);
  });
});

test('figures read as people say them', () => {
  expect([0, 5.5, 123, 1500, 2.5e6].map(duration)).toEqual([
    '0 µs',
    '5.50 µs',
    '123 µs',
    '1.50 ms',
    '2.50 s',
  ]);
  expect([0, 7, 1500, 20_000, 3.4e6].map(short)).toEqual(['0', '7', '1.5 k', '20 k', '3.4 M']);
  expect([plural(1, 'step'), plural(1200, 'step')]).toEqual(['1 step', '1,200 steps']);
});
