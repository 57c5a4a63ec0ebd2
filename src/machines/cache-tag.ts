/**
 * Cache tag: one cache that a domain's invalidations go to, counted by the attachments that put it there.
 *
 * Kernel:  drivers/iommu/intel/cache.c, cache_tag_assign(), cache_tag_unassign(), cache_tag_flush_range().
 * Actor:   an object, one per (domain, kind of cache, unit or device, PASID).
 * Lock:    the domain's cache lock.
 * Effects: flush (of a tag that is listed), violate.
 */
import { assign, setup } from 'xstate';

import { count, effect, holds } from './wiring-types.ts';

export const CACHE_TAG_USERS_MAX = 64;

export type CacheTagEvent =
  | { readonly type: 'cache-tag.assign' } //    from attach, ATS enablement
  | { readonly type: 'cache-tag.unassign' } //  from detach
  | { readonly type: 'cache-tag.flush' }; //    from whoever walks the domain's list

const tag = setup({
  types: { context: {} as { readonly users: number }, events: {} as CacheTagEvent },
  actions: {
    more: assign({ users: ({ context }) => context.users + 1 }),
    fewer: assign({ users: ({ context }) => context.users - 1 }),
    flush: effect(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: {
    hasRoom: ({ context }) => context.users < CACHE_TAG_USERS_MAX,
    isLastUser: ({ context }) => context.users === 1,
  },
});

export const cacheTagMachine = tag.createMachine({
  id: 'cache-tag',
  context: { users: 0 },
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'absent',
  states: {
    absent: {
      on: {
        'cache-tag.assign': { target: 'listed', actions: 'more' },
        'cache-tag.flush': {},
      },
    },
    listed: {
      on: {
        'cache-tag.assign': { guard: 'hasRoom', actions: 'more' },
        'cache-tag.flush': { actions: 'flush' },
        'cache-tag.unassign': [
          { guard: 'isLastUser', target: 'absent', actions: 'fewer' },
          { actions: 'fewer' },
        ],
      },
    },
  },
});

export const cacheTagHolds = holds({ users: count(CACHE_TAG_USERS_MAX) });
