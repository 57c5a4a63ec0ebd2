/**
 * Attach handle: what a fault is handed to. It has no reference count; its owner frees it after detach.
 *
 * Kernel: include/linux/iommu.h, struct iommu_attach_handle; iommu-sva.c, struct iommu_sva.
 * Actor:  an object, one per attachment; a later handle in the same memory is another actor.
 * Effects: violate (S8: a reporter or a worker still held the pointer).
 */
import { setup } from 'xstate';

import { effect, holds } from './wiring-types.ts';

export type AttachHandleEvent =
  | { readonly type: 'handle.allocate' } //    from its owner
  | { readonly type: 'handle.dereference' } // from the reporter, a worker, a reader of the fault file
  | { readonly type: 'handle.free' }; //       from its owner

const handle = setup({
  types: { context: {} as Record<string, never>, events: {} as AttachHandleEvent },
  actions: {
    violate: effect<{ readonly property: string; readonly unexpected: string }>(),
  },
});

const violate = (property: string) =>
  ({
    type: 'violate',
    params: ({ event }: { readonly event: AttachHandleEvent }) => ({
      property,
      unexpected: event.type,
    }),
  }) as const;

export const attachHandleMachine = handle.createMachine({
  id: 'attach-handle',
  context: {},
  on: { '*': { actions: violate('S8') } },
  initial: 'free',
  states: {
    free: { on: { 'handle.allocate': 'live' } },
    live: { on: { 'handle.dereference': {}, 'handle.free': 'freed' } },
    freed: { on: { 'handle.allocate': 'live' } },
  },
});

export const attachHandleHolds = holds({});
