/**
 * What tables can't hold exactly is refused by the machine's id, the state's path and the feature's name, as a
 * result, before or while exploring; nothing is passed over.
 */
import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  assign,
  createMachine,
  emit,
  enqueueActions,
  fromPromise,
  raise,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';

import type { Refusal } from '../../../src/explore/refusal.ts';
import { explore } from '../../../src/explore/search.ts';
import { alike } from '../../../src/explore/slot-kind.ts';
import { call, offer, where } from '../../../src/explore/wiring.ts';
import { actor, object, type World } from '../../../src/explore/world.ts';
import { count, effect, holds, question } from '../../../src/machines/wiring-types.ts';

function refusalOf(world: World): Refusal | undefined {
  const explored = explore(world, { mayDeadlock: true });
  return explored.ok ? undefined : explored.error;
}

const alone = (machine: AnyStateMachine, held = {}): World => ({
  name: 'alone',
  parts: [actor(alike('one', machine, held, 1), { takes: () => [offer({ type: 'go' })] })],
});

const inState = (config: object, rest: object = {}) =>
  createMachine({ id: 'm', initial: 'a', states: { a: config, b: {} }, ...rest });

describe('a feature of XState that tables lack', () => {
  it.each([
    ['after', inState({ after: { 10: 'b' } })],
    ['invoke', inState({ invoke: { src: fromPromise(async () => 1) } })],
    ['history', inState({ initial: 'x', states: { x: {}, h: { type: 'history' } } })],
    ['sendTo', inState({ on: { go: { actions: sendTo('other', { type: 'x' }) } } })],
    ['emit', inState({ exit: emit({ type: 'x' }) })],
    ['spawnChild', inState({ on: { go: { actions: spawnChild(fromPromise(async () => 1)) } } })],
    ['delayed raise', inState({ entry: raise({ type: 'x' }, { delay: 5 }) })],
    ['an inline action', inState({ on: { go: { actions: () => {} } } })],
    ['an inline guard', inState({ on: { go: { guard: () => true, target: 'b' } } })],
  ])('is refused by name: %s', (feature, machine) => {
    const code = 'unsupported-feature';
    const state = feature === 'history' ? 'a.h' : 'a';
    expect(refusalOf(alone(machine))).toEqual({ code, machine: 'm', state, feature });
  });

  it('is refused when it shows only in the step', () => {
    const machine = inState({
      on: { go: { actions: enqueueActions(({ enqueue }) => enqueue.emit({ type: 'x' })) } },
    });
    expect(refusalOf(alone(machine))).toMatchObject({
      code: 'unsupported-feature',
      machine: 'm',
      state: '"a"',
      feature: 'emit',
    });
  });

  it('is refused when it is an action with a body', () => {
    const machine = setup({ actions: { shout: () => {} } }).createMachine({
      id: 'm',
      on: { go: { actions: 'shout' } },
    });
    expect(refusalOf(alone(machine))).toMatchObject({ feature: 'an action with a body, shout' });
  });

  it('is refused when it is an actor with a bare wildcard', () => {
    expect(refusalOf(alone(inState({ on: { '*': 'b' } })))).toMatchObject({
      code: 'bare-wildcard',
    });
  });
});

describe('an immediate raise', () => {
  it('is taken by XState and skipped here', () => {
    const machine = inState({ on: { go: { actions: raise({ type: 'x' }) }, x: 'b' } });
    const explored = explore(alone(machine), { mayDeadlock: true });
    expect(explored).toMatchObject({ ok: true, value: { kind: 'complete', states: 2 } });
  });
});

describe('a context', () => {
  const counting = setup({
    types: { context: {} as { n: number }, events: {} as { type: 'go' } },
  }).createMachine({
    id: 'm',
    context: { n: 0 },
    on: { go: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
  });

  it('is refused when it outgrows what the machine holds', () => {
    expect(refusalOf(alone(counting, holds({ n: count(3) })))).toMatchObject({
      code: 'out-of-bounds',
      feature: 'n = 4',
    });
  });

  it('is refused when a field varies that nobody declared', () => {
    expect(refusalOf(alone(counting))).toMatchObject({
      code: 'undeclared-field',
      feature: 'n varies and is not held',
    });
  });
});

const lamp = createMachine({
  id: 'lamp',
  initial: 'off',
  states: { off: { on: { flip: 'on' } }, on: { on: { flip: 'off' } } },
});
const asker = setup({
  actions: { flip: effect() },
  guards: { isOn: question('isOn') },
}).createMachine({
  id: 'asker',
  initial: 'a',
  states: {
    a: { on: { go: { target: 'b', actions: 'flip' } } },
    b: { always: { guard: 'isOn', target: 'c' } },
    c: {},
  },
});

describe('wiring', () => {
  const lamps = alike('lamp', lamp, {}, 1);

  it('is refused when a question is asked after the transition was chosen', () => {
    const asks = { isOn: () => [where(lamps, 0, ({ value }) => value === 'on')] };
    const effects = { flip: () => [call(lamps, 0, { type: 'flip' })] };
    const takes = () => [offer({ type: 'go' } as const)];
    const world: World = {
      name: 'late',
      parts: [actor(alike('asker', asker, {}, 1), { takes, asks, effects }), object(lamps)],
    };
    expect(refusalOf(world)).toMatchObject({ code: 'late-question', machine: 'asker' });
  });

  it('is refused when it leaves out an effect or a question', () => {
    expect(refusalOf(alone(asker))).toMatchObject({
      code: 'unwired-effect',
      feature: 'effect flip',
    });
    const silent = setup({ guards: { isOn: question('isOn') } }).createMachine({
      id: 'm',
      on: { go: { guard: 'isOn' } },
    });
    expect(refusalOf(alone(silent))).toMatchObject({
      code: 'unwired-question',
      feature: 'question isOn',
    });
  });

  const bell = setup({
    actions: { ring: effect() },
    guards: { isBusy: question('isBusy') },
  }).createMachine({
    id: 'bell',
    on: { ring: { guard: 'isBusy', actions: 'ring' }, go: { actions: 'ring' } },
  });
  const bells = alike('bell', bell, {}, 2);
  const ringer = alike('ringer', bell, {}, 1);

  it('is refused when a call comes back to a caller', () => {
    const world: World = {
      name: 'circle',
      parts: [
        actor(ringer, {
          takes: () => [offer({ type: 'go' })],
          asks: { isBusy: () => true },
          effects: { ring: () => [call(bells, 0, { type: 'ring' })] },
        }),
        object(bells, {
          asks: { isBusy: () => true },
          effects: { ring: (_, index) => [call(bells, 1 - index, { type: 'ring' })] },
        }),
      ],
    };
    expect(refusalOf(world)).toMatchObject({ code: 'call-back', machine: 'bell' });
  });

  it('is refused when somebody called asks about a caller', () => {
    const world: World = {
      name: 'nosy',
      parts: [
        actor(ringer, {
          takes: () => [offer({ type: 'go' })],
          asks: { isBusy: () => true },
          effects: { ring: () => [call(bells, 0, { type: 'ring' })] },
        }),
        object(bells, {
          asks: { isBusy: () => [where(ringer, 0, () => true)] },
          effects: { ring: () => [] },
        }),
      ],
    };
    expect(refusalOf(world)).toMatchObject({ code: 'question-about-caller', machine: 'bell' });
  });
});
