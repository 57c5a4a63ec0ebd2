/**
 * Group attach: one domain put on one PASID of every function of a group, or on the group's functions themselves.
 *
 * Kernel:  drivers/iommu/iommu.c, iommu_attach_device_pasid(), __iommu_set_group_pasid(), iommu_attach_device().
 * Actor:   active, one a call. The group's mutex is not modelled: the reserved slot alone keeps two calls apart.
 *          Takes `step`, and `member.failed` when a driver refuses.
 * Effects: reserveSlot, programMember, revertMember, publishHandle, releaseSlot, return.
 * Asks:    slotIsTaken.
 *
 * Reserve, switch, publish: the slot is taken first, so that two calls never meet, and reads as empty until every
 * member has switched. Members without PASIDs are neither asked nor switched. When one fails, those before it are
 * put back and the slot is given back. A call for the function itself is for groups of one only.
 */
import { and, assign, setup } from 'xstate';

import { count, type Errno, effect, holds, question } from './wiring-types.ts';

export const GROUP_MEMBERS_MODEL_MAX = 4;

export type GroupAttachEvent =
  | { readonly type: 'step' } //           from the scheduler
  | { readonly type: 'member.failed' }; // from the scheduler, a choice

export type GroupAttachInput = {
  readonly call: number;
  /** The PASID; undefined: the function itself. */
  readonly pasid: number | undefined;
  /** By member, one more than its largest PASID; 0: it has none. */
  readonly pasidsMax: readonly number[];
  /** Members whose driver may fail. */
  readonly mayFail: readonly number[];
  /** No kernel's mistake: members that switched before one failed keep the domain. */
  readonly keepsOnFailure: boolean;
};

type Context = GroupAttachInput & {
  /** Members switched, or passed by, so far. */
  readonly next: number;
};
type Of = { readonly context: Context };
type Call = { readonly call: number };

const attach = setup({
  types: {
    context: {} as Context,
    events: {} as GroupAttachEvent,
    input: {} as GroupAttachInput,
  },
  actions: {
    pass: assign({ next: ({ context }) => context.next + 1 }),
    back: assign({ next: ({ context }) => context.next - 1 }),
    reserveSlot: effect<Call>(),
    programMember: effect<Call & { readonly member: number }>(),
    revertMember: effect<Call & { readonly member: number }>(),
    publishHandle: effect<Call>(),
    releaseSlot: effect<Call>(),
    return: effect<Call & { readonly errno: Errno }>(),
  },
  guards: {
    isForManyFunctions: ({ context }) =>
      context.pasid === undefined && context.pasidsMax.length !== 1,
    isReserved: ({ context }) => context.pasid === 0,
    isTooLarge: ({ context: { pasid, pasidsMax } }) =>
      pasid !== undefined && pasidsMax.some((max) => max > 0 && pasid >= max),
    slotIsTaken: question<Call>('slotIsTaken'),
    allArePassed: ({ context }) => context.next === context.pasidsMax.length,
    nextHasNone: ({ context }) => hasNone(context, context.next),
    nextMayFail: ({ context }) => context.mayFail.includes(context.next),
    keepsOnFailure: ({ context }) => context.keepsOnFailure,
    failsAndKeeps: and(['nextMayFail', 'keepsOnFailure']),
    noneIsLeft: ({ context }) => context.next === 0,
    lastHasNone: ({ context }) => hasNone(context, context.next - 1),
  },
});

const hasNone = ({ pasid, pasidsMax }: Context, member: number): boolean =>
  pasid !== undefined && pasidsMax[member] === 0;
const ofCall = ({ context }: Of): Call => ({ call: context.call });
const returns = (errno: Errno) =>
  ({ type: 'return', params: ({ context }: Of) => ({ call: context.call, errno }) }) as const;
const next = ({ context }: Of) => ({ call: context.call, member: context.next });
const last = ({ context }: Of) => ({ call: context.call, member: context.next - 1 });

export const groupAttachMachine = attach.createMachine({
  id: 'group-attach',
  context: ({ input }) => ({ ...input, next: 0 }),
  initial: 'checking',
  states: {
    checking: {
      on: {
        step: [
          { guard: 'isForManyFunctions', target: 'refused', actions: returns('EINVAL') },
          { guard: 'isReserved', target: 'refused', actions: returns('EINVAL') },
          { guard: 'isTooLarge', target: 'refused', actions: returns('EINVAL') },
          {
            guard: { type: 'slotIsTaken', params: ofCall },
            target: 'refused',
            actions: returns('EBUSY'),
          },
          { target: 'switching', actions: { type: 'reserveSlot', params: ofCall } },
        ],
      },
    },
    switching: {
      always: [
        { guard: 'allArePassed', target: 'publishing' },
        { guard: 'nextHasNone', target: 'switching', reenter: true, actions: 'pass' },
      ],
      on: {
        step: {
          target: 'switching',
          reenter: true,
          actions: [{ type: 'programMember', params: next }, 'pass'],
        },
        'member.failed': [
          { guard: 'failsAndKeeps', target: 'releasing' },
          { guard: 'nextMayFail', target: 'reverting' },
        ],
      },
    },
    reverting: {
      always: [
        { guard: 'noneIsLeft', target: 'releasing' },
        { guard: 'lastHasNone', target: 'reverting', reenter: true, actions: 'back' },
      ],
      on: {
        step: {
          target: 'reverting',
          reenter: true,
          actions: [{ type: 'revertMember', params: last }, 'back'],
        },
      },
    },
    releasing: {
      on: {
        step: {
          target: 'refused',
          actions: [{ type: 'releaseSlot', params: ofCall }, returns('ENOMEM')],
        },
      },
    },
    publishing: {
      on: {
        step: {
          target: 'attached',
          actions: [{ type: 'publishHandle', params: ofCall }, returns(0)],
        },
      },
    },
    attached: { type: 'final' },
    refused: { type: 'final' },
  },
});

export const groupAttachHolds = holds({ next: count(GROUP_MEMBERS_MODEL_MAX) });
