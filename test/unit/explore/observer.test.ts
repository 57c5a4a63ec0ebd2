/**
 * Goal:   an observer knows exactly the states that a world may be in, given what was seen of it.
 * Method: a machine small enough to say them all: a lamp with a hidden switch and a blink that is seen late.
 */
import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { invariant } from '../../../src/core/invariant.ts';
import { type Actors, NOWHERE } from '../../../src/explore/frontier.ts';
import { modelOf } from '../../../src/explore/model.ts';
import { observerOf } from '../../../src/explore/observer.ts';
import { alike } from '../../../src/explore/slot-kind.ts';
import { call, offer, unheard, where } from '../../../src/explore/wiring.ts';
import { actor, object } from '../../../src/explore/world.ts';
import { count, effect, holds } from '../../../src/machines/wiring-types.ts';

const doorMachine = setup({
  types: { events: {} as { readonly type: 'door.open' } },
}).createMachine({
  id: 'door',
  initial: 'shut',
  states: { shut: { on: { 'door.open': 'open' } }, open: {} },
});

/** Goes in unseen, rings once or twice, and is heard to leave some time after it left. */
const guestMachine = setup({
  types: { events: {} as { readonly type: 'step' } | { readonly type: 'again' } },
  actions: { ring: effect(), leave: effect() },
}).createMachine({
  id: 'guest',
  initial: 'outside',
  states: {
    outside: { on: { step: 'inside' } },
    inside: { on: { step: { target: 'gone', actions: 'leave' }, again: { actions: 'ring' } } },
    gone: {},
  },
});

const door = alike('door', doorMachine, {}, 1);
const guest = alike('guest', guestMachine, {}, 1);
const observer = observerOf(
  modelOf({
    name: 'a visit',
    parts: [
      object(door),
      actor(guest, {
        takes: () => [offer({ type: 'step' }), offer({ type: 'again' })],
        effects: { ring: unheard, leave: () => [call(door, 0, { type: 'door.open' })] },
      }),
    ],
  }),
  {
    signsOf: (effects) => ({
      now: effects.flatMap(({ type }) => (type === 'ring' ? ['ring', 'echo'] : [])),
      late: effects.flatMap(({ type }) => (type === 'leave' ? ['left'] : [])),
    }),
    settled: (locals) => locals,
    isPrivate: () => false,
  },
);
const everybody: Actors = { name: 'everybody', has: () => true };
const nobody: Actors = { name: 'nobody', has: () => false };
const isOpen = where(door, 0, ({ value }) => value === 'open');

test('what shows nothing may have happened', () => {
  // Outside, inside, and gone with the leaving not yet heard of.
  expect(observer.sizeOf(observer.first)).toBe(3);
  expect(observer.next(observer.first, everybody)).toEqual([
    { actor: 'guest', sign: 'ring' },
    { actor: 'guest', sign: 'left' },
  ]);
});

test('signs of one step are seen in their order, and nothing of the actor between them', () => {
  const rung = observer.after(observer.first, 'ring', everybody);
  expect(observer.next(rung, everybody)).toEqual([{ actor: 'guest', sign: 'echo' }]);
  expect(observer.after(rung, 'ring', everybody)).toBe(NOWHERE);
  const echoed = observer.after(rung, 'echo', everybody);
  expect(observer.sizeOf(echoed)).toBe(2);
});

test('a late sign comes after what it did', () => {
  const opened = observer.kept(observer.first, 'open', isOpen);
  expect(observer.sizeOf(opened)).toBe(1);
  expect(observer.after(opened, 'ring', everybody)).toBe(NOWHERE);
  const left = observer.after(opened, 'left', everybody);
  expect(observer.next(left, everybody)).toEqual([]);
});

test('a sign of somebody else explains nothing', () => {
  expect(observer.after(observer.first, 'ring', nobody)).toBe(NOWHERE);
});

test('the same sight leads to the same frontier', () => {
  const once = observer.after(observer.after(observer.first, 'ring', everybody), 'echo', everybody);
  const twice = observer.after(observer.after(once, 'ring', everybody), 'echo', everybody);
  expect(twice).toBe(once);
  expect(observer.union(once, observer.first)).toBe(observer.first);
});

test('a call from outside is made in every state', () => {
  const told = observer.told(observer.first, 'open', [call(door, 0, { type: 'door.open' })]);
  expect(observer.sizeOf(observer.kept(told, 'open', isOpen))).toBe(observer.sizeOf(told));
});

test('a state that the tables cannot hold is left out, and that is told once', () => {
  const counterMachine = setup({
    types: { context: {} as { readonly met: number }, events: {} as { readonly type: 'meet' } },
    actions: {
      count: assign(({ context }) => {
        invariant(context.met < 2, 'a third one is met');
        return { met: context.met + 1 };
      }),
    },
  }).createMachine({
    id: 'counter',
    context: { met: 0 },
    on: { meet: { actions: 'count' } },
  });
  const counter = alike('counter', counterMachine, holds({ met: count(2) }), 1);
  const counting = observerOf(modelOf({ name: 'a crowd', parts: [object(counter)] }), {
    signsOf: () => ({ now: [], late: [] }),
    settled: (locals) => locals,
    isPrivate: () => false,
  });
  const meet = (frontier: number): number =>
    counting.told(frontier, 'meet', [call(counter, 0, { type: 'meet' })]);
  const two = meet(meet(counting.first));
  expect([counting.sizeOf(two), counting.wasCut()]).toEqual([1, false]);
  expect([meet(two), counting.wasCut(), counting.wasCut()]).toEqual([NOWHERE, true, false]);
  // Remembered moves tell it again.
  expect([meet(two), counting.wasCut()]).toEqual([NOWHERE, true]);
});
