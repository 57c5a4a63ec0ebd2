/**
 * Invalidation hardware: executes the oldest submission of the unit's invalidation queue that is not done.
 *
 * Spec:    Intel VT-d, "Invalidation Wait Descriptor".
 * Actor:   active, one per unit.
 * Effects: execute.
 * Asks:    isPushed (requests on their way have been pushed into the ring by the completion).
 */
import { setup } from 'xstate';

import { effect, question } from '../../../../machines/wiring-types.ts';

type Ticket = { readonly ticket: number };

const hardware = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'descriptors.fetched' } & Ticket, // from the invalidation queue
  },
  actions: { execute: effect<Ticket>() },
  guards: { isPushed: question<Ticket>('isPushed') },
});

const ofTicket = ({ event }: { readonly event: Ticket }): Ticket => ({ ticket: event.ticket });

export const invalidationHardwareMachine = hardware.createMachine({
  id: 'invalidation-hardware',
  context: {},
  on: {
    'descriptors.fetched': {
      guard: { type: 'isPushed', params: ofTicket },
      actions: { type: 'execute', params: ofTicket },
    },
  },
});
