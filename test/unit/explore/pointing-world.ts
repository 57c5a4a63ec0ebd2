/**
 * Pointing world: persons who point at one another, so that states are directed graphs and alike states are graphs
 * of the same shape. How many shapes there are is known (OEIS A000273, A052283).
 */
import { assign, setup } from 'xstate';

import { blocksBy, type IdClass, idClass } from '../../../src/explore/id-class.ts';
import { alike, slotKind } from '../../../src/explore/slot-kind.ts';
import { call, offer, where } from '../../../src/explore/wiring.ts';
import { actor, object, type World } from '../../../src/explore/world.ts';
import { bag, effect, holds, id, question } from '../../../src/machines/wiring-types.ts';

type Arrow = { readonly from: number; readonly to: number };
type Point = { readonly type: 'point'; readonly to: number };

const personMachine = setup({
  types: {
    context: {} as { readonly me: number },
    events: {} as Point,
    input: {} as { readonly me: number },
  },
  actions: { draw: effect<Arrow>() },
  guards: { isNew: question<Arrow>('isNew') },
}).createMachine({
  id: 'person',
  context: ({ input }) => input,
  on: {
    point: {
      guard: {
        type: 'isNew',
        params: ({ context, event }) => ({ from: context.me, to: event.to }),
      },
      actions: {
        type: 'draw',
        params: ({ context, event }) => ({ from: context.me, to: event.to }),
      },
    },
  },
});

const boardMachine = setup({
  types: {
    context: {} as { readonly arrows: readonly Arrow[] },
    events: {} as { readonly type: 'draw'; readonly arrow: Arrow },
  },
  actions: {
    add: assign(({ context }, { arrow }: { readonly arrow: Arrow }) => ({
      arrows: [...context.arrows, arrow].sort((a, b) => a.from - b.from || a.to - b.to),
    })),
  },
}).createMachine({
  id: 'board',
  context: { arrows: [] },
  on: { draw: { actions: { type: 'add', params: ({ event }) => ({ arrow: event.arrow }) } } },
});

type Pointing = {
  readonly persons: number;
  readonly arrowsMax: number;
  /** Ids that may not be exchanged have keys of their own. */
  readonly key?: (person: number) => number;
  /** Whether one may point at another. */
  readonly may?: (from: number, to: number) => boolean;
};

export function pointing({ persons, arrowsMax, key = () => 0, may = () => true }: Pointing) {
  const all = Array.from({ length: persons }, (_, person) => person);
  const person = slotKind(
    'person',
    personMachine,
    {},
    all.map((me) => ({ me })),
  );
  const arrows = holds({ arrows: bag(arrowsMax, { from: id('person'), to: id('person') }) });
  const board = alike('board', boardMachine, arrows, 1);
  const symmetry: readonly IdClass[] = [idClass('person', blocksBy(all, key), [{ kind: person }])];
  const world: World = {
    name: 'pointing',
    symmetry,
    parts: [
      actor(person, {
        takes: (index) =>
          all.filter((to) => to !== index).map((to) => offer({ type: 'point', to } as const)),
        asks: {
          isNew: ({ from, to }) =>
            may(from, to) && [
              where(
                board,
                0,
                ({ context }) =>
                  context.arrows.length < arrowsMax &&
                  !context.arrows.some((arrow) => arrow.from === from && arrow.to === to),
              ),
            ],
        },
        effects: { draw: (arrow) => [call(board, 0, { type: 'draw', arrow })] },
        mayRest: () => true,
      }),
      object(board),
    ],
  };
  return { world, board };
}
