/**
 * SVA unbind: one thread giving up a bond, and whatever the bond was the last to need.
 *
 * Kernel:  drivers/iommu/iommu-sva.c, iommu_sva_unbind_device(); iommu_domain_free().
 * Actor:   active, one per unbind under way. Takes `step`; what it can't do yet, it can't step.
 * Lock:    sva_lock from `dropping` to `freeing`.
 * Effects: lockSva, unlockSva, putBond, detach, putDomain, unlinkDomain, unlinkMm, clearSvaPresent, dropStructure,
 *          freeHandle.
 * Asks:    svaLockIsFree, bondHasOtherUsers, domainHasOtherUsers, mmHasOtherDomains, otherMmsHaveDomains.
 * Policy:  detaching is the driver's list, run by whoever performs `detach`, without UNBIND_STEPS. The caller has
 *          stopped the device's use of the PASID. A domain retires by itself when its last user is put.
 *
 * The handle is freed at once, with no grace period: detach must leave no group that points at it.
 */
import { setup } from 'xstate';

import { LIFETIME_7_3, type LifetimeRules } from './lifetime-rules.ts';
import type { OperationStep } from './operation-steps.ts';
import { effect, holds, question } from './wiring-types.ts';

/** Steps of a detach list that an unbind takes itself. */
export const UNBIND_STEPS: readonly OperationStep[] = ['put-domain', 'free-handle'];

export type SvaUnbindEvent =
  | { readonly type: 'step' } //             from the scheduler
  | { readonly type: 'detach.finished' }; // from the driver's detach

/** Constants of the instance. */
export type SvaUnbindTarget = {
  readonly unbind: number;
  readonly device: number;
  readonly mm: number;
  readonly domain: number;
};

/** Linux 7.3's rules unless told otherwise. */
type Input = SvaUnbindTarget & { readonly rules?: LifetimeRules };
type Context = SvaUnbindTarget & { readonly rules: LifetimeRules };

const unbind = setup({
  types: {
    context: {} as Context,
    events: {} as SvaUnbindEvent,
    input: {} as Input,
  },
  actions: {
    lockSva: effect<SvaUnbindTarget>(),
    unlockSva: effect<SvaUnbindTarget>(),
    putBond: effect<SvaUnbindTarget>(),
    detach: effect<SvaUnbindTarget>(),
    putDomain: effect<SvaUnbindTarget>(),
    unlinkDomain: effect<SvaUnbindTarget>(),
    unlinkMm: effect<SvaUnbindTarget>(),
    clearSvaPresent: effect<SvaUnbindTarget>(),
    dropStructure: effect<SvaUnbindTarget>(),
    freeHandle: effect<SvaUnbindTarget>(),
  },
  guards: {
    freesDomainFirst: ({ context }) => !context.rules.readsMmDataFirst,
    svaLockIsFree: question<SvaUnbindTarget>('svaLockIsFree'),
    bondHasOtherUsers: question<SvaUnbindTarget>('bondHasOtherUsers'),
    domainHasOtherUsers: question<SvaUnbindTarget>('domainHasOtherUsers'),
    mmHasOtherDomains: question<SvaUnbindTarget>('mmHasOtherDomains'),
    otherMmsHaveDomains: question<SvaUnbindTarget>('otherMmsHaveDomains'),
  },
});

const target = ({ context }: { readonly context: Context }): SvaUnbindTarget => ({
  unbind: context.unbind,
  device: context.device,
  mm: context.mm,
  domain: context.domain,
});
const asks = <Type extends string>(type: Type) => ({ type, params: target }) as const;
const perform = <Type extends string>(type: Type) => ({ type, params: target }) as const;

export const svaUnbindMachine = unbind.createMachine({
  id: 'sva-unbind',
  context: ({ input }) => ({ ...input, rules: input.rules ?? LIFETIME_7_3 }),
  initial: 'locking',
  states: {
    locking: {
      on: {
        step: { guard: asks('svaLockIsFree'), target: 'dropping', actions: perform('lockSva') },
      },
    },
    // 1
    dropping: {
      on: {
        step: [
          {
            guard: asks('bondHasOtherUsers'),
            target: 'kept',
            actions: [perform('putBond'), perform('unlockSva')],
          },
          { target: 'detaching', actions: [perform('putBond'), perform('detach')] },
        ],
      },
    },
    // 2
    detaching: { on: { 'detach.finished': 'puttingDomain' } },
    // 3: put and unlinked in one go, so that no bind meets a domain that is on its way out
    puttingDomain: {
      on: {
        step: [
          {
            guard: asks('domainHasOtherUsers'),
            target: 'freeing',
            actions: [perform('putDomain'), perform('unlockSva')],
          },
          {
            guard: 'freesDomainFirst',
            target: 'unlinkingMm',
            actions: [perform('unlinkDomain'), perform('dropStructure'), perform('putDomain')],
          },
          {
            guard: asks('mmHasOtherDomains'),
            target: 'freeing',
            actions: [
              perform('unlinkDomain'),
              perform('dropStructure'),
              perform('putDomain'),
              perform('unlockSva'),
            ],
          },
          {
            guard: asks('otherMmsHaveDomains'),
            target: 'freeing',
            actions: [
              perform('unlinkDomain'),
              perform('unlinkMm'),
              perform('dropStructure'),
              perform('putDomain'),
              perform('unlockSva'),
            ],
          },
          {
            target: 'freeing',
            actions: [
              perform('unlinkDomain'),
              perform('unlinkMm'),
              perform('clearSvaPresent'),
              perform('dropStructure'),
              perform('putDomain'),
              perform('unlockSva'),
            ],
          },
        ],
      },
    },
    // 3 as it was in 6.19: the address space's data is read when the domain has let go of it
    unlinkingMm: {
      on: {
        step: [
          { guard: asks('mmHasOtherDomains'), target: 'freeing', actions: perform('unlockSva') },
          {
            guard: asks('otherMmsHaveDomains'),
            target: 'freeing',
            actions: [perform('unlinkMm'), perform('unlockSva')],
          },
          {
            target: 'freeing',
            actions: [perform('unlinkMm'), perform('clearSvaPresent'), perform('unlockSva')],
          },
        ],
      },
    },
    // 4: no lock, no RCU
    freeing: { on: { step: { target: 'unbound', actions: perform('freeHandle') } } },
    kept: { type: 'final' },
    unbound: { type: 'final' },
  },
});

export const svaUnbindHolds = holds({});
