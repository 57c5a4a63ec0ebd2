/**
 * Goal:   counts of transitions are of exactly what a search, a walk or a trace took.
 * Method: worlds wired by chance, against a plain search that counts step by step; traces, against live actors that
 *         XState itself tells of.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MachineCounts } from '../../../src/core/transition-counts.ts';
import type { Bounds } from '../../../src/explore/bounds.ts';
import { carefulStep, type Locals } from '../../../src/explore/careful-step.ts';
import { liveReplay } from '../../../src/explore/live-replay.ts';
import { liveTally } from '../../../src/explore/live-tally.ts';
import { modelOf } from '../../../src/explore/model.ts';
import { foundIn, recordedTrace } from '../../../src/explore/recorded-trace.ts';
import { beginSampling } from '../../../src/explore/sampling/sampling.ts';
import { beginSearch } from '../../../src/explore/search.ts';
import { type Counted, tallyOf } from '../../../src/explore/tally.ts';
import { traceCounts } from '../../../src/explore/trace-counts.ts';
import type { World } from '../../../src/explore/world.ts';
import { outcomeOf } from './outcome-of.ts';
import { randomWorld } from './random-world.ts';
import { locksWorld, writersWorld } from './small-worlds.ts';
import { worldOf } from './unit-worlds.ts';

const EVERYTHING: Bounds = { properties: [], mayDeadlock: true };

/** A search to its end, its own figures and the counts of what it took. */
function searched(world: World, bounds: Bounds) {
  const begun = beginSearch(world, bounds);
  if (!begun.ok) throw new Error(JSON.stringify(begun.error));
  const advanced = begun.value.advance(Number.POSITIVE_INFINITY);
  if (!advanced.ok) throw new Error(JSON.stringify(advanced.error));
  const coverage = begun.value.coverage();
  const pass = begun.value.counted();
  for (;;) {
    const next = pass?.next();
    if (next === undefined) return { coverage, counted: undefined, kind: advanced.value?.kind };
    if (next.done === true) return { coverage, counted: next.value, kind: advanced.value?.kind };
  }
}

/** Every step of every state, by careful steps, counted one by one. */
function reference(world: World): Counted {
  const { cells, choices, first, firstCells } = modelOf(world);
  const tally = tallyOf(cells);
  for (const cell of firstCells) tally.add(cell);
  const states: Locals[] = [first];
  const known = new Set([first.join()]);
  for (const locals of states) {
    for (const choice of choices) {
      const step = carefulStep(cells, locals, choice);
      if (step === undefined) continue;
      for (const cell of step.cells) tally.add(cell);
      if (known.has(step.locals.join())) continue;
      known.add(step.locals.join());
      states.push(step.locals);
    }
  }
  return tally.counted();
}

const seedOfWorld = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('a search of a world wired by chance', () => {
  it('counts what a plain search counts, whatever its order', () => {
    let taken = 0;
    fc.assert(
      fc.property(seedOfWorld, (seed) => {
        const world = randomWorld(seed);
        const plain = reference(world);
        taken += sumOf(plain.kinds);
        for (const strategy of ['bfs', 'dfs'] as const) {
          const { counted } = searched(world, { ...EVERYTHING, symmetry: 'none', strategy });
          expect(counted).toEqual(plain);
        }
      }),
      { seed: 3, numRuns: 25 },
    );
    expect(taken).toBeGreaterThan(1000);
  });

  it('that ends early counts what it has taken, and has seen no more', () => {
    const kinds = new Set<string | undefined>();
    fc.assert(
      fc.property(seedOfWorld, fc.constantFrom<Bounds>({}, { depthMax: 3 }), (seed, more) => {
        for (const strategy of ['bfs', 'dfs'] as const) {
          const { coverage, counted, kind } = searched(randomWorld(seed), { strategy, ...more });
          kinds.add(kind);
          expect(counted?.coverage).toEqual(coverage);
        }
      }),
      { seed: 5, numRuns: 25 },
    );
    expect([...kinds].sort()).toEqual(['complete', 'deadlocked', 'limited', 'violated']);
  });

  it('with few actors a state does not say what it took', () => {
    expect(searched(locksWorld(), { reduction: 'por' }).counted).toBeUndefined();
  });
});

it.each([
  ['report', 'vtd'],
  ['exit-unbind', 'vtd@7.3'],
  ['two-pasids-one-index', 'vtd@7.3'],
])('counts agree with the figures of a search: %s with %s', (scenario, driver) => {
  const { coverage, counted } = searched(worldOf(scenario, driver), {});
  expect(counted?.coverage).toEqual(coverage);
  expect(coverage.transitionsSeen).toBeGreaterThan(20);
});

it('a walk counts its own steps only', () => {
  const options = { strategy: 'random', seed: 1, iterations: 20, counting: true } as const;
  const begun = beginSampling(writersWorld(), { ...options, properties: [], mayDeadlock: true });
  if (!begun.ok) throw new Error(JSON.stringify(begun.error));
  begun.value.advance(Number.POSITIVE_INFINITY);
  const kinds = begun.value.counted()?.kinds ?? [];
  const actors = kinds.filter(({ kind }) => kind !== 'note');
  // Each step takes one transition of the actor that takes it.
  expect(sumOf(actors)).toBe(begun.value.counts().steps);
  expect(sumOf(actors)).toBe(20 * 10);
});

describe('a trace', () => {
  it.each([
    ['exit-unbind', 'vtd@7.3'],
    ['two-pasids-one-index', 'vtd@7.3'],
  ])(
    'of %s with %s takes what live actors take, those without an event too',
    (scenario, driver) => {
      const world = worldOf(scenario, driver);
      const found = foundIn(outcomeOf(world));
      if (found === undefined) throw new Error('nothing was found');
      const origin = { scenario, driver, quirks: [], strategy: 'bfs' };
      const trace = recordedTrace(origin, world, found.violation, found.trace);
      const counted = traceCounts(world, trace);
      const live = liveTally();
      expect(liveReplay(world, trace, live.watch)).toEqual({ ok: true, value: undefined });
      if (!counted.ok) throw new Error(JSON.stringify(counted.error));
      expect(byMachine(counted.value.kinds)).toEqual(byMachine(live.counted().kinds));
      const always = counted.value.kinds.flatMap(({ transitions }) =>
        transitions.filter(({ event, count }) => event === '' && count > 0),
      );
      expect(always.length).toBeGreaterThan(1);
    },
  );

  it('whose step is not open any more is told by its number', () => {
    const world = locksWorld();
    const found = foundIn(outcomeOf(world));
    const trace = (found?.trace ?? []).map((step) => ({ ...step, event: { type: 'gone' } }));
    const lost = { ok: false, error: { code: 'lost-step', step: 1 } };
    expect(traceCounts(world, { steps: trace })).toEqual(lost);
    expect(liveReplay(world, { steps: trace }, () => () => {})).toEqual(lost);
  });
});

const sumOf = (kinds: readonly MachineCounts[]): number =>
  kinds
    .flatMap(({ transitions }) => transitions)
    .reduce((sum, { event, count }) => sum + (event === '*' ? 0 : count), 0);

/** Counts above 0 by machine and transition, whatever the slots are called. */
function byMachine(kinds: readonly MachineCounts[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const { machine, transitions } of kinds) {
    for (const { from, event, index, count } of transitions) {
      const name = `${machine} ${from} ${event} ${index}`;
      if (count > 0) sums.set(name, (sums.get(name) ?? 0) + count);
    }
  }
  return Object.fromEntries([...sums].sort());
}
