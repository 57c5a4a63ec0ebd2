/**
 * Goals are judged on complete spaces: who may starve, who may circle for ever, who waits for somebody nobody may
 * count on. A limited search says that it is limited.
 */
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';

import { alike } from '../../../src/explore/slot-kind.ts';
import { offer, where } from '../../../src/explore/wiring.ts';
import { actor, type Goal, type World } from '../../../src/explore/world.ts';
import { counters } from './counters-world.ts';
import { outcomeOf, stepsOf } from './outcome-of.ts';

/** Waits, may turn to circling, from where it never comes back, or be served; a bell may ring meanwhile. */
const patient = setup({
  types: { events: {} as { readonly type: 'wait' | 'serve' | 'stray' | 'circle' } },
});
const patientMachine = (strays: boolean) =>
  patient.createMachine({
    id: 'patient',
    initial: 'waiting',
    states: {
      waiting: { on: { wait: 'queued' } },
      queued: { on: { serve: 'served', ...(strays ? { stray: 'left' } : {}) } },
      left: { on: { circle: 'right' } },
      right: { on: { circle: 'left' } },
      served: { type: 'final' },
    },
  });
const bell = setup({ types: { events: {} as { readonly type: 'ring' } } }).createMachine({
  id: 'bell',
  initial: 'silent',
  states: { silent: { on: { ring: 'rung' } }, rung: { on: { ring: 'silent' } } },
});

function surgery(strays: boolean, without: readonly string[] = []) {
  const patients = alike('patient', patientMachine(strays), {}, 2);
  const bells = alike('bell', bell, {}, 1);
  const goals: Goal[] = [0, 1].map((of) => ({
    id: `L${of}`,
    sentence: `patient ${of} is served once he has queued`,
    whenever: [where(patients, of, ({ value }) => value === 'queued' || value === 'right')],
    goal: [
      where(patients, of, ({ value }) => value === 'served'),
      where(bells, 0, ({ value }) => value === 'rung'),
    ],
    without,
  }));
  const world: World = {
    name: 'surgery',
    parts: [
      actor(patients, {
        takes: () => (['wait', 'serve', 'stray', 'circle'] as const).map((type) => offer({ type })),
      }),
      actor(bells, { takes: () => [offer({ type: 'ring' })] }),
    ],
    goals,
  };
  return world;
}

describe('a goal', () => {
  it.each(['bfs', 'dfs'] as const)('is reached by whoever is not starved, %s', (strategy) => {
    expect(outcomeOf(surgery(false), { strategy })).toMatchObject({ kind: 'complete', states: 18 });
  });

  it.each(['bfs', 'dfs'] as const)('is missed by who circles for ever, %s', (strategy) => {
    const outcome = outcomeOf(surgery(true), { strategy });
    expect(outcome).toMatchObject({
      kind: 'violated',
      violation: { slot: '', property: 'L0', sentence: 'patient 0 is served once he has queued' },
    });
    // wait, stray, circle: `right` asks and never comes there; `queued` still might
    const events = outcome.kind === 'violated' ? outcome.trace.map(({ event }) => event.type) : [];
    expect(events).toEqual(['wait', 'stray', 'circle']);
  });

  it('may not count on who is left out', () => {
    const outcome = outcomeOf(surgery(false), { properties: ['L1'] });
    expect(outcome.kind).toBe('complete');
    const counted = outcomeOf(surgery(false, ['bell']), { properties: ['L1'] });
    expect(counted).toMatchObject({ kind: 'violated', violation: { property: 'L1' } });
    expect(stepsOf(counted)).toBe(1);
  });

  it('is missed by a state that has no steps, where that is no deadlock', () => {
    const { kind, world } = counters(2, 2);
    const never: Goal = {
      id: 'L',
      sentence: 'the first counts to nine',
      whenever: [where(kind, 0, ({ status }) => status === 'done')],
      goal: [where(kind, 0, ({ context }) => context.n === 9)],
    };
    const outcome = outcomeOf({ ...world, goals: [never] });
    expect(outcome).toMatchObject({ kind: 'violated', violation: { property: 'L' } });
    expect(stepsOf(outcome)).toBe(2);
    expect(outcomeOf({ ...world, goals: [never] }, { properties: [] }).kind).toBe('complete');
  });

  it('is not judged where the search is limited', () => {
    expect(outcomeOf(surgery(true), { depthMax: 3 })).toMatchObject({ kind: 'limited' });
    expect(outcomeOf(surgery(true), { statesMax: 20 })).toMatchObject({ kind: 'limited' });
  });

  it('is refused by name when it leaves out a kind that is not there', () => {
    expect(() => outcomeOf(surgery(false, ['belt']))).toThrow('surgery has no belt');
  });
});
