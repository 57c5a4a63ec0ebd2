/**
 * SVA bind: one thread binding a process's address space to a device, under the lock that serialises all binds.
 *
 * Kernel:  drivers/iommu/iommu-sva.c, iommu_sva_bind_device(), iommu_alloc_mm_data(), iommu_sva_domain_alloc().
 * Actor:   active, one per bind under way. Takes `step`; what it can't do yet, it can't step.
 * Lock:    sva_lock from `checking` on; the caller holds users of the address space.
 * Effects: lockSva, unlockSva, allocatePasid, getBond, allocateHandle, attach, getDomain, allocateDomain,
 *          takeStructure, freeDomain, linkDomain, linkMm, publishBond, setBondDevice, freeHandle, return.
 * Asks:    svaLockIsFree, deviceHasNoGroup, tablesAreIncompatible, mmHasPasid, pasidIsTooLarge, pasidsAreExhausted,
 *          bondExists, bondIsOfAnotherMm, slotHoldsAnotherType, driverHasNoSva, mmHasDomains.
 * Policy:  attaching is the driver's list, run by whoever performs `attach`. The list leaves out the steps of
 *          BIND_STEPS, which a bind takes itself. A domain is free of users until its attach has succeeded.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { LIFETIME_7_3, type LifetimeRules } from './lifetime-rules.ts';
import type { OperationStep } from './operation-steps.ts';
import { count, type Errno, effect, holds, id, maybe, question } from './wiring-types.ts';

/** SVA domains that one address space may have: one per driver instance that none of the others would serve. */
export const SVA_DOMAINS_MAX = 8;

/** Steps of an attach list that a bind takes itself. */
export const BIND_STEPS: readonly OperationStep[] = ['allocate-handle', 'get-domain'];

/** Why a bind failed; what a driver returns from its attach is passed on. */
export type BindErrno = Exclude<Errno, 0> | 'EOPNOTSUPP' | 'ENOSPC' | 'EOVERFLOW';

export type SvaBindEvent =
  | { readonly type: 'step' } //                                              from the scheduler
  | { readonly type: 'allocation.failed' } //                                 from the scheduler, a choice
  /** The SVA domain at that place of the address space's list. */
  | { readonly type: 'domain.found'; readonly position: number; readonly domain: number } // from mm
  | { readonly type: 'domain.missing'; readonly position: number } //         from mm
  | { readonly type: 'domain.allocated'; readonly domain: number } //         from the driver
  | { readonly type: 'domain.refused'; readonly errno: BindErrno } //         from the driver
  | { readonly type: 'attach.succeeded' } //                                  from the driver's attach
  | { readonly type: 'attach.failed'; readonly errno: BindErrno }; //         from the driver's attach

/** Constants of the instance. */
export type SvaBindTarget = {
  readonly bind: number;
  readonly device: number;
  readonly mm: number;
};

/** Linux 7.3's rules unless told otherwise. */
type Input = SvaBindTarget & { readonly rules?: LifetimeRules };

type Context = SvaBindTarget & {
  readonly rules: LifetimeRules;
  /** Domains of the address space that have refused the device so far. */
  readonly tried: number;
  /** The one being attached, or attached. */
  readonly domain: number | undefined;
};
type OfDomain = SvaBindTarget & { readonly domain: number };
type Of = { readonly context: Context };

