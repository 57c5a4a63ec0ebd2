/**
 * Guest invalidation: a guest's list of invalidations is converted one by one, and issued in batches.
 *
 * Kernel:  drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3-iommufd.c, arm_vsmmu_cache_invalidate().
 * Actor:   active, one a system call.
 * Effects: issue, return.
 *
 * How many are done is told with an error. Linux tells how many were converted, although those since the last full
 * batch were never issued; the repair tells how many were issued.
 */
import { and, not, setup } from 'xstate';

import { count, effect, holds } from './wiring-types.ts';

/** Entries of Linux's batches: one less than its command queue takes at once, for the SYNC. */
export const GUEST_BATCH_MAX = 63;
export const GUEST_ENTRIES_MODEL_MAX = 8;

export type GuestInvalidationEvent = { readonly type: 'step' }; // from the scheduler

type Input = {
  readonly entries: number;
  /** The first that can't be converted; undefined when all can. */
  readonly bad: number | undefined;
  readonly batchMax: number;
  readonly tellsConverted: boolean;
};
type Context = Input & { readonly converted: number; readonly issued: number };

const invalidation = setup({
  types: {
    context: {} as Context,
    events: {} as GuestInvalidationEvent,
    input: {} as Input,
  },
  actions: {
    /** The entries from `first` on to before `end`, and a SYNC that is waited for. */
    issue: effect<{ readonly first: number; readonly end: number }>(),
    return: effect<{ readonly errno: 'EIO' | 0; readonly told: number }>(),
  },
  guards: {
    isBad: ({ context }) => context.converted === context.bad,
    isOver: ({ context }) => context.converted === context.entries,
    isFull: ({ context }) => context.converted - context.issued === context.batchMax,
    hasIssued: ({ context }) => context.converted === context.issued,
    isEnd: and(['isOver', 'hasIssued']),
    isLastOfBatch: and(['isOver', not('hasIssued')]),
  },
});

const convert = invalidation.assign({ converted: ({ context }) => context.converted + 1 });
const noteIssued = invalidation.assign({ issued: ({ context }) => context.converted });
const issue = {
  type: 'issue',
  params: ({ context }: { readonly context: Context }) => ({
    first: context.issued,
    end: context.converted,
  }),
} as const;

export const guestInvalidationMachine = invalidation.createMachine({
  id: 'guest-invalidation',
  context: ({ input }) => ({ ...input, converted: 0, issued: 0 }),
  initial: 'converting',
  states: {
    converting: {
      on: {
        step: [
          {
            guard: 'isEnd',
            target: 'returned',
            actions: {
              type: 'return',
              params: ({ context }) => ({ errno: 0 as const, told: context.issued }),
            },
          },
          { guard: 'isFull', actions: [issue, noteIssued] },
          { guard: 'isLastOfBatch', actions: [issue, noteIssued] },
          {
            guard: 'isBad',
            target: 'returned',
            actions: {
              type: 'return',
              params: ({ context }) => ({
                errno: 'EIO' as const,
                told: context.tellsConverted ? context.converted : context.issued,
              }),
            },
          },
          { actions: convert },
        ],
      },
    },
    returned: { type: 'final' },
  },
});

export const guestInvalidationHolds = holds({
  converted: count(GUEST_ENTRIES_MODEL_MAX),
  issued: count(GUEST_ENTRIES_MODEL_MAX),
});
