/**
 * Held group: a group that a handler of another kind than SVA's was handed, such as a fault file of iommufd.
 *
 * Kernel:  drivers/iommu/iommufd/eventq.c, iommufd_fault_iopf_handler(), iommufd_auto_response_faults().
 * Actor:   an object, one per group. Whoever answers it has it no more; a detach answers what is still there.
 * Effects: answer.
 */
import { setup } from 'xstate';

import type { PageResponseCode } from '../../../core/page-request.ts';
import { effect, holds, id, maybe } from '../../../machines/wiring-types.ts';

type Answer = { readonly code: PageResponseCode };

const held = setup({
  types: {
    context: {} as { readonly handle: number | undefined },
    events: {} as
      | { readonly type: 'group.given'; readonly handle: number } // from page request thread
      | ({ readonly type: 'group.settle' } & Answer) //     from its handler
      | { readonly type: 'file.close'; readonly handle: number }, // from detach, of its own handle
  },
  actions: { answer: effect<Answer>() },
  guards: {
    isOfHandle: ({ context, event }) => 'handle' in event && event.handle === context.handle,
  },
});

const keep = held.assign(({ event }) => ('handle' in event ? { handle: event.handle } : {}));
const forget = held.assign({ handle: undefined });

export const heldGroupMachine = held.createMachine({
  id: 'held-group',
  context: { handle: undefined },
  initial: 'none',
  states: {
    none: {
      on: {
        'group.given': { target: 'held', actions: keep },
        'group.settle': {},
        'file.close': {},
      },
    },
    held: {
      on: {
        'group.settle': {
          target: 'none',
          actions: [{ type: 'answer', params: ({ event }) => ({ code: event.code }) }, forget],
        },
        'file.close': {
          guard: 'isOfHandle',
          target: 'none',
          actions: [{ type: 'answer', params: { code: 'invalid' } }, forget],
        },
      },
    },
  },
});

export const heldGroupHolds = holds({ handle: maybe(id('handle')) });