const bind = setup({
  types: { context: {} as Context, events: {} as SvaBindEvent, input: {} as Input },
  actions: {
    keepDomain: assign((_, { domain }: { readonly domain: number }) => ({ domain })),
    passDomain: assign({ tried: ({ context }) => context.tried + 1, domain: undefined }),
    forget: assign({ tried: 0, domain: undefined }),
    lockSva: effect<SvaBindTarget>(),
    unlockSva: effect<SvaBindTarget>(),
    allocatePasid: effect<SvaBindTarget>(),
    getBond: effect<SvaBindTarget>(),
    allocateHandle: effect<SvaBindTarget>(),
    attach: effect<OfDomain>(),
    getDomain: effect<OfDomain>(),
    allocateDomain: effect<SvaBindTarget>(),
    takeStructure: effect<SvaBindTarget>(),
    freeDomain: effect<OfDomain>(),
    linkDomain: effect<OfDomain>(),
    linkMm: effect<SvaBindTarget>(),
    publishBond: effect<OfDomain>(),
    setBondDevice: effect<SvaBindTarget>(),
    freeHandle: effect<SvaBindTarget>(),
    return: effect<SvaBindTarget & { readonly errno: 0 | BindErrno }>(),
  },
  guards: {
    setsDeviceLate: ({ context }) => !context.rules.setsBondDeviceUnderLock,
    isNext: ({ context, event }) => 'position' in event && event.position === context.tried,
    svaLockIsFree: question<SvaBindTarget>('svaLockIsFree'),
    deviceHasNoGroup: question<SvaBindTarget>('deviceHasNoGroup'),
    tablesAreIncompatible: question<SvaBindTarget>('tablesAreIncompatible'),
    mmHasPasid: question<SvaBindTarget>('mmHasPasid'),
    pasidIsTooLarge: question<SvaBindTarget>('pasidIsTooLarge'),
    pasidsAreExhausted: question<SvaBindTarget>('pasidsAreExhausted'),
    bondExists: question<SvaBindTarget>('bondExists'),
    bondIsOfAnotherMm: question<SvaBindTarget>('bondIsOfAnotherMm'),
    slotHoldsAnotherType: question<SvaBindTarget>('slotHoldsAnotherType'),
    driverHasNoSva: question<SvaBindTarget>('driverHasNoSva'),
    mmHasDomains: question<SvaBindTarget>('mmHasDomains'),
  },
});

const target = ({ context }: Of): SvaBindTarget => ({
  bind: context.bind,
  device: context.device,
  mm: context.mm,
});
const ofDomain = (of: Of): OfDomain => {
  const { domain } = of.context;
  invariant(domain !== undefined, 'the bind has no domain in hand');
  return { ...target(of), domain };
};
const asks = <Type extends string>(type: Type) => ({ type, params: target }) as const;
const perform = <Type extends string>(type: Type) => ({ type, params: target }) as const;
const onDomain = <Type extends string>(type: Type) => ({ type, params: ofDomain }) as const;
const keepDomain = {
  type: 'keepDomain',
  params: ({ event }: { readonly event: { readonly domain: number } }) => ({
    domain: event.domain,
  }),
} as const;
const unlock = perform('unlockSva');
const returns = (errno: 0 | BindErrno) =>
  ({ type: 'return', params: (of: Of) => ({ ...target(of), errno }) }) as const;
const returnsErrno = {
  type: 'return',
  params: ({ context, event }: Of & { readonly event: { readonly errno: BindErrno } }) => ({
    ...target({ context }),
    errno: event.errno,
  }),
} as const;
const freeHandle = perform('freeHandle');
/** Nothing was made yet that would have to go. */
const fails = (errno: BindErrno) =>
  ({ target: 'failed', actions: ['forget', unlock, returns(errno)] }) as const;
const record = [onDomain('linkDomain'), onDomain('publishBond')] as const;
const succeeds = ['forget', unlock, returns(0)] as const;

