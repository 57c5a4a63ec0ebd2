/**
 * States that differ by a renaming are one: the representative is the same whichever of them it is taken of, there
 * are as many as there are shapes, verdicts stay, traces are real, and what is not alike is refused.
 */
import { describe, expect, it } from 'vitest';

import { prng } from '../../../src/core/prng.ts';
import { carefulStep, type Locals } from '../../../src/explore/careful-step.ts';
import { exchanged } from '../../../src/explore/likeness.ts';
import { modelOf } from '../../../src/explore/model.ts';
import { explore } from '../../../src/explore/search.ts';
import { type Space, spaceOf } from '../../../src/explore/space.ts';
import { where } from '../../../src/explore/wiring.ts';
import type { World } from '../../../src/explore/world.ts';
import type { Drain } from '../../../src/scenarios/explore/bench-protocol/sizes.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { outcomeOf, stepsOf } from './outcome-of.ts';
import { pointing } from './pointing-world.ts';

const bench = (groups: number, drain: Drain, workers = 2) =>
  benchWorld({ groups, pasids: 2, ringSlots: 3, workers }, drain);

/** States met on random walks. */
function metOn({ model }: Space, walks: number, seed: number): Locals[] {
  const chance = prng(seed);
  const met: Locals[] = [];
  for (let walk = 0; walk < walks; walk += 1) {
    let locals = model.first;
    for (;;) {
      const steps = model.choices.flatMap((one) => carefulStep(model.cells, locals, one) ?? []);
      const step = steps[chance.below(Math.max(1, steps.length))];
      if (step === undefined) break;
      locals = step.locals;
      met.push(locals);
    }
  }
  return met;
}

describe('a representative', () => {
  it.each([
    { name: 'the bench protocol', world: bench(5, 'none', 3) },
    { name: 'graphs of five', world: pointing({ persons: 5, arrowsMax: 6 }).world },
    {
      name: 'graphs of two blocks',
      world: pointing({ persons: 5, arrowsMax: 5, key: (person) => person % 2 }).world,
    },
  ])('is the same for all that differ by a renaming, in $name', ({ world }) => {
    const chance = prng(7);
    const space = spaceOf(modelOf(world), {});
    const generators = space.symmetry?.generators ?? [];
    expect(generators.length).toBeGreaterThan(2);
    const met = metOn(space, 40, 11);
    const renamings = met.map((locals) => {
      let other = locals;
      for (let exchanges = 0; exchanges < 8; exchanges += 1) {
        other = exchanged(other, generators[chance.below(generators.length)] ?? []);
      }
      return { locals, other };
    });
    // All are packed once before two are compared: packing may widen the layout, and words lie elsewhere then.
    for (const { locals, other } of renamings) [locals, other].map(space.packed);
    for (const { locals, other } of renamings) {
      expect(space.packed(other)).toEqual(space.packed(locals));
    }
    const moved = renamings.filter(({ locals, other }) => locals.join() !== other.join());
    expect(moved.length).toBeGreaterThan(met.length / 2);
  });

  it.each([
    { persons: 3, arrowsMax: 6, shapes: 16 },
    { persons: 4, arrowsMax: 3, shapes: 1 + 1 + 5 + 13 },
    { persons: 4, arrowsMax: 12, shapes: 218 },
    { persons: 5, arrowsMax: 4, shapes: 1 + 1 + 5 + 16 + 61 },
  ])('stands for a graph of $persons with at most $arrowsMax arrows', (sizes) => {
    const { shapes, persons, arrowsMax } = sizes;
    const { world } = pointing({ persons, arrowsMax });
    expect(outcomeOf(world)).toMatchObject({ kind: 'complete', states: shapes });
  });

  it('stands for exactly those that the whole space has', () => {
    const world = benchWorld({ groups: 3, pasids: 2, ringSlots: 2, workers: 2 }, 'none');
    const bounds = { properties: [] };
    const space = spaceOf(modelOf(world), {});
    const seen = new Set<string>();
    const representatives = new Set<string>();
    const queue: Locals[] = [space.model.first];
    for (const locals of queue) {
      if (seen.has(locals.join())) continue;
      seen.add(locals.join());
      for (const choice of space.model.choices) {
        const step = carefulStep(space.model.cells, locals, choice);
        if (step !== undefined) queue.push(step.locals);
      }
    }
    for (const text of seen) space.packed(text.split(',').map(Number));
    for (const text of seen) representatives.add(space.packed(text.split(',').map(Number)).join());
    const whole = outcomeOf(world, { ...bounds, symmetry: 'none' });
    expect(whole).toMatchObject({ kind: 'complete', states: seen.size, reductions: [] });
    expect(outcomeOf(world, bounds)).toMatchObject({
      kind: 'complete',
      states: representatives.size,
      reductions: ['symmetry'],
    });
  });
});

