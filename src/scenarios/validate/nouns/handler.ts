/**
 * Handler: whoever decides about a group outside SVA: a user who reads a fault file, a driver's own code.
 *
 * Actor:   active; nothing is known of it but that it answers what it holds once, or not at all.
 * Effects: settle, dequeue.
 */
import { setup } from 'xstate';

import type { PageResponseCode } from '../../../core/page-request.ts';
import { effect } from '../../../machines/wiring-types.ts';

type Answer = { readonly code: PageResponseCode };

const handler = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as ({ readonly type: 'answer.chosen' } & Answer) | { readonly type: 'step' },
  },
  actions: { settle: effect<Answer>(), dequeue: effect() },
});

export const handlerMachine = handler.createMachine({
  id: 'handler',
  context: {},
  initial: 'awake',
  states: {
    awake: {
      on: {
        'answer.chosen': {
          actions: { type: 'settle', params: ({ event }) => ({ code: event.code }) },
        },
        // iommufd takes its groups off the pending list, other handlers leave them there
        step: { actions: 'dequeue' },
      },
    },
  },
});
