/**
 * Domain: what an attachment translates through, and who handles its faults.
 *
 * Kernel: include/linux/iommu.h, struct iommu_domain; iommu-sva.c; spec "domain type flags".
 * Actor:  an object, one per domain.
 * Lock:   sva_lock for the users of an SVA domain, the group mutex for the others.
 * Effects: putNotifier (SVA, at the last user or when its first attach failed), freeDomain, refuse, ignore, violate.
 *
 * An SVA domain is shared by all devices its mm is bound to and dies with its last user; its memory goes only
 * after the notifier's grace period. The static domains (blocked, identity) are never freed.
 */
import { setup } from 'xstate';

import { count, effect, holds } from './wiring-types.ts';

/** As many devices, times PASIDs, as the largest group has. */
export const DOMAIN_USERS_MAX = 0x7fff_ffff;

export type DomainKind = 'blocked' | 'identity' | 'paging' | 'nested' | 'sva';

export type DomainEvent =
  | { readonly type: 'domain.allocate' } //      from bind, hwpt allocation
  | { readonly type: 'user.attached' } //        from attach
  | { readonly type: 'user.detached' } //        from detach
  | { readonly type: 'domain.free' } //          from its owner
  | { readonly type: 'grace-period.ended' }; //  from the mm notifier

type Context = {
  readonly domain: number;
  readonly kind: DomainKind;
  readonly handlesFaults: boolean;
  readonly users: number;
};

const domain = setup({
  types: {
    context: {} as Context,
    events: {} as DomainEvent,
    input: {} as {
      readonly domain: number;
      readonly kind: DomainKind;
      readonly handlesFaults: boolean;
    },
  },
  actions: {
    putNotifier: effect<{ readonly domain: number }>(),
    freeDomain: effect<{ readonly domain: number }>(),
    refuse: effect<{ readonly errno: 'EBUSY'; readonly reason: string }>(),
    ignore: effect<{ readonly reason: string }>(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: {
    isStatic: ({ context }) => context.kind === 'blocked' || context.kind === 'identity',
    isSva: ({ context }) => context.kind === 'sva',
    isLastSvaUser: ({ context }) => context.kind === 'sva' && context.users === 1,
    isLastUser: ({ context }) => context.users === 1,
    hasRoom: ({ context }) => context.users < DOMAIN_USERS_MAX,
  },
});

const more = domain.assign({ users: ({ context }) => context.users + 1 });
const fewer = domain.assign({ users: ({ context }) => context.users - 1 });
const ofDomain = ({ context }: { readonly context: Context }) => ({ domain: context.domain });

export const domainMachine = domain.createMachine({
  id: 'domain',
  context: ({ input }) => ({ ...input, users: 0 }),
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'unallocated',
  states: {
    unallocated: { on: { 'domain.allocate': 'idle' } },
    idle: {
      on: {
        'user.attached': { target: 'attached', actions: more },
        'domain.free': [
          {
            guard: 'isStatic',
            actions: { type: 'ignore', params: { reason: 'static domains are never freed' } },
          },
          {
            guard: 'isSva',
            target: 'retiring',
            actions: { type: 'putNotifier', params: ofDomain },
          },
          { target: 'freed', actions: { type: 'freeDomain', params: ofDomain } },
        ],
      },
    },
    attached: {
      on: {
        'user.attached': { guard: 'hasRoom', actions: more },
        'user.detached': [
          {
            guard: 'isLastSvaUser',
            target: 'retiring',
            actions: [fewer, { type: 'putNotifier', params: ofDomain }],
          },
          { guard: 'isLastUser', target: 'idle', actions: fewer },
          { actions: fewer },
        ],
        'domain.free': {
          actions: { type: 'refuse', params: { errno: 'EBUSY', reason: 'the domain is attached' } },
        },
      },
    },
    retiring: {
      on: {
        'grace-period.ended': {
          target: 'freed',
          actions: { type: 'freeDomain', params: ofDomain },
        },
      },
    },
    freed: { on: { 'domain.allocate': 'idle' } },
  },
});

export const domainHolds = holds({ users: count(DOMAIN_USERS_MAX) });
