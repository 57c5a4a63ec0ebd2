/**
 * mm notifier: how an SVA domain hears that pages go, and that the address space ends.
 *
 * Kernel: mm/mmu_notifier.c, mmu_notifier_register(), __mmu_notifier_release(), mmu_notifier_put(),
 *         mmu_notifier_unregister(); drivers/iommu/intel/svm.c, intel_mmuops.
 * Actor:  an object, one per SVA domain.
 * Lock:   the mm's notifier lock and its SRCU.
 * Effects: flushRange, flushAll, neutralise (the driver's mm-release list), dropStructure, freeDomain, refuse, violate.
 *
 * `put` never calls release; callbacks may still run until the grace period ends. `unregister` calls release
 * itself when the notifier is still linked. Once released, the notifier hears nothing more.
 */
import { setup } from 'xstate';

import { effect, holds, question } from './wiring-types.ts';

export type MmNotifierEvent =
  | { readonly type: 'notifier.register' } //                                             from domain allocation
  | { readonly type: 'range.invalidated'; readonly pfn: number; readonly pages: number } // from mm
  | { readonly type: 'everything.invalidated' } //                                        from mm
  | { readonly type: 'mm.releasing' } //                                                  from exit_mmap
  | { readonly type: 'release.finished' } //                                              from the driver's release
  | { readonly type: 'notifier.put' } //                                                  from domain free
  | { readonly type: 'notifier.unregister' } //                                           from domain free
  | { readonly type: 'grace-period.ended' }; //                                           from SRCU

type Context = { readonly mm: number; readonly domain: number };

const notifier = setup({
  types: {
    context: {} as Context,
    events: {} as MmNotifierEvent,
    input: {} as Context,
  },
  actions: {
    takeStructure: effect<{ readonly mm: number }>(),
    flushRange: effect<{ readonly domain: number; readonly pfn: number; readonly pages: number }>(),
    flushAll: effect<{ readonly domain: number }>(),
    neutralise: effect<{ readonly domain: number }>(),
    awaitGracePeriod: effect<{ readonly domain: number }>(),
    freeDomain: effect<{ readonly domain: number }>(),
    dropStructure: effect<{ readonly mm: number }>(),
    refuse: effect<{ readonly errno: 'EINVAL'; readonly reason: string }>(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: { mmHasUsers: question<{ readonly mm: number }>('mmHasUsers') },
});

type Of = { readonly context: Context; readonly event: MmNotifierEvent };
const ofMm = ({ context }: { readonly context: Context }) => ({ mm: context.mm });
const ofDomain = ({ context }: { readonly context: Context }) => ({ domain: context.domain });
const flushes = {
  'range.invalidated': {
    actions: {
      type: 'flushRange',
      params: ({ context, event }: Of) => ({
        domain: context.domain,
        pfn: 'pfn' in event ? event.pfn : 0,
        pages: 'pages' in event ? event.pages : 0,
      }),
    },
  },
  'everything.invalidated': { actions: { type: 'flushAll', params: ofDomain } },
} as const;
const register = [
  {
    guard: { type: 'mmHasUsers', params: ofMm },
    target: 'registered',
    actions: { type: 'takeStructure', params: ofMm },
  },
  {
    actions: {
      type: 'refuse',
      params: { errno: 'EINVAL', reason: 'the address space has no users' },
    },
  },
] as const;
const retire = { type: 'awaitGracePeriod', params: ofDomain } as const;
const neutralise = { type: 'neutralise', params: ofDomain } as const;

export const mmNotifierMachine = notifier.createMachine({
  id: 'mm-notifier',
  context: ({ input }) => input,
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'unregistered',
  states: {
    unregistered: { on: { 'notifier.register': [...register] } },
    registered: {
      tags: 'linked',
      on: {
        ...flushes,
        'mm.releasing': { target: 'releasing', actions: neutralise },
        'notifier.put': { target: 'retiring', actions: retire },
        'notifier.unregister': { target: 'unregistering', actions: neutralise },
      },
    },
    releasing: {
      tags: ['release-running', 'linked'],
      on: {
        ...flushes,
        'release.finished': 'released',
        'notifier.put': 'putWhileReleasing',
        // Its own call of release would find the driver's list empty; it waits for this one all the same.
        'notifier.unregister': 'unregistering',
      },
    },
    putWhileReleasing: {
      tags: 'release-running',
      on: { ...flushes, 'release.finished': { target: 'retiring', actions: retire } },
    },
    unregistering: {
      tags: ['release-running', 'linked'],
      on: {
        ...flushes,
        'release.finished': {
          target: 'freed',
          actions: [
            { type: 'freeDomain', params: ofDomain },
            { type: 'dropStructure', params: ofMm },
          ],
        },
      },
    },
    released: {
      on: {
        'notifier.put': { target: 'retiring', actions: retire },
        'notifier.unregister': {
          target: 'freed',
          actions: [
            { type: 'freeDomain', params: ofDomain },
            { type: 'dropStructure', params: ofMm },
          ],
        },
      },
    },
    retiring: {
      on: {
        ...flushes,
        'mm.releasing': { target: 'releasingWhileRetiring', actions: neutralise },
        'grace-period.ended': {
          target: 'freed',
          actions: [
            { type: 'freeDomain', params: ofDomain },
            { type: 'dropStructure', params: ofMm },
          ],
        },
      },
    },
    // The release pass met it before it was unlinked; the grace period asked for waits for that reader.
    releasingWhileRetiring: {
      tags: 'release-running',
      on: { ...flushes, 'release.finished': 'retiring' },
    },
    freed: { on: { 'notifier.register': [...register] } },
  },
});

export const mmNotifierHolds = holds({});
