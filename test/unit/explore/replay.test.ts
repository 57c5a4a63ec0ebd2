/**
 * A recorded trace outlives the numbers of its choices; where a model goes another way, replay says at which step,
 * what is different, and what was open there instead.
 */
import { describe, expect, it } from 'vitest';

import { foundIn, type RecordedTrace, recordedTrace } from '../../../src/explore/recorded-trace.ts';
import { type Replay, replayed } from '../../../src/explore/replay.ts';
import { sample } from '../../../src/explore/sampling/sampling.ts';
import type { World } from '../../../src/explore/world.ts';
import type { Drain } from '../../../src/scenarios/explore/bench-protocol/sizes.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { outcomeOf } from './outcome-of.ts';
import { circlesWorld, impureWorld, locksWorld, writersWorld } from './small-worlds.ts';

const bench = (drain: Drain, groups = 2) =>
  benchWorld({ groups, pasids: 2, ringSlots: 2, workers: 1 }, drain);

/** The shortest trace to what is wrong in a world. */
function traceOf(world: World, properties?: readonly string[]): RecordedTrace {
  const outcome = outcomeOf(world, properties === undefined ? {} : { properties });
  const found = foundIn(outcome);
  if (found === undefined) throw new Error(`nothing is wrong with ${world.name}`);
  const origin = { scenario: 'bench', driver: undefined, quirks: [], strategy: 'bfs' };
  return recordedTrace(origin, world, found.violation, found.trace);
}
function replayOf(world: World, trace: RecordedTrace, isTolerant = false): Replay {
  const replay = replayed(world, trace, isTolerant);
  if (!replay.ok) throw new Error(JSON.stringify(replay.error));
  return replay.value;
}

describe('a trace', () => {
  it('matches in the world it was found in, and in one made anew', () => {
    const trace = traceOf(bench('none'), ['S8']);
    const replay = replayOf(bench('none'), trace);
    expect(replay).toMatchObject({ matched: true, differences: [], violation: trace.violation });
    expect(replay.steps).toEqual(trace.steps);
  });

  it('survives being written and read', () => {
    const trace = traceOf(bench('none'), ['S8']);
    const read: RecordedTrace = JSON.parse(JSON.stringify(trace));
    expect(replayOf(bench('none'), read).matched).toBe(true);
  });

  it('matches whatever the words in which a slot tells what it saw, and not in what it saw', () => {
    const trace = traceOf(bench('none'), ['S8']);
    if (trace.violation === undefined) throw new Error('S8 is violated');
    const reworded = { ...trace.violation, sentence: 'worded otherwise' };
    expect(replayOf(bench('none'), { ...trace, violation: reworded }).matched).toBe(true);
    for (const other of [{ property: 'S7' }, { slot: 'handle[1]' }]) {
      const violation = { ...trace.violation, ...other };
      expect(replayOf(bench('none'), { ...trace, violation }).matched).toBe(false);
    }
  });

  it('matches where other actors have come before its own', () => {
    const trace = traceOf(locksWorld(2), undefined);
    const renumbered = locksWorld(2);
    const parts = [...renumbered.parts].reverse();
    expect(replayOf({ ...renumbered, parts }, trace).matched).toBe(true);
  });

  it('of a deadlock matches only where nothing is open in the end', () => {
    const trace = traceOf(locksWorld(), undefined);
    expect(trace.violation).toMatchObject({ property: 'deadlock' });
    expect(replayOf(locksWorld(), trace).matched).toBe(true);
    const mayRest = () => true;
    const parts = locksWorld().parts.map((part) => ({ ...part, mayRest }));
    expect(replayOf({ ...locksWorld(), parts }, trace).differences).toEqual([
      {
        step: 2,
        sentence:
          'in the end nothing is violated; recorded was: deadlock is violated: no step is left, and thread[0], thread[1] wait',
      },
    ]);
  });

  it('of a goal matches only where the goal can no longer be reached', () => {
    const trace = traceOf(circlesWorld(true));
    expect(trace.violation).toMatchObject({ property: 'L0' });
    expect(replayOf(circlesWorld(true), trace).matched).toBe(true);
    expect(replayOf(circlesWorld(false), trace)).toMatchObject({
      matched: false,
      violation: undefined,
    });
  });
});

it('a trace of a wiring that is no function matches while live actors go another way', () => {
  const sampled = sample(impureWorld(), {
    strategy: 'random',
    seed: 1,
    iterations: 9,
    twice: true,
  });
  if (!sampled.ok || sampled.value.kind !== 'nondeterministic') throw new Error('nothing found');
  const { sentence, trace } = sampled.value;
  const origin = { scenario: 'impure', driver: undefined, quirks: [], strategy: 'random' };
  const violation = { slot: '', property: 'determinism', sentence };
  const recorded = recordedTrace(origin, impureWorld(), violation, trace);
  expect(replayOf(impureWorld(), recorded).violation).toMatchObject({ property: 'determinism' });
  expect(replayOf(writersWorld(), recorded, true).violation).toBeUndefined();
});

describe('in a model that has changed', () => {
  it('a strict replay ends at the first difference', () => {
    const trace = traceOf(bench('none'), ['S8']);
    const replay = replayOf(bench('correct'), trace);
    expect(replay.matched).toBe(false);
    expect(replay.differences).toMatchInlineSnapshot(`
      [
        {
          "sentence": "detach becomes "drain-ring"; recorded was "free"",
          "step": 7,
        },
      ]
    `);
  });

  it('a tolerant replay goes on and tells how it ends', () => {
    const trace = traceOf(bench('none'), ['S8']);
    const { differences, steps, violation } = replayOf(bench('correct'), trace, true);
    expect(differences.map(({ step }) => step)).toEqual([7, 8, 8, 8, 9, 9]);
    expect(differences.at(-1)?.sentence).toMatch(
      /^in the end nothing is violated; recorded was: S8/,
    );
    expect({ steps: steps.length, violation }).toEqual({ steps: 9, violation: undefined });
  });

  it('a step that is closed is left out, with what was open there', () => {
    const trace = traceOf(bench('none'), ['S8']);
    const steps = trace.steps.filter(({ event }) => event.type !== 'work.take');
    const { differences } = replayOf(bench('none'), { ...trace, steps }, true);
    expect(differences.map(({ sentence }) => sentence)).toMatchInlineSnapshot(`
      [
        "worker can't take "step" here; open are device[1] (request), worker (work take), detach (step), mm-exit (step)",
        "in the end nothing is violated; recorded was: S8 is violated: the attach handle met handle.dereference while freed",
      ]
    `);
  });

  it('other effects of the same step are a difference', () => {
    const trace = traceOf(bench('none'), ['S8']);
    const [first, ...rest] = trace.steps;
    if (first === undefined) throw new Error('the trace has steps');
    const changed = { ...trace, steps: [{ ...first, effects: [] }, ...rest] };
    expect(replayOf(bench('none'), changed).differences).toMatchInlineSnapshot(`
      [
        {
          "sentence": "its effects are [device[0] push {group:0,last:false}]; recorded were []",
          "step": 1,
        },
      ]
    `);
  });

  it('a larger world does as well', () => {
    expect(replayOf(bench('none', 3), traceOf(bench('none'), ['S8'])).matched).toBe(true);
  });
});
