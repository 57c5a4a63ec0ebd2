/**
 * Counters world: actors that count to a bound and are done, independent of one another.
 */
import { assign, setup } from 'xstate';

import { alike } from '../../../src/explore/slot-kind.ts';
import { offer } from '../../../src/explore/wiring.ts';
import { actor } from '../../../src/explore/world.ts';
import { count, holds } from '../../../src/machines/wiring-types.ts';

const counter = (max: number) => {
  const counting = setup({
    types: { context: {} as { readonly n: number }, events: {} as { readonly type: 'step' } },
    actions: { add: assign({ n: ({ context }) => context.n + 1 }) },
    guards: { isLast: ({ context }) => context.n === max - 1 },
  });
  return counting.createMachine({
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
};

export const takes = () => [offer({ type: 'step' } as const)];

/** As many counters, each to `max`. */
export const counters = (instances: number, max: number) => {
  const kind = alike('counter', counter(max), holds({ n: count(max) }), instances);
  return { kind, world: { name: 'counters', parts: [actor(kind, { takes })] } };
};
