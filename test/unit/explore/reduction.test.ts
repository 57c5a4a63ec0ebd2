/**
 * Searching not every order of steps that commute comes to the same verdict, on worlds with names; it visits less,
 * says so, and stands back where a goal is judged.
 */
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';

import type { Bounds } from '../../../src/explore/bounds.ts';
import type { Outcome } from '../../../src/explore/outcome.ts';
import { alike } from '../../../src/explore/slot-kind.ts';
import { where } from '../../../src/explore/wiring.ts';
import { actor, type World } from '../../../src/explore/world.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { counters, takes } from './counters-world.ts';
import { outcomeOf } from './outcome-of.ts';
import { relayWorld } from './relay-world.ts';
import { worldOf } from './unit-worlds.ts';

const bench = (drain: Parameters<typeof benchWorld>[1]) =>
  benchWorld({ groups: 3, pasids: 2, ringSlots: 2, workers: 2 }, drain);

type Verdict = { readonly kind: Outcome['kind']; readonly property: string | undefined };

/** Kind of outcome and what is violated, reduced and not. */
function verdicts(world: World, bounds: Bounds = {}): readonly Verdict[] {
  return (['none', 'por'] as const).map((reduction) => {
    const outcome = outcomeOf(world, { ...bounds, reduction });
    if (reduction === 'por') expect(outcome.reductions).toContain('por');
    const property = outcome.kind === 'violated' ? outcome.violation.property : undefined;
    return { kind: outcome.kind, property };
  });
}

describe('a reduced search', () => {
  it.each(
    (['none', 'declared'] as const).flatMap((symmetry) =>
      (['correct', 'none', 'workers-only', 'wrong-order'] as const).map((drain) => ({
        drain,
        symmetry,
      })),
    ),
  )('agrees on the bench protocol, drain $drain, symmetry $symmetry', ({ drain, symmetry }) => {
    for (const properties of [['S6'], ['S8']]) {
      const [whole, reduced] = verdicts(bench(drain), { symmetry, properties });
      expect(reduced).toEqual(whole);
    }
  });

  it.each(
    ['exit-unbind', 'detach-in-mid-group'].flatMap((scenario) =>
      [
        { driver: 'vtd', quirks: [] },
        { driver: 'vtd@7.3', quirks: [] },
        ...[
          'absent-entry-not-drained',
          'skip-ring-drain',
          'skip-workqueue-flush',
          'free-handle-first',
          'release-not-awaited',
        ].map((quirk) => ({ driver: 'vtd', quirks: [quirk] })),
      ].map((row) => ({ scenario, ...row })),
    ),
  )(
    'agrees on $scenario by $driver with $quirks',
    ({ scenario, driver, quirks }) => {
      for (const properties of [['S6'], ['S8']]) {
        const bounds = { properties, mayDeadlock: true };
        const [whole, reduced] = verdicts(worldOf(scenario, driver, ...quirks), bounds);
        expect(reduced).toEqual(whole);
      }
    },
    30_000,
  );

  it('agrees where the order of calls, entries, raised events and answers shows', () => {
    const [whole, reduced] = verdicts(relayWorld());
    expect(reduced).toEqual(whole);
  });

  it('takes independent steps in one order', () => {
    const { world } = counters(6, 4);
    expect(outcomeOf(world)).toMatchObject({ kind: 'complete', states: 5 ** 6 });
    const reduced = outcomeOf(world, { reduction: 'por' });
    expect(reduced).toMatchObject({ kind: 'complete', states: 6 * 4 + 1, reductions: ['por'] });
  });

  it('leaves nobody waiting for ever for who goes round in a circle', () => {
    const bell = setup({ types: { events: {} as { readonly type: 'step' } } }).createMachine({
      id: 'bell',
      initial: 'silent',
      states: { silent: { on: { step: 'rung' } }, rung: { on: { step: 'silent' } } },
    });
    const { kind, world } = counters(1, 3);
    const bells = actor(alike('bell', bell, {}, 2), { takes, mayRest: () => true });
    const at = where(kind, 0, ({ context }) => context.n === 3);
    const sightings = [{ id: 'three', sentence: 'the counter is done', reads: [at] }];
    for (const parts of [
      [bells, ...world.parts],
      [...world.parts, bells],
    ]) {
      const outcome = outcomeOf({ ...world, parts, sightings }, { reduction: 'por' });
      expect(outcome).toMatchObject({ kind: 'complete', unseen: [], reductions: ['por'] });
    }
  });

  it('takes both orders where a property or a sighting looks', () => {
    const { kind, world } = counters(3, 4);
    const at = (index: number, n: number) => where(kind, index, ({ context }) => context.n === n);
    for (const reads of [
      [at(0, 0), at(1, 3)],
      [at(0, 3), at(1, 0)],
      [at(0, 2), at(1, 2), at(2, 1)],
    ]) {
      const sightings = [{ id: 'both', sentence: 'they are there', reads }];
      expect(outcomeOf({ ...world, sightings }, { reduction: 'por' })).toMatchObject({
        unseen: [],
      });
      const properties = [{ id: 'S0', sentence: 'they are not', never: reads }];
      const outcome = outcomeOf({ ...world, properties }, { reduction: 'por' });
      expect(outcome).toMatchObject({ kind: 'violated', violation: { property: 'S0' } });
    }
  });

  it('stands back where a goal is judged, and depth first', () => {
    const { kind, world } = counters(3, 2);
    const goal = [where(kind, 0, ({ context }) => context.n === 2)];
    const goals = [{ id: 'L1', sentence: 'the first is done', whenever: [], goal }];
    const bounds: Bounds = { reduction: 'por' };
    expect(outcomeOf({ ...world, goals }, bounds)).toMatchObject({ states: 27, reductions: [] });
    expect(outcomeOf({ ...world, goals }, { ...bounds, properties: [] }).states).toBeLessThan(27);
    expect(outcomeOf(world, { ...bounds, strategy: 'dfs' })).toMatchObject({
      states: 27,
      reductions: [],
    });
  });
});