export const svaBindMachine = bind.createMachine({
  id: 'sva-bind',
  context: ({ input }) => ({
    ...input,
    rules: input.rules ?? LIFETIME_7_3,
    tried: 0,
    domain: undefined,
  }),
  initial: 'locking',
  states: {
    locking: {
      on: {
        step: { guard: asks('svaLockIsFree'), target: 'checking', actions: perform('lockSva') },
      },
    },
    // 1, and 2 for an address space that has a PASID: one for all its devices
    checking: {
      on: {
        step: [
          { guard: asks('deviceHasNoGroup'), ...fails('ENODEV') },
          { guard: asks('tablesAreIncompatible'), ...fails('EBUSY') },
          { guard: asks('pasidIsTooLarge'), ...fails('EOVERFLOW') },
          { guard: asks('mmHasPasid'), target: 'lookingUp' },
          { target: 'allocatingPasid' },
        ],
      },
    },
    // 2 for one that has none yet
    allocatingPasid: {
      on: {
        'allocation.failed': fails('ENOMEM'),
        step: [
          { guard: asks('pasidsAreExhausted'), ...fails('ENOSPC') },
          { target: 'lookingUp', actions: perform('allocatePasid') },
        ],
      },
    },
    // 3: the store's lock; a slot attached without a handle reads as empty, its attach fails later
    lookingUp: {
      on: {
        step: [
          { guard: asks('slotHoldsAnotherType'), ...fails('EBUSY') },
          { guard: asks('bondIsOfAnotherMm'), ...fails('EBUSY') },
          {
            guard: asks('bondExists'),
            target: 'bound',
            actions: [perform('getBond'), ...succeeds],
          },
          { target: 'allocatingHandle' },
        ],
      },
    },
    // 4
    allocatingHandle: {
      on: {
        'allocation.failed': fails('ENOMEM'),
        step: { target: 'choosingDomain', actions: perform('allocateHandle') },
      },
    },
    // 5: the first domain that attaches is shared
    choosingDomain: {
      on: {
        'domain.found': {
          guard: 'isNext',
          target: 'attachingShared',
          actions: [
            keepDomain,
            {
              type: 'attach',
              params: ({ context, event }) => ({ ...target({ context }), domain: event.domain }),
            },
          ],
        },
        'domain.missing': { guard: 'isNext', target: 'allocatingDomain' },
      },
    },
    attachingShared: {
      on: {
        'attach.succeeded': 'sharing',
        'attach.failed': { target: 'choosingDomain', actions: 'passDomain' },
      },
    },
    sharing: {
      on: {
        step: {
          target: 'bound',
          actions: [onDomain('getDomain'), onDomain('publishBond'), ...succeeds],
        },
      },
    },
    // 6
    allocatingDomain: {
      on: {
        step: [
          {
            guard: asks('driverHasNoSva'),
            target: 'failed',
            actions: ['forget', freeHandle, unlock, returns('EOPNOTSUPP')],
          },
          { target: 'awaitingDomain', actions: perform('allocateDomain') },
        ],
      },
    },
    awaitingDomain: {
      on: {
        'domain.allocated': {
          target: 'attachingNew',
          actions: [
            keepDomain,
            perform('takeStructure'),
            {
              type: 'attach',
              params: ({ context, event }) => ({ ...target({ context }), domain: event.domain }),
            },
          ],
        },
        'domain.refused': {
          target: 'failed',
          actions: ['forget', freeHandle, unlock, returnsErrno],
        },
      },
    },
    attachingNew: {
      on: {
        'attach.succeeded': 'recording',
        'attach.failed': {
          target: 'failed',
          actions: [onDomain('freeDomain'), 'forget', freeHandle, unlock, returnsErrno],
        },
      },
    },
    // 6 and 7; the first domain of an address space puts it on the list that kernel tables are flushed by
    recording: {
      on: {
        step: [
          {
            guard: 'setsDeviceLate',
            target: 'settingDevice',
            actions: [onDomain('getDomain'), perform('linkMm'), ...record, unlock],
          },
          {
            guard: asks('mmHasDomains'),
            target: 'bound',
            actions: [onDomain('getDomain'), ...record, ...succeeds],
          },
          {
            target: 'bound',
            actions: [onDomain('getDomain'), perform('linkMm'), ...record, ...succeeds],
          },
        ],
      },
    },
    // 7 as it was before: whoever finds the bond now finds it without its device
    settingDevice: {
      on: {
        step: { target: 'bound', actions: [perform('setBondDevice'), 'forget', returns(0)] },
      },
    },
    bound: { type: 'final' },
    failed: { type: 'final' },
  },
});

export const svaBindHolds = holds({ tried: count(SVA_DOMAINS_MAX), domain: maybe(id('domain')) });
