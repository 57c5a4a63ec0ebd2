/**
 * Random world: small actors and objects wired by chance, with questions, calls of calls, channels, violations,
 * properties and goals, so that ways of searching can be compared where nobody chose the example.
 */
import { assign, setup } from 'xstate';

import { type Prng, prng } from '../../../src/core/prng.ts';
import { channels, received, sent } from '../../../src/explore/channel.ts';
import { alike } from '../../../src/explore/slot-kind.ts';
import { type Call, call, offer, type Read, where } from '../../../src/explore/wiring.ts';
import { actor, object, type Part, type World } from '../../../src/explore/world.ts';
import {
  count,
  effect,
  holds,
  question,
  scalar,
  type Violation,
} from '../../../src/machines/wiring-types.ts';

const VALUES = 3;
const STATES = 4;
const ROOM = 2;

/** Counts round; one of its values may be forbidden, another tells others. */
const cellMachine = (forbidden: number | undefined) =>
  setup({
    types: {
      context: {} as { readonly n: number },
      events: {} as { readonly type: 'add'; readonly by: number } | { readonly type: 'clear' },
    },
    actions: {
      add: assign(({ context }, { by }: { readonly by: number }) => ({
        n: (context.n + by) % VALUES,
      })),
      clear: assign({ n: 0 }),
      told: effect<{ readonly n: number }>(),
      violate: effect<Violation>(),
    },
    guards: {
      isForbidden: ({ context }, { by }: { readonly by: number }) =>
        (context.n + by) % VALUES === forbidden,
    },
  }).createMachine({
    id: 'cell',
    context: { n: 0 },
    on: {
      add: [
        {
          guard: { type: 'isForbidden', params: ({ event }) => ({ by: event.by }) },
          actions: [
            { type: 'add', params: ({ event }) => ({ by: event.by }) },
            { type: 'violate', params: { unexpected: 'add', property: 'V' } },
          ],
        },
        {
          actions: [
            { type: 'add', params: ({ event }) => ({ by: event.by }) },
            { type: 'told', params: ({ context }) => ({ n: context.n }) },
          ],
        },
      ],
      clear: { actions: 'clear' },
    },
  });

type Step = { readonly at: number; readonly take: number };

/** Goes from state to state by three kinds of step, as a table says. */
function walkerMachine(chance: Prng) {
  const walker = setup({
    types: {
      context: {} as Record<string, never>,
      events: {} as { readonly type: 'a' | 'b' | 'message' },
    },
    actions: { act: effect<Step>() },
    guards: { may: question<Step>('may') },
  });
  const to = (at: number, take: number) => {
    const target = chance.below(3) === 0 ? chance.below(STATES) : Math.min(at + 1, STATES - 1);
    const params = { at, take };
    return {
      target: `s${target}`,
      actions: { type: 'act', params } as const,
      ...(chance.below(2) === 0 ? { guard: { type: 'may', params } as const } : {}),
    };
  };
  const states = Array.from({ length: STATES }, (_, at) => {
    const on = {
      ...(chance.below(4) > 0 ? { a: to(at, 0) } : {}),
      ...(chance.below(4) === 0 ? { b: to(at, 1) } : {}),
      ...(chance.below(2) === 0 ? { message: to(at, 2) } : {}),
    };
    return [`s${at}`, at === STATES - 1 ? {} : { on }] as const;
  });
  return walker.createMachine({
    id: 'walker',
    context: {},
    initial: 's0',
    states: Object.fromEntries(states),
  });
}

/** A world of three or four walkers over three cells and two channels; the same for the same seed. */
export function randomWorld(seed: number): World {
  const chance = prng(seed);
  const below = (limit: number): number => chance.below(limit);
  const cells = Array.from({ length: 3 }, (_, of) =>
    alike(
      `cell-${of}`,
      cellMachine(below(4) === 0 ? below(VALUES) : undefined),
      holds({ n: count(VALUES) }),
      1,
    ),
  );
  const lines = channels('line', ROOM, { type: scalar }, 2);
  const walkers = Array.from({ length: 3 + below(2) }, (_, of) =>
    alike(`walker-${of}`, walkerMachine(chance), {}, 1),
  );
  const cellAt = (at: number) => cells[at % cells.length] ?? cells[0];
  const readCell = (at: number, n: number): Read[] => {
    const cell = cellAt(at);
    return cell === undefined ? [] : [where(cell, 0, ({ context }) => context.n !== n)];
  };
  const readWalker = (at: number, state: number): Read[] => {
    const walker = walkers[at % walkers.length];
    return walker === undefined ? [] : [where(walker, 0, ({ value }) => value === `s${state}`)];
  };
  const callCell = (at: number): Call[] => {
    const cell = cellAt(at);
    if (cell === undefined) return [];
    const by = 1 + below(VALUES - 1);
    return [call(cell, 0, below(4) === 0 ? { type: 'clear' } : { type: 'add', by })];
  };
  const table = <Value>(make: () => Value): Value[][] =>
    Array.from({ length: STATES }, () => Array.from({ length: 3 }, make));

  const parts: Part[] = walkers.map((walker, own) => {
    // A walker sends on one line at most and receives on the other.
    const line = own % 2;
    const asks = table(() =>
      below(2) === 0 ? readCell(below(3), below(VALUES)) : readWalker(own + 1, below(STATES)),
    );
    const calls = table((): Call[] => {
      const target = below(3);
      if (below(3) === 0) return [];
      if (below(4) === 0) return [...callCell(target), sent(lines, line, { type: 'note' })];
      return callCell(target);
    });
    return actor(walker, {
      takes: () => [
        offer({ type: 'a' }),
        offer({ type: 'b' }),
        received(lines, 1 - line, () => ({ type: 'message' as const })),
      ],
      asks: { may: ({ at, take }) => asks[at]?.[take] ?? false },
      effects: { act: ({ at, take }) => calls[at]?.[take] ?? [] },
      mayRest: ({ value }) => value === `s${STATES - 1}`,
    });
  });
  for (const [at, cell] of cells.entries()) {
    // Cells tell later cells only, so that calls go in no circle.
    const later = cells[at + 1];
    const tells = later !== undefined && below(2) === 0;
    parts.push(
      object(cell, {
        effects: {
          told: ({ n }) =>
            tells && later !== undefined && n === 1 ? [call(later, 0, { type: 'add', by: 1 })] : [],
        },
      }),
    );
  }
  parts.push(object(lines));
  return {
    name: `random ${seed}`,
    parts,
    properties: [0, 1].map((of) => ({
      id: `P${of}`,
      sentence: 'walkers and cells are never so',
      never: [
        ...readWalker(of, 1 + below(3)),
        ...readCell(below(3), below(VALUES)),
        ...readCell(below(3), below(VALUES)),
        ...readWalker(of + 1, below(STATES)),
      ],
    })),
    sightings: [
      { id: 'seen', sentence: 'a cell is there', reads: [...readWalker(1, 2), ...readCell(0, 0)] },
    ],
  };
}
