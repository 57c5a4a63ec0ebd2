/**
 * Several threads over one visited set: counts are exact, verdicts and traces are those of one thread, every time.
 */
import { describe, expect, it } from 'vitest';

import type { Bounds } from '../../src/explore/bounds.ts';
import { beginSearch } from '../../src/explore/search.ts';
import { where } from '../../src/explore/wiring.ts';
import type { Drain } from '../../src/scenarios/explore/bench-protocol/sizes.ts';
import { benchWorld } from '../../src/scenarios/explore/bench-protocol/world.ts';
import { counters } from '../unit/explore/counters-world.ts';
import { outcomeOf as wholeOutcomeOf } from '../unit/explore/outcome-of.ts';

const bench = (drain: Drain, groups = 4) =>
  benchWorld({ groups, pasids: 2, ringSlots: 3, workers: 2 }, drain);
const PLAIN: Bounds = { symmetry: 'none' };

/** All but the memory: threads leave room for what each may begin, so their store grows earlier. */
function outcomeOf(...search: Parameters<typeof wholeOutcomeOf>) {
  const { bytes, ...told } = wholeOutcomeOf(...search);
  expect(bytes).toBeGreaterThan(0);
  return told;
}

describe('a complete search by threads', () => {
  it.each([2, 3])('counts what one counts, %i of them', (workers) => {
    expect(outcomeOf(bench('correct'), { ...PLAIN, workers })).toMatchObject({
      kind: 'complete',
      states: 348_367,
      transitions: 1_376_099,
      expanded: 348_367,
      depth: 29,
    });
  });

  it('counts what one counts with alike ids exchanged', () => {
    expect(outcomeOf(bench('correct', 5), { workers: 2 })).toMatchObject({
      kind: 'complete',
      states: 242_304,
      transitions: 1_027_424,
      reductions: ['symmetry'],
    });
  });

  it('counts wide states too, whose layout is found under way', () => {
    const { world } = counters(12, 3);
    const one = outcomeOf(world, { depthMax: 9 });
    expect(outcomeOf(world, { depthMax: 9, workers: 3 })).toEqual(one);
  });

  it('meets every sighting that one meets', () => {
    const { kind, world } = counters(7, 4);
    const sightings = [3, 4, 5].map((n) => ({
      id: `all at ${n}`,
      sentence: 'they are',
      reads: [0, 1, 2, 3, 4, 5, 6].map((of) => where(kind, of, ({ context }) => context.n === n)),
    }));
    const outcome = outcomeOf({ ...world, sightings }, { workers: 2 });
    expect(outcome).toMatchObject({ kind: 'complete', states: 5 ** 7, unseen: ['all at 5'] });
  });
});

describe('what threads find wrong', () => {
  it.each([
    { drain: 'workers-only', symmetry: 'none' },
    { drain: 'wrong-order', symmetry: 'none' },
    { drain: 'wrong-order', symmetry: 'declared' },
  ] as const)(
    'is told as one thread tells it: $drain, symmetry $symmetry',
    ({ drain, symmetry }) => {
      const bounds: Bounds = { properties: ['S8'], symmetry };
      const one = outcomeOf(bench(drain), bounds);
      expect(one.kind).toBe('violated');
      for (const workers of [2, 3]) {
        expect(outcomeOf(bench(drain), { ...bounds, workers })).toEqual(one);
      }
    },
  );

  it('is told as one thread tells it: a deadlock and a goal', () => {
    const { kind, world } = counters(7, 4);
    const goal = {
      id: 'L1',
      sentence: 'the first counts to nine',
      whenever: [1, 2, 3].map((of) => where(kind, of, ({ status }) => status === 'done')),
      goal: [where(kind, 0, ({ context }) => context.n === 9)],
    };
    const missing = { ...world, goals: [goal] };
    const one = outcomeOf(missing);
    expect(one).toMatchObject({ kind: 'violated', violation: { property: 'L1' } });
    expect(outcomeOf(missing, { workers: 2 })).toEqual(one);

    const parts = world.parts.map((part) => ({ ...part, mayRest: () => false }));
    const stuck = outcomeOf({ ...world, parts });
    expect(stuck.kind).toBe('deadlocked');
    expect(outcomeOf({ ...world, parts }, { workers: 2 })).toEqual(stuck);
  });
});

describe('a limit', () => {
  it('on states is looked at where a level ends, and the same every time', () => {
    const bounds: Bounds = { ...PLAIN, statesMax: 100_000 };
    const two = outcomeOf(bench('correct'), { ...bounds, workers: 2 });
    expect(two).toMatchObject({ kind: 'limited', limit: 'states' });
    expect(two.states).toBeGreaterThan(100_000);
    expect(outcomeOf(bench('correct'), { ...bounds, workers: 3 })).toEqual(two);
  });

  it('of the caller ends the threads', () => {
    const begun = beginSearch(bench('correct'), { ...PLAIN, workers: 2 });
    if (!begun.ok) throw new Error(begun.error.code);
    expect(begun.value.advance(100_000)).toEqual({ ok: true, value: undefined });
    expect(begun.value.stop('interrupted')).toMatchObject({
      kind: 'limited',
      limit: 'interrupted',
    });
  });
});
