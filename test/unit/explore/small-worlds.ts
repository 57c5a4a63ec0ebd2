/**
 * Small worlds: two threads that lock in opposite order; two that write one note; one whose wiring counts for itself;
 * one that may go in circles for ever.
 */
import { assign, setup } from 'xstate';

import { alike, slotKind } from '../../../src/explore/slot-kind.ts';
import { call, offer, where } from '../../../src/explore/wiring.ts';
import { actor, object, type World } from '../../../src/explore/world.ts';
import { count, effect, holds, question } from '../../../src/machines/wiring-types.ts';

const takes = () => [offer({ type: 'step' } as const)];

const lock = setup({ types: { events: {} as { readonly type: 'take' | 'drop' } } }).createMachine({
  id: 'lock',
  initial: 'free',
  states: { free: { on: { take: 'held' } }, held: { on: { drop: 'free' } } },
});

type Order = { readonly order: readonly number[] };
const threadSetup = setup({
  types: {
    context: {} as Order,
    events: {} as { readonly type: 'step' },
    input: {} as Order,
  },
  actions: { take: effect<{ readonly lock: number }>(), drop: effect() },
  guards: { isFree: question<{ readonly lock: number }>('isFree') },
});
const nth =
  (at: number) =>
  ({ context }: { readonly context: Order }) => ({ lock: context.order[at] ?? 0 });
const locking = (at: number, target: string) =>
  threadSetup.createStateConfig({
    on: {
      step: {
        guard: { type: 'isFree', params: nth(at) },
        target,
        actions: { type: 'take', params: nth(at) },
      },
    },
  });
const thread = threadSetup.createMachine({
  id: 'thread',
  context: ({ input }) => input,
  initial: 'none',
  states: {
    none: locking(0, 'one'),
    one: locking(1, 'both'),
    both: { on: { step: { target: 'done', actions: 'drop' } } },
    done: { type: 'final' },
  },
});

/** A deadlock after two steps: each thread has its first lock. `idlers` take steps that nobody minds. */
export function locksWorld(idlers = 0): World {
  const locks = alike('lock', lock, {}, 2);
  const threads = slotKind('thread', thread, {}, [{ order: [0, 1] }, { order: [1, 0] }]);
  return {
    name: 'locks',
    parts: [
      actor(alike('idler', counter(1), holds({ n: count(1) }), idlers), { takes }),
      actor(threads, {
        takes,
        asks: { isFree: (of) => [where(locks, of.lock, ({ value }) => value === 'free')] },
        effects: {
          take: (of) => [call(locks, of.lock, { type: 'take' })],
          drop: () => [0, 1].map((of) => call(locks, of, { type: 'drop' })),
        },
      }),
      object(locks),
    ],
  };
}

/** Takes `steps` steps and is done. */
function counter(steps: number) {
  return setup({
    types: { context: {} as { readonly n: number }, events: {} as { readonly type: 'step' } },
    actions: { add: assign({ n: ({ context }) => context.n + 1 }) },
    guards: { isLast: ({ context }) => context.n === steps - 1 },
  }).createMachine({
    id: 'counter',
    context: { n: 0 },
    initial: 'counting',
    states: {
      counting: {
        on: { step: [{ guard: 'isLast', target: 'done', actions: 'add' }, { actions: 'add' }] },
      },
      done: { type: 'final' },
    },
  });
}

const WRITES = 2;
const writer = setup({
  types: { context: {} as { readonly n: number }, events: {} as { readonly type: 'step' } },
  actions: { add: assign({ n: ({ context }) => context.n + 1 }), write: effect() },
  guards: { isLast: ({ context }) => context.n === WRITES - 1 },
}).createMachine({
  id: 'writer',
  context: { n: 0 },
  initial: 'writing',
  states: {
    writing: {
      on: {
        step: [
          { guard: 'isLast', target: 'done', actions: ['write', 'add'] },
          { actions: ['write', 'add'] },
        ],
      },
    },
    done: { type: 'final' },
  },
});
const note = setup({
  types: {
    context: {} as { readonly wrote: number },
    events: {} as { readonly type: 'write'; readonly by: number },
  },
  actions: {
    append: assign(({ context }, { by }: { readonly by: number }) => ({
      wrote: context.wrote * 3 + by + 1,
    })),
  },
}).createMachine({
  id: 'note',
  context: { wrote: 0 },
  on: { write: { actions: { type: 'append', params: ({ event }) => ({ by: event.by }) } } },
});

/**
 * Two writers of two letters each, and a dawdler that takes six steps of no interest: the note remembers who wrote
 * when, in ternary, so that its last value tells which of the six orders it was.
 */
export function writersWorld(): World {
  const notes = alike('note', note, holds({ wrote: count(200) }), 1);
  return {
    name: 'writers',
    parts: [
      actor(alike('dawdler', counter(6), holds({ n: count(6) }), 1), { takes }),
      actor(alike('writer', writer, holds({ n: count(WRITES) }), 2), {
        takes,
        effects: { write: (_, index) => [call(notes, 0, { type: 'write', by: index })] },
      }),
      object(notes),
    ],
    eventSets: [['note']],
  };
}

/** The note's writer is whoever the wiring's own count says: asked twice, it answers differently. */
export function impureWorld(): World {
  const notes = alike('note', note, holds({ wrote: count(200) }), 1);
  let asked = 0;
  return {
    name: 'impure',
    parts: [
      actor(alike('writer', writer, holds({ n: count(WRITES) }), 2), {
        takes,
        effects: {
          write: () => {
            asked += 1;
            return [call(notes, 0, { type: 'write', by: asked % 2 })];
          },
        },
      }),
      object(notes),
    ],
  };
}

type Circling = { readonly type: 'leave' | 'turn' | 'arrive' };
const traveller = setup({ types: { events: {} as Circling } }).createMachine({
  id: 'traveller',
  initial: 'home',
  states: {
    home: { on: { leave: 'north' } },
    north: { on: { turn: 'south', arrive: 'there' } },
    south: { on: { turn: 'north', arrive: 'there' } },
    there: { type: 'final' },
  },
});

/** Once on the way the traveller shall arrive; if lost, he only ever turns. */
export function circlesWorld(isLost: boolean): World {
  const travellers = alike('traveller', traveller, {}, 1);
  const types: readonly Circling['type'][] = isLost
    ? ['leave', 'turn']
    : ['leave', 'turn', 'arrive'];
  return {
    name: 'circles',
    parts: [actor(travellers, { takes: () => types.map((type) => offer({ type })) })],
    goals: [
      {
        id: 'L0',
        sentence: 'who leaves arrives',
        whenever: [where(travellers, 0, ({ value }) => value !== 'home')],
        goal: [where(travellers, 0, ({ value }) => value === 'there')],
      },
    ],
  };
}
