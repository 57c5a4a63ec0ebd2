/**
 * Lifetime notes: the small objects of a lifetime world that have no machine of their own elsewhere.
 *
 * Actor:   objects. A run, for an operation that somebody has to start; memory, which must not be used once it is
 *          freed; a bond; the number of a PASID; an open file.
 * Effects: violate: of memory (the property it is told), of a bond (S19), of a number (S11).
 */
import { assign, setup } from 'xstate';

import { count, effect, holds, question, type Violation } from '../../../machines/wiring-types.ts';

const NOTHING = {} as Record<string, never>;

export const runMachine = setup({
  types: { context: NOTHING, events: {} as { readonly type: 'run.begin' } },
}).createMachine({
  id: 'run',
  context: {},
  initial: 'idle',
  states: { idle: { on: { 'run.begin': 'begun' } }, begun: {} },
});

type MemoryInput = { readonly property: string; readonly sentence: string };

/** Freed once, and used only before. */
export const memoryMachine = setup({
  types: {
    context: {} as MemoryInput,
    events: {} as { readonly type: 'memory.use' | 'memory.free' },
    input: {} as MemoryInput,
  },
  actions: { violate: effect<Violation>() },
}).createMachine({
  id: 'memory',
  context: ({ input }) => input,
  initial: 'live',
  states: {
    live: { on: { 'memory.use': {}, 'memory.free': 'freed' } },
    freed: {
      on: {
        '*': {
          actions: {
            type: 'violate',
            params: ({ context, event }) => ({
              unexpected: event.type,
              property: context.property,
              sentence: context.sentence,
            }),
          },
        },
      },
    },
  },
});

const BOND_USERS_MODEL_MAX = 4;

const bond = setup({
  types: {
    context: {} as { readonly users: number; readonly hasDevice: boolean },
    events: {} as {
      readonly type: 'bond.publish' | 'bond.get' | 'bond.put' | 'bond.use' | 'device.set';
    },
  },
  actions: {
    setDevice: assign({ hasDevice: true }),
    more: assign({ users: ({ context }) => context.users + 1 }),
    fewer: assign({ users: ({ context }) => context.users - 1 }),
    violate: effect<Violation>(),
  },
  guards: { hasDevice: ({ context }) => context.hasDevice },
});

export const bondMachine = bond.createMachine({
  id: 'bond',
  context: { users: 0, hasDevice: false },
  on: {
    'bond.publish': { actions: 'more' },
    'bond.get': { actions: 'more' },
    'bond.put': { actions: 'fewer' },
    'device.set': { actions: 'setDevice' },
    'bond.use': [
      { guard: 'hasDevice' },
      {
        actions: {
          type: 'violate',
          params: {
            unexpected: 'bond.use',
            property: 'S19',
            sentence: 'a bond that a second thread finds has its device',
          },
        },
      },
    ],
  },
});

export const bondHolds = holds({ users: count(BOND_USERS_MODEL_MAX), hasDevice: { kind: 'bit' } });

const pasidNumber = setup({
  types: {
    context: NOTHING,
    events: {} as { readonly type: 'pasid.allocate' | 'pasid.free' },
  },
  actions: { violate: effect<Violation>() },
  guards: { isProgrammed: question('isProgrammed'), isPublished: question('isPublished') },
});

const stillCarried = {
  target: 'held',
  actions: {
    type: 'violate',
    params: {
      unexpected: 'pasid.allocate',
      property: 'S11',
      sentence: 'a PASID is not handed out while an entry or an attachment carries it',
    },
  },
} as const;

export const pasidNumberMachine = pasidNumber.createMachine({
  id: 'pasid-number',
  context: {},
  initial: 'free',
  states: {
    free: {
      on: {
        'pasid.allocate': [
          { guard: 'isProgrammed', ...stillCarried },
          { guard: 'isPublished', ...stillCarried },
          { target: 'held' },
        ],
      },
    },
    held: { on: { 'pasid.free': 'free' } },
  },
});

const FILE_USERS_MODEL_MAX = 2;

const file = setup({
  types: {
    context: {} as { readonly users: number },
    events: {} as { readonly type: 'file.put' },
    input: {} as { readonly users: number },
  },
  actions: { fewer: assign({ users: ({ context }) => context.users - 1 }) },
  guards: { isLast: ({ context }) => context.users === 1 },
});

/** The file a device is bound through; its last reference releases it. */
export const fileMachine = file.createMachine({
  id: 'file',
  context: ({ input }) => input,
  initial: 'open',
  states: {
    open: {
      on: {
        'file.put': [
          { guard: 'isLast', target: 'released', actions: 'fewer' },
          { actions: 'fewer' },
        ],
      },
    },
    released: {},
  },
});

export const fileHolds = holds({ users: count(FILE_USERS_MODEL_MAX) });
