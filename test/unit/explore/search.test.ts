/**
 * What a search says of small worlds: limits are named, deadlocks and properties have shortest traces, channels
 * deliver in order, states wider than one word lose nothing.
 */
import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';

import { channels, received, sent } from '../../../src/explore/channel.ts';
import { beginSearch } from '../../../src/explore/search.ts';
import { alike } from '../../../src/explore/slot-kind.ts';
import { call, where } from '../../../src/explore/wiring.ts';
import { actor, object, type World } from '../../../src/explore/world.ts';
import { count, effect, holds, question, scalar } from '../../../src/machines/wiring-types.ts';
import { counters, takes } from './counters-world.ts';
import { outcomeOf } from './outcome-of.ts';

describe('a search', () => {
  it('visits the product of what is independent, over several words', () => {
    expect(outcomeOf(counters(4, 9).world)).toMatchObject({ states: 10_000, transitions: 36_000 });
    // 12 counters of 3 bits are two words; those that add up to 4 at most are 16 over 4
    expect(outcomeOf(counters(12, 8).world, { depthMax: 3 })).toMatchObject({ states: 1_820 });
  });

  it('says which limit it met, and how far it came', () => {
    const { world } = counters(11, 2);
    expect(outcomeOf(world)).toMatchObject({ kind: 'complete', states: 177_147, depth: 22 });
    expect(outcomeOf(world, { depthMax: 3 })).toMatchObject({
      kind: 'limited',
      limit: 'depth',
      depth: 3,
    });
    const limited = outcomeOf(world, { statesMax: 5_000 });
    expect(limited).toMatchObject({ kind: 'limited', limit: 'states' });
    expect(limited.states).toBeGreaterThan(5_000);
    expect(limited.states).toBeLessThan(5_200);
  });

  it('is complete at a depth limit that nothing lies beyond', () => {
    expect(outcomeOf(counters(2, 3).world, { depthMax: 6 })).toMatchObject({ kind: 'complete' });
  });

  it('tells a shortest way to a state that must not be', () => {
    const { kind, world } = counters(2, 3);
    const at = (index: number, n: number) => where(kind, index, ({ context }) => context.n === n);
    const never = [at(0, 1), at(1, 2)];
    const properties = [{ id: 'S0', sentence: 'one and two', never }];
    const outcome = outcomeOf({ ...world, properties });
    expect(outcome).toMatchObject({ kind: 'violated', violation: { slot: '', property: 'S0' } });
    expect(outcome.kind === 'violated' && outcome.trace.length).toBe(3);
    expect(outcomeOf({ ...world, properties }, { properties: [] }).kind).toBe('complete');
  });

  it('gives the same answer every time', () => {
    const { world } = counters(3, 4);
    expect(outcomeOf(world)).toEqual(outcomeOf(world));
  });

  it.each(['bfs', 'dfs'] as const)('gives the same answer in slices, %s', (strategy) => {
    const { kind, world } = counters(4, 5);
    const sightings = [3, 7].map((n) => ({
      id: `counts to ${n}`,
      sentence: 'the first counter gets there',
      reads: [where(kind, 0, ({ context }) => context.n === n)],
    }));
    const whole = outcomeOf({ ...world, sightings }, { strategy });
    const begun = beginSearch({ ...world, sightings }, { strategy });
    if (!begun.ok) throw new Error(begun.error.code);
    let slices = 0;
    for (;;) {
      slices += 1;
      const advanced = begun.value.advance(100);
      if (!advanced.ok) throw new Error(advanced.error.code);
      if (advanced.value === undefined) continue;
      expect(advanced.value).toEqual(whole);
      expect(begun.value.advance(100)).toEqual(advanced);
      break;
    }
    expect(slices).toBeGreaterThan(12);
    expect(whole).toMatchObject({ kind: 'complete', states: 1_296, unseen: ['counts to 7'] });
  });

  it('ends limited when its caller stops it, and stays so', () => {
    const begun = beginSearch(counters(6, 5).world);
    if (!begun.ok) throw new Error(begun.error.code);
    expect(begun.value.advance(500)).toEqual({ ok: true, value: undefined });
    expect(begun.value.counts().expanded).toBe(500);
    const stopped = begun.value.stop('time');
    expect(stopped).toMatchObject({ kind: 'limited', limit: 'time', expanded: 500 });
    expect(begun.value.advance(500)).toEqual({ ok: true, value: stopped });
  });

  it.each(['bfs', 'dfs'] as const)('keeps within its memory, %s', (strategy) => {
    const bytesMax = 2 ** 23;
    const outcome = outcomeOf(counters(11, 2).world, { strategy });
    expect(outcome).toMatchObject({ kind: 'complete', states: 177_147 });
    expect(outcome.bytes).toBeLessThan(bytesMax);
    const limited = outcomeOf(counters(14, 2).world, { strategy, bytesMax });
    expect(limited).toMatchObject({ kind: 'limited', limit: 'bytes' });
    expect(limited.bytes).toBeLessThanOrEqual(bytesMax);
    expect(limited.states).toBeGreaterThan(200_000);
  });
});

