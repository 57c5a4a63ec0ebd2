/**
 * Relay world: small machines in which the order of everything shows: calls of one effect, calls of callees, entry
 * and exit, raised events, eventless transitions, regions, questions about what the same step has changed.
 */
import { assign, not, raise, setup, stateIn } from 'xstate';

import { alike } from '../../../src/explore/slot-kind.ts';
import { call, offer, where } from '../../../src/explore/wiring.ts';
import { actor, object, type World } from '../../../src/explore/world.ts';
import {
  bag,
  bit,
  count,
  effect,
  holds,
  list,
  question,
  scalar,
} from '../../../src/machines/wiring-types.ts';

const LINES_MAX = 30;

const page = setup({
  types: {
    context: {} as { readonly lines: readonly string[] },
    events: {} as { readonly type: 'write'; readonly line: string } | { readonly type: 'wipe' },
  },
  actions: {
    write: assign(({ context }, { line }: { readonly line: string }) => ({
      lines: [...context.lines, line],
    })),
    wipe: assign({ lines: [] }),
    wrote: effect<{ readonly lines: number }>(),
  },
}).createMachine({
  id: 'page',
  context: { lines: [] },
  on: {
    write: {
      actions: [
        { type: 'write', params: ({ event }) => ({ line: event.line }) },
        { type: 'wrote', params: ({ context }) => ({ lines: context.lines.length }) },
      ],
    },
    wipe: { actions: 'wipe' },
  },
});

const relay = setup({
  types: {
    context: {} as { readonly seen: readonly number[]; readonly odd: boolean },
    events: {} as { readonly type: 'pass'; readonly by: number } | { readonly type: 'echo' },
    tags: '' as 'warm',
  },
  actions: {
    see: assign(({ context }, { by }: { readonly by: number }) => ({
      seen: context.seen.length === 2 ? [] : [...context.seen, by].sort((a, b) => a - b),
      odd: !context.odd,
    })),
    say: effect<{ readonly line: string }>(),
  },
  guards: {
    isBlank: question('isBlank'),
    isUp: stateIn({ side: 'up' }),
    isDown: not('isUp'),
  },
}).createMachine({
  id: 'relay',
  options: { maxIterations: 100 },
  context: { seen: [], odd: false },
  type: 'parallel',
  states: {
    side: {
      initial: 'down',
      states: {
        down: {
          exit: { type: 'say', params: { line: 'leaves down' } },
          on: {
            pass: {
              guard: 'isBlank',
              target: 'turning',
              actions: [
                { type: 'see', params: ({ event }) => ({ by: event.by }) },
                { type: 'say', params: ({ event }) => ({ line: `first by ${event.by}` }) },
                raise({ type: 'echo' }),
              ],
            },
          },
        },
        turning: {
          entry: { type: 'say', params: { line: 'turns' } },
          always: { guard: 'isDown', target: 'up' },
        },
        up: {
          tags: 'warm',
          on: {
            pass: {
              target: 'down',
              actions: { type: 'see', params: ({ event }) => ({ by: event.by }) },
            },
          },
        },
      },
    },
    voice: {
      initial: 'silent',
      states: {
        silent: { on: { echo: 'loud' } },
        loud: {
          entry: { type: 'say', params: { line: 'is loud' } },
          initial: 'one',
          states: { one: { on: { echo: 'two' } }, two: { type: 'final' } },
          onDone: 'silent',
        },
      },
    },
  },
});

const hand = setup({
  types: {
    context: {} as { readonly turn: number },
    events: {} as
      | { readonly type: 'round' }
      | { readonly type: 'wipe' }
      | { readonly type: 'turn' },
  },
  actions: {
    round: effect<{ readonly turn: number }>(),
    wipe: effect(),
    sign: effect(),
    next: assign({ turn: ({ context }) => (context.turn + 1) % 3 }),
  },
  guards: { hasRoom: question('hasRoom') },
}).createMachine({
  id: 'hand',
  context: { turn: 0 },
  on: {
    round: {
      guard: 'hasRoom',
      actions: [{ type: 'round', params: ({ context }) => ({ turn: context.turn }) }, 'sign'],
    },
    turn: { actions: 'next' },
    wipe: { actions: 'wipe' },
  },
});

export function relayWorld(): World {
  const pages = alike('page', page, holds({ lines: list(LINES_MAX, scalar) }), 1);
  const relays = alike('relay', relay, holds({ seen: bag(2, count(2)), odd: bit }), 3);
  const hands = alike('hand', hand, holds({ turn: count(2) }), 1);
  const lines = (many: (count: number) => boolean) => [
    where(pages, 0, ({ context }) => many(context.lines.length)),
  ];
  return {
    name: 'relay',
    parts: [
      actor(hands, {
        takes: () => [offer({ type: 'round' }), offer({ type: 'turn' }), offer({ type: 'wipe' })],
        asks: { hasRoom: () => lines((count) => count < 12) },
        effects: {
          round: ({ turn }) =>
            [turn, turn, (turn + 1) % 3].map((to) => call(relays, to, { type: 'pass', by: turn })),
          sign: () => [call(pages, 0, { type: 'write', line: 'signed' })],
          wipe: () => [call(pages, 0, { type: 'wipe' })],
        },
      }),
      object(relays, {
        // What it asks about, an earlier call of the same step may have written.
        asks: { isBlank: () => lines((count) => count % 3 !== 1) },
        effects: {
          say: ({ line }, index) => [call(pages, 0, { type: 'write', line: `${index} ${line}` })],
        },
      }),
      object(pages, { effects: { wrote: () => [] } }),
    ],
  };
}
