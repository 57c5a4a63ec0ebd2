/**
 * Long trace: a trace of any length in a world that goes in circles: two patrols that pass a gate each turn, with what
 * each step does told by the model, round after round.
 */
import { setup } from 'xstate';

import { modelOf } from '../../src/explore/model.ts';
import { openSteps } from '../../src/explore/recorded-choice.ts';
import {
  type RecordedStep,
  type RecordedTrace,
  recordedStep,
  TRACE_SCHEMA,
} from '../../src/explore/recorded-trace.ts';
import { alike } from '../../src/explore/slot-kind.ts';
import { toldStep } from '../../src/explore/told-step.ts';
import { call, offer } from '../../src/explore/wiring.ts';
import { actor, object, type World } from '../../src/explore/world.ts';
import { effect } from '../../src/machines/wiring-types.ts';

const gate = setup({
  types: { events: {} as { readonly type: 'gate.pass' } },
}).createMachine({
  id: 'gate',
  initial: 'left',
  states: { left: { on: { 'gate.pass': 'right' } }, right: { on: { 'gate.pass': 'left' } } },
});

const patrol = setup({
  types: { events: {} as { readonly type: 'step' } },
  actions: { pass: effect() },
}).createMachine({
  id: 'patrol',
  initial: 'before',
  states: {
    before: { on: { step: { target: 'behind', actions: 'pass' } } },
    behind: { on: { step: { target: 'before', actions: 'pass' } } },
  },
});

export function patrolWorld(): World {
  const gates = alike('gate', gate, {}, 2);
  return {
    name: 'patrols',
    parts: [
      actor(alike('patrol', patrol, {}, 2), {
        takes: () => [offer({ type: 'step' })],
        effects: { pass: (_, index) => [call(gates, index, { type: 'gate.pass' })] },
      }),
      object(gates),
    ],
  };
}

/** Caller's duty: `length` is a multiple of 4, so that each round ends where it began. */
export function patrolTrace(length: number): RecordedTrace {
  const model = modelOf(patrolWorld());
  const { cells, first } = model;
  const round: RecordedStep[] = [];
  let locals = first;
  for (const at of [0, 1, 0, 1]) {
    const open = openSteps(model, locals)[at];
    if (open === undefined) throw new Error(`patrol ${at} cannot go on`);
    round.push(recordedStep(toldStep(cells, locals, open.choice, open.step)));
    locals = open.step.locals;
  }
  return {
    schema: TRACE_SCHEMA,
    ...{ scenario: 'patrols', driver: undefined, quirks: [], strategy: 'random' },
    violation: undefined,
    columns: {},
    steps: Array.from({ length: length / round.length }, () => round).flat(),
  };
}
