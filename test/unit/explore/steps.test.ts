/**
 * A step is what XState makes of it, made once for all who ask alike, and never for those who don't.
 */
import { describe, expect, it } from 'vitest';
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  assign,
  initialTransition,
  setup,
  transition,
} from 'xstate';

import { pureStep } from '../../../src/explore/pure-step.ts';
import { stepsOf } from '../../../src/explore/steps.ts';

const NONE = new Map<string, boolean>();

/** A step is of a snapshot of the machine with its guards replaced. */
const firstOf = (machine: AnyStateMachine, rule: unknown): AnyMachineSnapshot =>
  initialTransition(machine, { rule })[0];

const stepOf = (machine: AnyStateMachine, asked: readonly string[], rule: unknown) => {
  const steps = stepsOf(machine, asked);
  return steps.step(firstOf(steps.machine, rule), { type: 'up' }, NONE);
};

/** Counts with `up`, where `mayGo` says so; how often its action ran is told. */
function counting() {
  const made = { steps: 0 };
  const machine = setup({
    types: {
      context: {} as { n: number; rule: unknown }, // what it is given
      events: {} as { type: 'up' },
      input: {} as { rule: unknown },
    },
    guards: { mayGo: () => true },
    actions: {
      count: assign(({ context }) => {
        made.steps += 1;
        return { n: context.n + 1 };
      }),
      tell: () => {},
    },
  }).createMachine({
    id: 'counting',
    context: ({ input }) => ({ n: 0, rule: input.rule }),
    initial: 'on',
    states: { on: { on: { up: { guard: 'mayGo', target: 'on', actions: ['count', 'tell'] } } } },
  });
  return { made, machine };
}

describe('a step', () => {
  it('is made once, whoever asks', () => {
    const { made, machine } = counting();
    const found = [1, 2].map(() => stepOf(machine, [], 1));
    expect(found[0]).toBe(found[1]);
    expect(found[0]).toMatchObject({ kind: 'steps', next: { context: { n: 1 } } });
    expect(made.steps).toBe(1);
  });

  it('is another one of another state, of another context, and with another answer', () => {
    const { machine } = counting();
    const steps = stepsOf(machine, ['mayGo']);
    const asked = stepOf(machine, ['mayGo'], 1);
    expect(asked.kind).toBe('asks');
    const text = asked.kind === 'asks' ? asked.question.text : '';
    const answered = (yes: boolean, rule: unknown) =>
      steps.step(firstOf(steps.machine, rule), { type: 'up' }, new Map([[text, yes]]));
    expect(answered(false, 1)).toMatchObject({ kind: 'inert', chosen: [] });
    expect(answered(true, 1)).toMatchObject({ kind: 'steps', next: { context: { rule: 1 } } });
    expect(answered(true, 2)).toMatchObject({ kind: 'steps', next: { context: { rule: 2 } } });
  });

  it('is not shared between those who answer its guards and those who do not', () => {
    const { machine } = counting();
    expect(stepOf(machine, [], 1).kind).toBe('steps');
    expect(stepOf(machine, ['mayGo'], 1).kind).toBe('asks');
  });

  it('is made each time where the context holds more than plain data', () => {
    const { made, machine } = counting();
    const rule = () => 1;
    for (let time = 0; time < 2; time += 1) stepOf(machine, [], rule);
    expect(made.steps).toBe(2);
  });
});

it('a pure step is what transition() says, one after the other', () => {
  const { machine } = counting();
  const step = pureStep(machine);
  let mine = firstOf(machine, 1);
  let theirs = firstOf(machine, 1);
  for (let time = 1; time <= 3; time += 1) {
    const [next, actions] = step(mine, { type: 'up' });
    const [expected, expectedActions] = transition(machine, theirs, { type: 'up' });
    expect([next.value, next.context]).toEqual([expected.value, expected.context]);
    expect(actions.map(({ type }) => type)).toEqual(expectedActions.map(({ type }) => type));
    expect(actions.map(({ type }) => type)).toEqual(['tell']);
    mine = next;
    theirs = expected;
  }
  expect(mine.context).toMatchObject({ n: 3 });
});
