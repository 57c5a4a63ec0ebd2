/**
 * Goal:   the last step that could have prevented a violation is the one that the definition says, and what is not
 *         known is said.
 * Method: traces of random worlds against the definition over the whole graph; worlds whose answer is plain.
 */
import { describe, expect, it } from 'vitest';

import { modelOf } from '../../../src/explore/model.ts';
import { beginPreventing, type Prevention } from '../../../src/explore/prevention.ts';
import { openStepFor } from '../../../src/explore/recorded-choice.ts';
import { foundIn, type RecordedTrace, recordedTrace } from '../../../src/explore/recorded-trace.ts';
import { explore } from '../../../src/explore/search.ts';
import type { Goal, World } from '../../../src/explore/world.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { randomWorld } from './random-world.ts';
import { hopefulStates } from './reference-hope.ts';
import { locksWorld } from './small-worlds.ts';

/** The shortest way to something wrong; undefined: nothing is. */
function traceOf(world: World, property?: string): RecordedTrace | undefined {
  const outcome = explore(world, property === undefined ? {} : { properties: [property] });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  const wrong = foundIn(outcome.value);
  const origin = { scenario: world.name, driver: undefined, quirks: [], strategy: 'bfs' };
  return wrong && recordedTrace(origin, world, wrong.violation, wrong.trace);
}

function prevention(world: World, trace: RecordedTrace, bounds = {}): Prevention {
  const preventing = beginPreventing(world, trace, bounds);
  for (;;) {
    const advanced = preventing.advance();
    if (!advanced.ok) throw new Error(JSON.stringify(advanced.error));
    if (advanced.value !== undefined) return advanced.value;
  }
}

/** The number of the last step before which there is hope, by the definition. */
function lastChance(world: World, { steps, violation }: RecordedTrace): number | undefined {
  const model = modelOf(world);
  const hopeful = hopefulStates(model, violation?.property ?? '');
  let locals = model.first;
  let last: number | undefined;
  for (const [index, step] of steps.entries()) {
    if (hopeful.has(locals.join())) last = index + 1;
    locals = openStepFor(model, locals, step)?.step.locals ?? locals;
  }
  return last;
}

/** What a property forbids, asked for as a goal: wherever its first read holds, its last may be reached. */
const withGoal = (world: World): World => {
  const goals = (world.properties ?? []).slice(0, 1).flatMap(({ never }): Goal[] => {
    const [from, ...rest] = never;
    const to = rest.at(-1);
    return from === undefined || to === undefined
      ? []
      : [{ id: 'G', sentence: 'it comes there', whenever: [from], goal: [to] }];
  });
  return { ...world, goals };
};

describe('in a random world', () => {
  it('is the last step before which there is hope', () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const world = randomWorld(seed);
      const trace = traceOf(world);
      if (trace === undefined) continue;
      const told = prevention(world, trace);
      const expected = lastChance(world, trace);
      expect({ seed, step: told.kind === 'found' ? told.step : undefined }).toEqual({
        seed,
        step: expected,
      });
      expect(told.unknown).toEqual([]);
      kinds.add(`${trace.violation?.property === 'deadlock' ? 'deadlock' : 'other'} ${told.kind}`);
    }
    expect([...kinds].sort()).toEqual([
      'deadlock found',
      'deadlock none',
      'other found',
      'other none',
    ]);
  });

  it('is so for goals', () => {
    let found = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const world = withGoal(randomWorld(seed));
      const trace = traceOf(world, 'G');
      if (trace === undefined) continue;
      const told = prevention(world, trace);
      expect({ seed, step: told.kind === 'found' ? told.step : undefined }).toEqual({
        seed,
        step: lastChance(world, trace),
      });
      found += Number(told.kind === 'found');
    }
    expect(found).toBeGreaterThan(3);
  });
});

describe('of two threads that lock in opposite order', () => {
  it('is the second lock, and the other thread could have gone on', () => {
    const world = locksWorld();
    const trace = traceOf(world);
    if (trace === undefined) throw new Error('nothing is found');
    const [, second] = trace.steps;
    const told = prevention(world, trace);
    expect(told).toMatchObject({ kind: 'found', step: 2, unknown: [] });
    if (told.kind !== 'found') return;
    expect(told.alternatives).toHaveLength(1);
    expect(told.alternatives[0]?.actor).not.toBe(second?.actor);
  });
});

describe('with a bound', () => {
  const world = benchWorld({ groups: 4, pasids: 2, ringSlots: 3, workers: 2 }, 'wrong-order');
  const trace = traceOf(world, 'S8');

  it('says from which step on nothing is known', () => {
    if (trace === undefined) throw new Error('nothing is found');
    const certain = prevention(world, trace);
    expect(certain).toMatchObject({ kind: 'found', unknown: [] });
    const none = prevention(world, trace, { totalMax: 0 });
    expect(none).toEqual({
      kind: 'none',
      states: 0,
      unknown: trace.steps.map((_, index) => index + 1),
    });
  });
});

it('of a trace without violation is a contradiction', () => {
  const trace = traceOf(locksWorld());
  if (trace === undefined) throw new Error('nothing is found');
  expect(() => prevention(locksWorld(), { ...trace, violation: undefined })).toThrow(
    'a trace without violation has nothing to prevent',
  );
});
