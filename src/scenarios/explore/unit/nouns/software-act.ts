/**
 * Software act: one step of a software thread that no machine of the kernel describes, once it may be taken.
 *
 * Actor:   active, one per act.
 * Effects: perform.
 * Asks:    mayAct.
 */
import { setup } from 'xstate';

import { effect, question } from '../../../../machines/wiring-types.ts';

const act = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { perform: effect() },
  guards: { mayAct: question('mayAct') },
});

/** `name` becomes its id and must be a plain kebab-case word. */
export const softwareActMachine = (name: string) =>
  act.createMachine({
    id: name,
    context: {},
    initial: 'ready',
    states: {
      ready: { on: { step: { guard: 'mayAct', target: 'done', actions: 'perform' } } },
      done: { type: 'final' },
    },
  });
