/**
 * PASID attachment: one slot of a group's attach-handle store, the place where a fault finds its handler.
 *
 * Kernel: drivers/iommu/iommu.c, iommu_group.pasid_array, iommu_attach_device_pasid(),
 *         iommu_replace_device_pasid(), iommu_detach_device_pasid(), iommu_attach_handle_get().
 * Actor:  an object, one per (group, PASID); PASID 0 is the function itself.
 * Lock:   the store's own; operations are ordered by the group mutex, look-ups are not.
 * Effects: storeSlot, clearSlot, refuse, violate.
 *
 * The slot is reserved before the hardware switches and published after, so a fault never meets a handle whose
 * hardware isn't there yet. A reserved slot and one that holds a plain domain both read as empty.
 */
import { setup } from 'xstate';

import { effect, holds, id, maybe } from './wiring-types.ts';

export type PasidAttachmentEvent =
  | { readonly type: 'slot.reserve' } //                                      from attach
  | { readonly type: 'slot.release' } //                                      from a failed attach
  | { readonly type: 'handle.publish'; readonly handle: number } //           from attach
  | { readonly type: 'domain.publish' } //                                    from attach without a handle
  | { readonly type: 'handle.replace'; readonly handle: number } //           from replace
  | { readonly type: 'slot.erase' }; //                                       from detach

type Context = { readonly slot: number; readonly handle: number | undefined };

const attachment = setup({
  types: {
    context: {} as Context,
    events: {} as PasidAttachmentEvent,
    input: {} as { readonly slot: number },
  },
  actions: {
    storeSlot: effect<{ readonly slot: number; readonly handle: number }>(),
    clearSlot: effect<{ readonly slot: number }>(),
    refuse: effect<{ readonly errno: 'EBUSY' | 'EINVAL'; readonly reason: string }>(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: {
    isFresh: ({ context, event }) =>
      event.type === 'handle.replace' && event.handle !== context.handle,
  },
});

const take = attachment.assign(({ event }) =>
  event.type === 'handle.publish' || event.type === 'handle.replace'
    ? { handle: event.handle }
    : { handle: undefined },
);
const forget = attachment.assign({ handle: undefined });
const store = {
  type: 'storeSlot',
  params: ({ context }: { readonly context: Context }) => ({
    slot: context.slot,
    handle: context.handle ?? 0,
  }),
} as const;
const clear = {
  type: 'clearSlot',
  params: ({ context }: { readonly context: Context }) => ({ slot: context.slot }),
} as const;

export const pasidAttachmentMachine = attachment.createMachine({
  id: 'pasid-attachment',
  context: ({ input }) => ({ slot: input.slot, handle: undefined }),
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'empty',
  states: {
    empty: {
      on: {
        'slot.reserve': 'reserved',
        'handle.replace': {
          actions: { type: 'refuse', params: { errno: 'EINVAL', reason: 'nothing is attached' } },
        },
      },
    },
    reserved: {
      tags: 'reads-as-empty',
      on: {
        'slot.release': 'empty',
        'handle.publish': { target: 'attached', actions: [take, store] },
        'domain.publish': 'plain',
        'slot.reserve': {
          actions: { type: 'refuse', params: { errno: 'EBUSY', reason: 'the slot is reserved' } },
        },
      },
    },
    plain: {
      tags: 'reads-as-empty',
      on: {
        'slot.erase': 'empty',
        'slot.reserve': {
          actions: {
            type: 'refuse',
            params: { errno: 'EBUSY', reason: 'the slot holds a domain' },
          },
        },
        'handle.replace': { target: 'attached', actions: [take, store] },
      },
    },
    attached: {
      on: {
        'slot.erase': { target: 'empty', actions: [clear, forget] },
        'slot.reserve': {
          actions: {
            type: 'refuse',
            params: { errno: 'EBUSY', reason: 'the slot holds a handle' },
          },
        },
        'handle.replace': [
          { guard: 'isFresh', actions: [take, store] },
          {
            actions: {
              type: 'refuse',
              params: {
                errno: 'EINVAL',
                reason: 'readers hold handles without a lock: pass a fresh one',
              },
            },
          },
        ],
      },
    },
  },
});

export const pasidAttachmentHolds = holds({ handle: maybe(id('handle')) });
