/**
 * Thread: software or hardware as a list of moves, each one critical section, each with the ways it may go.
 *
 * Actor:   active. A thread goes through its moves once and ends; hardware makes any of its moves, again and again.
 * Effects: perform, with the move and the way it went.
 * Asks:    isOpen, of a way. The first way that is open is taken; when none is, the thread waits.
 *
 * Policy: for races whose nouns are objects and whose threads are nothing but an order.
 */
import { setup } from 'xstate';

import { alike, type SlotKind } from '../../../explore/slot-kind.ts';
import { type Answer, type Call, offer, type Read, where } from '../../../explore/wiring.ts';
import { actor, type Part } from '../../../explore/world.ts';
import { effect, question } from '../../../machines/wiring-types.ts';

export type Way = {
  /** Open only while all of these hold; left out: always. */
  readonly when?: readonly Read[];
  readonly does?: readonly Call[];
  /** The thread returns instead of going on. */
  readonly ends?: boolean;
};
export type Move = readonly [name: string, ...ways: readonly Way[]];

type Chosen = { readonly move: string; readonly way: number };
type StepEvent = { readonly type: 'step' };
type MoveEvent = { readonly type: 'move'; readonly move: string };

const wayOf = (moves: readonly Move[], { move, way }: Chosen): Way => {
  const [, ...ways] = moves.find(([name]) => name === move) ?? [''];
  return ways[way] ?? {};
};
const wiringOf = (moves: readonly Move[]) => ({
  asks: { isOpen: (chosen: Chosen): Answer => wayOf(moves, chosen).when ?? true },
  effects: { perform: (chosen: Chosen) => wayOf(moves, chosen).does ?? [] },
});

const thread = setup({
  types: { context: {} as Record<string, never>, events: {} as StepEvent },
  actions: { perform: effect<Chosen>() },
  guards: { isOpen: question<Chosen>('isOpen') },
});

function threadMachine(name: string, moves: readonly Move[]) {
  const states = Object.fromEntries(
    moves.map(([move, ...ways], index) => [
      move,
      thread.createStateConfig({
        on: {
          step: ways.map(({ ends }, way) => ({
            guard: { type: 'isOpen' as const, params: { move, way } },
            target: `#${name}.${ends === true ? 'done' : (moves[index + 1]?.[0] ?? 'done')}`,
            actions: { type: 'perform' as const, params: { move, way } },
          })),
        },
      }),
    ]),
  );
  return thread.createMachine({
    id: name,
    context: {},
    initial: moves[0]?.[0] ?? 'done',
    states: { ...states, done: { type: 'final' } },
  });
}

export type Thread = {
  readonly kind: SlotKind<ReturnType<typeof threadMachine>>;
  readonly part: Part;
  /** It is about to make that move. */
  isAt(move: string): Read;
  isNotAt(move: string): Read;
  isDone(): Read;
};

/** A thread that makes its moves in order, once. */
export function threadOf(name: string, ...moves: readonly Move[]): Thread {
  const kind = alike(name, threadMachine(name, moves), {}, 1);
  return {
    kind,
    part: actor(kind, { takes: () => [offer({ type: 'step' })], ...wiringOf(moves) }),
    isAt: (move) => where(kind, 0, ({ value }) => value === move),
    isNotAt: (move) => where(kind, 0, ({ value }) => value !== move),
    isDone: () => where(kind, 0, ({ status }) => status === 'done'),
  };
}

const hardware = setup({
  types: { context: {} as Record<string, never>, events: {} as MoveEvent },
  actions: { perform: effect<Chosen>() },
  guards: { isOpen: question<Chosen>('isOpen') },
});

const chosen = ({ event }: { readonly event: MoveEvent }): Chosen => ({ move: event.move, way: 0 });

const hardwareMachine = hardware.createMachine({
  id: 'hardware',
  context: {},
  on: {
    move: {
      guard: { type: 'isOpen', params: chosen },
      actions: { type: 'perform', params: chosen },
    },
  },
});

/** Hardware that makes any of its moves whenever it may; each has one way. */
export function hardwareOf(name: string, ...moves: readonly Move[]): Part {
  return actor(alike(name, hardwareMachine, {}, 1), {
    takes: () => moves.map(([move]) => offer({ type: 'move' as const, move })),
    ...wiringOf(moves),
    mayRest: () => true,
  });
}
