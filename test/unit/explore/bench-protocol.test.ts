/**
 * The peers' protocol as machines has exactly the states and transitions that Spin, rumur and a hand-packed search
 * count, and its bugs are found by traces of the same length. Numbers are those of the bench's README.
 */
import { describe, expect, it } from 'vitest';

import type { Bounds } from '../../../src/explore/bounds.ts';
import type { Outcome } from '../../../src/explore/outcome.ts';
import type { World } from '../../../src/explore/world.ts';
import type { Drain } from '../../../src/scenarios/explore/bench-protocol/sizes.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { outcomeOf as worldOutcome } from './outcome-of.ts';

const worldOf = (sizes: readonly number[], drain: Drain): World => {
  const [groups = 0, pasids = 0, ringSlots = 0, workers = 0] = sizes;
  return benchWorld({ groups, pasids, ringSlots, workers }, drain);
};
/** Every state by itself, unless told otherwise. */
const outcomeOf = (sizes: readonly number[], drain: Drain, bounds: Bounds = {}): Outcome =>
  worldOutcome(worldOf(sizes, drain), { symmetry: 'none', ...bounds });

describe('the correct drain', () => {
  it.each([
    { sizes: [3, 2, 2, 1], states: 12_364, transitions: 37_410 },
    { sizes: [4, 2, 3, 2], states: 348_367, transitions: 1_376_099 },
    { sizes: [5, 2, 3, 2], states: 3_896_844, transitions: 16_569_205 },
  ])(
    'is safe at $sizes, in $states states',
    ({ sizes, states, transitions }) => {
      const outcome = outcomeOf(sizes, 'correct');
      expect(outcome).toMatchObject({ kind: 'complete', states, transitions, expanded: states });
    },
    60_000,
  );
});

describe('with alike groups and workers exchanged', () => {
  it.each([
    { sizes: [3, 2, 2, 1], states: 6_647 },
    { sizes: [4, 2, 3, 2], states: 62_978 },
    { sizes: [5, 2, 3, 2], states: 242_304 },
    { sizes: [6, 2, 3, 2], states: 988_105 },
  ])(
    'the correct drain is safe at $sizes, in $states states',
    ({ sizes, states }) => {
      const outcome = outcomeOf(sizes, 'correct', { symmetry: 'declared' });
      expect(outcome).toMatchObject({ kind: 'complete', states, reductions: ['symmetry'] });
    },
    30_000,
  );
});

describe('depth first', () => {
  it('the same states are found, and bugs by ways that are real', () => {
    const depthFirst = (drain: Drain, bounds: Bounds = {}) =>
      outcomeOf([3, 2, 2, 1], drain, { ...bounds, strategy: 'dfs' });
    expect(depthFirst('correct')).toMatchObject({
      kind: 'complete',
      states: 12_364,
      transitions: 37_410,
    });
    const outcome = depthFirst('none', { properties: ['S8'] });
    expect(outcome).toMatchObject({ kind: 'violated', violation: { property: 'S8' } });
    const steps = outcome.kind === 'violated' ? outcome.trace : [];
    expect(steps.length).toBeGreaterThan(8);
    expect(steps.at(-1)?.violations.map(({ property }) => property)).toContain('S8');
    expect(depthFirst('correct', { depthMax: 10 })).toMatchObject({
      kind: 'limited',
      limit: 'depth',
      depth: 10,
    });
  });
});

describe('a wrong drain', () => {
  it.each([
    { drain: 'none', states: 558_328 },
    { drain: 'workers-only', states: 1_008_934 },
    { drain: 'wrong-order', states: 776_050 },
  ] as const)(
    '$drain has $states states when nobody judges',
    ({ drain, states }) => {
      const outcome = outcomeOf([4, 2, 3, 2], drain, { properties: [] });
      expect(outcome).toMatchObject({ kind: 'complete', states });
    },
    30_000,
  );

  it.each([
    { drain: 'none', steps: 9 },
    { drain: 'workers-only', steps: 11 },
    { drain: 'wrong-order', steps: 12 },
  ] as const)(
    '$drain uses a freed handle after $steps steps',
    ({ drain, steps }) => {
      const outcome = outcomeOf([4, 2, 3, 2], drain, { properties: ['S8'] });
      expect(outcome).toMatchObject({ kind: 'violated', violation: { slot: 'handle[0]' } });
      expect(outcome.kind === 'violated' && outcome.trace.length).toBe(steps);
    },
    30_000,
  );

  it.each([
    { drain: 'none', steps: 5 },
    { drain: 'workers-only', steps: 7 },
    { drain: 'wrong-order', steps: 11 },
  ] as const)(
    '$drain returns with a group in flight after $steps steps',
    ({ drain, steps }) => {
      const outcome = outcomeOf([4, 2, 3, 2], drain);
      expect(outcome).toMatchObject({ kind: 'violated', violation: { property: 'S6' } });
      expect(outcome.kind === 'violated' && outcome.trace.length).toBe(steps);
    },
    30_000,
  );

  it('tells the shortest way to it', () => {
    const outcome = outcomeOf([2, 2, 2, 1], 'none', { properties: ['S8'] });
    const steps = outcome.kind === 'violated' ? outcome.trace : [];
    const told = steps.map(({ actor, event, changes }) =>
      [actor, event.type, ...changes.map(({ slot, to }) => `${slot}=${to}`)].join(' '),
    );
    expect(told).toMatchInlineSnapshot(`
      [
        "device[0] request device[0]=last",
        "device[0] request device[0]=done group[0]=sent",
        "irq-thread entry",
        "irq-thread entry irq-thread=found",
        "irq-thread entry irq-thread=idle group[0]=queued",
        "worker work.take worker=resolving group[0]=taken",
        "detach step detach=free entry[0]=blocked",
        "detach step detach=return handle[0]=freed",
        "worker step worker=resolved",
      ]
    `);
    expect(steps.at(-1)?.violations).toEqual([
      {
        slot: 'handle[0]',
        property: 'S8',
        sentence: 'the attach handle met handle.dereference while freed',
      },
    ]);
  });
});
