/**
 * Answers: yes when all hold, or when any does; the explorer, the careful step and live actors agree on both.
 */
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';

import { alike } from '../../../src/explore/slot-kind.ts';
import { type Answer, anyOf, offer, type Read, where } from '../../../src/explore/wiring.ts';
import { actor, type World } from '../../../src/explore/world.ts';
import { question } from '../../../src/machines/wiring-types.ts';
import { counters } from './counters-world.ts';
import { walkTogether } from './lockstep.ts';
import { outcomeOf } from './outcome-of.ts';
import { reached } from './reference-search.ts';

const waiterMachine = setup({
  types: { events: {} as { readonly type: 'step' } },
  guards: { mayGo: question('mayGo') },
}).createMachine({
  id: 'waiter',
  initial: 'waiting',
  states: {
    waiting: { on: { step: { guard: 'mayGo', target: 'gone' } } },
    gone: { type: 'final' },
  },
});

function waiting(answer: (done: readonly Read[]) => Answer): World {
  const { kind, world } = counters(2, 2);
  const done = [0, 1].map((of) => where(kind, of, ({ status }) => status === 'done'));
  const waiter = alike('waiter', waiterMachine, {}, 1);
  return {
    ...world,
    parts: [
      ...world.parts,
      actor(waiter, {
        takes: () => [offer({ type: 'step' })],
        asks: { mayGo: () => answer(done) },
      }),
    ],
  };
}

describe('an answer', () => {
  it.each([
    { name: 'all of them', answer: (done: readonly Read[]) => done, states: 9 + 1 },
    { name: 'any of them', answer: anyOf, states: 9 + 5 },
    { name: 'all of none', answer: () => [], states: 9 + 9 },
  ])('is yes when $name hold', ({ answer, states }) => {
    const world = waiting(answer);
    expect(outcomeOf(world)).toMatchObject({ kind: 'complete', states });
    expect(reached(world).states).toBe(states);
    walkTogether(world, { seed: 1, steps: 300, stepsOfWalkMax: 20 });
  });

  it('is no when any of none shall hold', () => {
    const outcome = outcomeOf(waiting(() => anyOf([])));
    expect(outcome).toMatchObject({ kind: 'deadlocked', waiting: ['waiter'] });
  });
});
