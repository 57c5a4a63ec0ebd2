/**
 * Bench detach: one thread carrying out a list of steps, one state each.
 *
 * Actor:   active, one.
 * Effects: block, answerQueued, free, violate (S6: something is in flight when detach returns).
 * Asks:    ringIsClear, workersAreClear, nothingIsInFlight.
 */
import { setup } from 'xstate';

import { effect, question, type Violation } from '../../../machines/wiring-types.ts';
import type { Drain } from './sizes.ts';

type DetachStep = 'block' | 'drain-ring' | 'answer-queued' | 'flush-workers' | 'free' | 'return';

const DRAINS: Readonly<Record<Drain, readonly DetachStep[]>> = {
  none: [],
  correct: ['drain-ring', 'answer-queued', 'flush-workers'],
  'workers-only': ['answer-queued', 'flush-workers'],
  'wrong-order': ['answer-queued', 'flush-workers', 'drain-ring'],
};

const detach = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: {
    block: effect(),
    answerQueued: effect(),
    free: effect(),
    violate: effect<Violation>(),
  },
  guards: {
    ringIsClear: question('ringIsClear'),
    workersAreClear: question('workersAreClear'),
    nothingIsInFlight: question('nothingIsInFlight'),
  },
});

const inFlight = {
  type: 'violate',
  params: {
    unexpected: 'return',
    property: 'S6',
    sentence: 'a detach returns with nothing in flight',
  },
} as const;

function stepState(step: DetachStep, next: string) {
  switch (step) {
    case 'block':
      return detach.createStateConfig({ on: { step: { target: next, actions: 'block' } } });
    case 'drain-ring':
      return detach.createStateConfig({ on: { step: { guard: 'ringIsClear', target: next } } });
    case 'answer-queued':
      return detach.createStateConfig({ on: { step: { target: next, actions: 'answerQueued' } } });
    case 'flush-workers':
      return detach.createStateConfig({ on: { step: { guard: 'workersAreClear', target: next } } });
    case 'free':
      return detach.createStateConfig({ on: { step: { target: next, actions: 'free' } } });
    case 'return':
      return detach.createStateConfig({
        on: {
          step: [
            { guard: 'nothingIsInFlight', target: next },
            { target: next, actions: inFlight },
          ],
        },
      });
  }
}

/** Final state: `returned`. */
export function benchDetachMachine(drain: Drain) {
  const steps: readonly DetachStep[] = ['block', ...DRAINS[drain], 'free', 'return'];
  const states = Object.fromEntries(
    steps.map((step, index) => [step, stepState(step, steps[index + 1] ?? 'returned')]),
  );
  return detach.createMachine({
    id: 'bench-detach',
    context: {},
    initial: 'block',
    states: { ...states, returned: { type: 'final' } },
  });
}