describe('two threads that lock in opposite order', () => {
  const lock = setup({ types: { events: {} as { readonly type: 'take' | 'drop' } } }).createMachine(
    {
      id: 'lock',
      initial: 'free',
      states: { free: { on: { take: 'held' } }, held: { on: { drop: 'free' } } },
    },
  );
  const thread = setup({
    types: {
      context: {} as { readonly order: readonly number[] },
      events: {} as { readonly type: 'step' },
      input: {} as { readonly order: readonly number[] },
    },
    actions: { take: effect<{ readonly lock: number }>(), drop: effect() },
    guards: { isFree: question<{ readonly lock: number }>('isFree') },
  });
  type Of = { readonly context: { readonly order: readonly number[] } };
  const nth =
    (at: number) =>
    ({ context }: Of) => ({ lock: context.order[at] ?? 0 });
  const threadMachine = thread.createMachine({
    id: 'thread',
    context: ({ input }) => input,
    initial: 'none',
    states: {
      none: {
        on: {
          step: {
            guard: { type: 'isFree', params: nth(0) },
            target: 'one',
            actions: { type: 'take', params: nth(0) },
          },
        },
      },
      one: {
        on: {
          step: {
            guard: { type: 'isFree', params: nth(1) },
            target: 'both',
            actions: { type: 'take', params: nth(1) },
          },
        },
      },
      both: { on: { step: { target: 'done', actions: 'drop' } } },
      done: { type: 'final' },
    },
  });

  it('are found stuck after two steps, with the names of who waits', () => {
    const locks = alike('lock', lock, {}, 2);
    const threads = {
      name: 'thread',
      machine: threadMachine,
      holds: {},
      inputs: [{ order: [0, 1] }, { order: [1, 0] }],
    };
    const world: World = {
      name: 'locks',
      parts: [
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
    const outcome = outcomeOf(world);
    expect(outcome).toMatchObject({ kind: 'deadlocked', waiting: ['thread[0]', 'thread[1]'] });
    expect(outcome.kind === 'deadlocked' && outcome.trace.length).toBe(2);
    expect(outcomeOf(world, { mayDeadlock: true })).toMatchObject({ kind: 'complete' });
  });
});

describe('a channel', () => {
  const sender = setup({
    types: { context: {} as { readonly n: number }, events: {} as { readonly type: 'step' } },
    actions: {
      send: effect<{ readonly n: number }>(),
      add: assign({ n: ({ context }) => context.n + 1 }),
    },
    guards: { hasMore: ({ context }) => context.n < 3 },
  }).createMachine({
    id: 'sender',
    context: { n: 0 },
    on: {
      step: {
        guard: 'hasMore',
        actions: [{ type: 'send', params: ({ context }) => ({ n: context.n }) }, 'add'],
      },
    },
  });
  const receiver = setup({
    types: {
      context: {} as { readonly n: number },
      events: {} as { readonly type: 'number'; readonly n: number },
    },
    actions: {
      keep: assign((_, { n }: { readonly n: number }) => ({ n: n + 1 })),
      violate: effect<{ readonly unexpected: string }>(),
    },
    guards: { isNext: ({ context, event }) => event.n === context.n },
  }).createMachine({
    id: 'receiver',
    context: { n: 0 },
    on: {
      number: [
        { guard: 'isNext', actions: { type: 'keep', params: ({ event }) => ({ n: event.n }) } },
        { actions: { type: 'violate', params: { unexpected: 'number' } } },
      ],
    },
  });
  const worldOf = (room: number): World => {
    const channel = channels('channel', room, { type: scalar, n: scalar });
    return {
      name: 'channel',
      parts: [
        actor(alike('sender', sender, holds({ n: count(3) }), 1), {
          takes,
          effects: { send: ({ n }) => [sent(channel, 0, { type: 'number', n })] },
          mayRest: () => true,
        }),
        actor(alike('receiver', receiver, holds({ n: count(3) }), 1), {
          takes: () =>
            [0, 1, 2].map((n) =>
              received(channel, 0, (message) =>
                'n' in message && message.n === n ? { type: 'number' as const, n } : undefined,
              ),
            ),
          mayRest: ({ context }) => context.n === 3,
        }),
        object(channel),
      ],
    };
  };

  it('delivers in order, each message once, in a step of its own', () => {
    // sent 0..3 and received 0..sent: 4 + 3 + 2 + 1
    expect(outcomeOf(worldOf(3))).toMatchObject({ kind: 'complete', states: 10, transitions: 12 });
  });

  it('says so when it has no room', () => {
    expect(outcomeOf(worldOf(2))).toMatchObject({
      kind: 'violated',
      violation: { slot: 'channel', sentence: 'a channel holds at most 2 messages' },
      depth: 2,
    });
  });
});