describe('a trace', () => {
  it.each([
    { drain: 'none', steps: 9, property: 'S8' },
    { drain: 'workers-only', steps: 11, property: 'S8' },
    { drain: 'wrong-order', steps: 12, property: 'S8' },
    { drain: 'none', steps: 5, property: 'S6' },
    { drain: 'workers-only', steps: 7, property: 'S6' },
    { drain: 'wrong-order', steps: 11, property: 'S6' },
  ] as const)('is real and as short: $property, $drain', ({ drain, steps, property }) => {
    const outcome = outcomeOf(bench(4, drain), { properties: [property] });
    expect(outcome).toMatchObject({ kind: 'violated', reductions: ['symmetry'] });
    expect(stepsOf(outcome)).toBe(steps);
    const last = outcome.kind === 'violated' ? outcome.trace.at(-1) : undefined;
    expect(last?.violations).toContainEqual(outcome.kind === 'violated' && outcome.violation);
  });

  it('leads to a state in which a property of the world is broken, by the name of who broke it', () => {
    const { world, board } = pointing({ persons: 4, arrowsMax: 4 });
    const never = [0, 1, 2, 3].map((me) => ({
      id: 'S0',
      sentence: `${me} points at everybody`,
      never: [
        where(
          board,
          0,
          ({ context }) => context.arrows.filter(({ from }) => from === me).length === 3,
        ),
      ],
    }));
    for (const strategy of ['bfs', 'dfs'] as const) {
      const outcome = outcomeOf({ ...world, properties: never }, { strategy });
      expect(outcome).toMatchObject({ kind: 'violated', reductions: ['symmetry'] });
      const who = outcome.kind === 'violated' ? outcome.violation.sentence[0] : '';
      const steps = outcome.kind === 'violated' ? outcome.trace : [];
      expect(steps.filter(({ actor }) => actor === `person[${who}]`).length).toBe(3);
      if (strategy === 'bfs') expect(steps.length).toBe(3);
    }
  });
});

describe('a goal', () => {
  const arrows = (world: ReturnType<typeof pointing>, me: number | undefined, count: number) =>
    where(
      world.board,
      0,
      ({ context }) =>
        context.arrows.filter(({ from }) => me === undefined || from === me).length === count,
    );

  it('about all alike ids is judged on representatives', () => {
    const four = pointing({ persons: 4, arrowsMax: 3 });
    const reached = {
      id: 'L1',
      sentence: 'three are drawn',
      whenever: [],
      goal: [arrows(four, undefined, 3)],
    };
    expect(outcomeOf({ ...four.world, goals: [reached] })).toMatchObject({
      kind: 'complete',
      states: 20,
      reductions: ['symmetry'],
    });
    const missed = { ...reached, goal: [arrows(four, undefined, 2)] };
    const outcome = outcomeOf({ ...four.world, goals: [missed] });
    expect(outcome).toMatchObject({ kind: 'violated', violation: { property: 'L1' } });
    expect(stepsOf(outcome)).toBe(3);
  });

  it('that reads one slot of alike ones turns the exchanging off, and says so', () => {
    const world = bench(3, 'correct');
    const [group] = world.parts.filter(({ kind }) => kind.name === 'group');
    if (group === undefined) throw new Error('there is no group');
    const about = where(group.kind, 2, ({ value }) => value === 'answered');
    const sightings = [{ id: 'answered', sentence: 'group 2 is', reads: [about] }];
    expect(outcomeOf({ ...world, sightings })).toMatchObject({ reductions: [], unseen: [] });
  });

  it('that tells ids apart inside a slot is refused', () => {
    const three = pointing({ persons: 3, arrowsMax: 3 });
    const goal = { id: 'L1', sentence: '0 points', whenever: [], goal: [arrows(three, 0, 1)] };
    const explored = explore({ ...three.world, goals: [goal] }, { properties: [] });
    expect(explored).toMatchObject({ ok: false, error: { code: 'not-alike' } });
  });
});

describe('what is said to be alike and is not', () => {
  const featureOf = (world: World): string => {
    const explored = explore(world);
    if (explored.ok) throw new Error(`explored to ${explored.value.kind}`);
    expect(explored.error.code).toBe('not-alike');
    return explored.error.feature;
  };

  it('is refused where the wiring tells it apart', () => {
    const { world } = pointing({ persons: 4, arrowsMax: 3, may: (from) => from !== 2 });
    expect(featureOf(world)).toContain('renamed');
  });

  it('is refused where inputs do', () => {
    const world = bench(4, 'correct');
    const parts = world.parts.map((part) =>
      part.kind.name === 'device'
        ? {
            ...part,
            kind: { ...part.kind, inputs: [0, 1, 9, 3].map((group) => ({ group })) },
          }
        : part,
    );
    expect(featureOf({ ...world, parts })).toBe('device[0] is told other things than device[2]');
  });

  it('is refused where a property has no counterpart', () => {
    const { world, board } = pointing({ persons: 3, arrowsMax: 2 });
    const by = (from: number) => ({
      id: 'S0',
      sentence: `${from} points, and nobody does`,
      never: [
        where(board, 0, ({ context }) => context.arrows.some((arrow) => arrow.from === from)),
        where(board, 0, ({ context }) => context.arrows.length === 3),
      ],
    });
    const some = [where(board, 0, ({ context }) => context.arrows[0]?.from === 2)];
    expect(outcomeOf({ ...world, properties: [0, 1, 2].map(by) }).kind).toBe('complete');
    const [person] = world.parts;
    if (person === undefined) throw new Error('there is no person');
    const never = [...some, where(person.kind, 0, () => false)];
    const lone = { id: 'S1', sentence: 'the second points first', never };
    expect(featureOf({ ...world, properties: [lone] })).toContain('has no counterpart');
  });

  it('is refused where an id has no slot', () => {
    const world = bench(4, 'correct');
    const symmetry = [{ name: 'group', blocks: [[0, 7]], indexes: { device: (at: number) => at } }];
    expect(featureOf({ ...world, symmetry })).toBe(
      'device[0] is without a slot for an id that is alike',
    );
  });
});
