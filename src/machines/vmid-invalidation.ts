/**
 * VMID invalidation: whoever has to make units forget a second stage goes from VMID to VMID, one command each.
 *
 * Kernel:  drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_tlb_inv_context(), arm_smmu_domain_inv_range();
 *          arm-smmu-v3-iommufd.c, arm_vsmmu_cache_invalidate().
 * Actor:   active, one a task. It takes each VMID as its allocator has it at the time; who has none is passed by.
 * Effects: flush.
 * Asks:    mayBegin.
 */
import { and, assign, setup } from 'xstate';

import { count, effect, holds, question } from './wiring-types.ts';

export const VMID_TARGETS_MODEL_MAX = 8;

/** Who asks for it: the kernel itself, or a guest, through its vIOMMU or for one device. */
export type InvalidationRoute = 'kernel' | 'viommu' | 'device';

export type VmidTarget = {
  readonly unit: number;
  readonly holder: number;
  readonly by: InvalidationRoute;
};

type OfHolder = { readonly unit: number; readonly holder: number };
export type VmidInvalidationEvent =
  | ({ readonly type: 'vmid.found'; readonly vmid: number } & OfHolder) // from the allocator of a unit
  | ({ readonly type: 'vmid.missing' } & OfHolder); //                     from the allocator of a unit

type Input = { readonly targets: readonly VmidTarget[] };
type Context = Input & { readonly next: number; readonly commands: number };

const invalidation = setup({
  types: {
    context: {} as Context,
    events: {} as VmidInvalidationEvent,
    input: {} as Input,
  },
  actions: {
    pass: assign({ next: ({ context }) => context.next + 1 }),
    send: assign({
      next: ({ context }) => context.next + 1,
      commands: ({ context }) => context.commands + 1,
    }),
    flush: effect<{ readonly unit: number; readonly vmid: number }>(),
  },
  guards: {
    isNext: ({ context: { targets, next }, event }) =>
      targets[next]?.unit === event.unit && targets[next].holder === event.holder,
    mayBegin: question('mayBegin'),
    mayGoOn: and(['isNext', 'mayBegin']),
    isOver: ({ context: { targets, next } }) => next === targets.length,
  },
});

export const vmidInvalidationMachine = invalidation.createMachine({
  id: 'vmid-invalidation',
  context: ({ input }) => ({ ...input, next: 0, commands: 0 }),
  initial: 'sending',
  states: {
    sending: {
      always: { guard: 'isOver', target: 'done' },
      on: {
        'vmid.found': {
          guard: 'mayGoOn',
          actions: [
            {
              type: 'flush',
              params: ({ event }) => ({
                unit: event.unit,
                vmid: event.type === 'vmid.found' ? event.vmid : 0,
              }),
            },
            'send',
          ],
        },
        'vmid.missing': { guard: 'mayGoOn', actions: 'pass' },
      },
    },
    done: { type: 'final' },
  },
});

export const vmidInvalidationHolds = holds({
  next: count(VMID_TARGETS_MODEL_MAX),
  commands: count(VMID_TARGETS_MODEL_MAX),
});
