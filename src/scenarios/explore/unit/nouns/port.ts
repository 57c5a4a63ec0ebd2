/**
 * Port: the unit's end of a device's link; it lets one request after the other into the ring.
 *
 * Spec:    Intel VT-d, "Page Request Queue": a request is queued whatever its PASID's entry says.
 * Actor:   active, one per device with a link.
 * Effects: accept.
 */
import { setup } from 'xstate';

import type { RequestRecord } from '../../../../machines/page-request-queue.ts';
import { effect } from '../../../../machines/wiring-types.ts';

type Request = { readonly request: RequestRecord };

const port = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'request.arrived' } & Request, // from the link
  },
  actions: { accept: effect<Request>() },
});

export const portMachine = port.createMachine({
  id: 'port',
  context: {},
  on: {
    'request.arrived': {
      actions: { type: 'accept', params: ({ event }) => ({ request: event.request }) },
    },
  },
});
