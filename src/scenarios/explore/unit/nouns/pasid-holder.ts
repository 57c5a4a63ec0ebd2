/**
 * PASID holder: which process has been given a PASID; the allocator gives it again once it is freed.
 *
 * Kernel:  drivers/iommu/iommu.c, iommu_alloc_global_pasid(); mm_pasid_drop().
 * Actor:   an object, one per PASID that is handed from process to process.
 */
import { assign, setup } from 'xstate';

import { holds, id, maybe } from '../../../../machines/wiring-types.ts';

export type PasidHolderEvent =
  | { readonly type: 'pasid.allocated'; readonly process: number } // from bind
  | { readonly type: 'pasid.freed' }; //                              from mm

const holder = setup({
  types: {
    context: {} as { readonly process: number | undefined },
    events: {} as PasidHolderEvent,
  },
  actions: {
    give: assign(({ event }) =>
      event.type === 'pasid.allocated' ? { process: event.process } : {},
    ),
    free: assign({ process: undefined }),
  },
});

export const pasidHolderMachine = holder.createMachine({
  id: 'pasid-holder',
  context: { process: undefined },
  on: { 'pasid.allocated': { actions: 'give' }, 'pasid.freed': { actions: 'free' } },
});

export const pasidHolderHolds = holds({ process: maybe(id('process')) });
