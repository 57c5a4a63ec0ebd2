/** Machines with what a chart finds hard, and ours have little of; made for charts alone. */
import { and, createMachine, not, or, setup, stateIn } from 'xstate';

const door = setup({
  guards: { isOpen: () => true, isLocked: () => false, isNight: () => false },
  actions: {
    ring: () => {},
    refuse: (_, _params: { readonly errno: string; readonly reason: string }) => {},
    count: (_, _params: { readonly by: number }) => {},
  },
});

/** Everything a transition can say. */
export const doorMachine = door.createMachine({
  id: 'door',
  initial: 'shut',
  on: { '*': { actions: 'ring' } },
  states: {
    shut: {
      tags: ['safe'],
      entry: 'ring',
      exit: { type: 'count', params: () => ({ by: 1 }) },
      on: {
        push: [
          { guard: and(['isOpen', not('isLocked')]), target: 'ajar' },
          {
            guard: or([and(['isNight', 'isLocked']), stateIn({ shut: 'bolted' })]),
            actions: { type: 'refuse', params: { errno: 'EPERM', reason: 'it is locked' } },
          },
          { actions: 'ring' },
        ],
        knock: {},
      },
    },
    ajar: { always: { guard: 'isNight', target: 'shut', actions: door.assign({}) } },
    gone: { type: 'final' },
  },
});

/** Parallel inside compound inside parallel, with arrows across all walls. */
export const nestMachine = createMachine({
  id: 'nest',
  type: 'parallel',
  on: { reset: '.left', '*': {} },
  states: {
    left: {
      initial: 'idle',
      on: { again: { target: 'left', reenter: true }, begin: '.inner' },
      states: {
        idle: { on: { go: 'inner', hop: '#nest.left.inner.b.two' } },
        inner: {
          type: 'parallel',
          on: { leave: 'idle', loop: { target: 'inner', reenter: true } },
          states: {
            a: { initial: 'one', states: { one: { on: { next: 'two' } }, two: {} } },
            b: {
              initial: 'one',
              states: {
                one: { on: { next: 'two', self: 'one' } },
                two: { on: { out: '#nest.left.idle', up: '#nest.left' } },
              },
            },
          },
          onDone: 'idle',
        },
      },
    },
    right: {
      initial: 'only',
      states: {
        only: {
          after: { 500: 'later' },
          on: { self: { target: 'only', reenter: true }, both: ['later', { target: 'only' }] },
        },
        later: { on: { back: '#nest.right' } },
      },
    },
  },
});

/** No states at all. */
export const bareMachine = createMachine({ id: 'bare', on: { counted: {} } });

/** A machine that runs. */
export const lampMachine = createMachine({
  id: 'lamp',
  initial: 'dark',
  on: { '*': {} },
  states: {
    dark: { on: { press: 'warming', flicker: 'dark' } },
    warming: { always: 'lit' },
    lit: { on: { press: 'dark', flicker: {} } },
  },
});
