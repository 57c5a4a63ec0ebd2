/**
 * Handle claim: the handle that an unbind is going to free.
 *
 * Actor:   an object, one per task; only unbinds have one to claim.
 * Effects: free.
 */
import { assign, setup } from 'xstate';

import { effect, holds, id, maybe } from '../../../../machines/wiring-types.ts';

export type HandleClaimEvent =
  | { readonly type: 'handle.claimed'; readonly handle: number | undefined } // from bond
  | { readonly type: 'handle.freed' }; //                                       from unbind

const claim = setup({
  types: {
    context: {} as { readonly handle: number | undefined },
    events: {} as HandleClaimEvent,
  },
  actions: {
    keep: assign(({ event }) => (event.type === 'handle.claimed' ? { handle: event.handle } : {})),
    forget: assign({ handle: undefined }),
    free: effect<{ readonly handle: number | undefined }>(),
  },
});

export const handleClaimMachine = claim.createMachine({
  id: 'handle-claim',
  context: { handle: undefined },
  on: {
    'handle.claimed': { actions: 'keep' },
    'handle.freed': {
      actions: [{ type: 'free', params: ({ context }) => ({ handle: context.handle }) }, 'forget'],
    },
  },
});

export const handleClaimHolds = holds({ handle: maybe(id('handle')) });
