/**
 * Hardware: what a unit does by itself: a device reads a page through the caches, the queue's submissions are executed.
 *
 * Actor:   active, one of each.
 * Effects: execute (of the queue); fetchEntry, walk, refill, useTranslation (of the device).
 * Asks:    deviceTlbIsHeld, iotlbIsReached, pageIsReached, pasidCacheIsHeld, entryTranslates.
 *
 * Three caches lie between a device and a page: the PASID entry, the IOTLB, the device TLB. Each is filled from the one
 * behind it and asked first; an entry that is no longer present translates on while it is cached.
 */
import { setup } from 'xstate';

import { effect, question } from '../../../machines/wiring-types.ts';

export const CACHES = ['pasid-cache', 'iotlb', 'device-tlb'] as const;
export type CacheName = (typeof CACHES)[number];

/** One ticket for each cache and operation: an operation has one submission under way. */
export const ticketOf = (operation: number, cache: CacheName): number =>
  operation * CACHES.length + CACHES.indexOf(cache);
export const operationOf = (ticket: number): number => Math.floor(ticket / CACHES.length);
export const cacheOf = (ticket: number): number => ticket % CACHES.length;

type Execute = { readonly type: 'submission.execute'; readonly ticket: number }; // from invalidation queue

const hardware = setup({
  types: { context: {} as Record<string, never>, events: {} as Execute },
  actions: { execute: effect<{ readonly ticket: number }>() },
});

/** Carries out the submissions of the invalidation queue, oldest first. */
export const hardwareMachine = hardware.createMachine({
  id: 'hardware',
  context: {},
  on: {
    'submission.execute': {
      actions: { type: 'execute', params: ({ event }) => ({ ticket: event.ticket }) },
    },
  },
});

const walker = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: {
    useTranslation: effect(),
    refill: effect(),
    walk: effect(),
    fetchEntry: effect(),
  },
  guards: {
    deviceTlbIsHeld: question('deviceTlbIsHeld'),
    iotlbIsReached: question('iotlbIsReached'),
    pageIsReached: question('pageIsReached'),
    pasidCacheIsHeld: question('pasidCacheIsHeld'),
    entryTranslates: question('entryTranslates'),
  },
});

/** A device that reads one page again and again. */
export const walkerMachine = walker.createMachine({
  id: 'walker',
  context: {},
  on: {
    step: [
      { guard: 'deviceTlbIsHeld', actions: 'useTranslation' },
      { guard: 'iotlbIsReached', actions: 'refill' },
      { guard: 'pageIsReached', actions: 'walk' },
      // Nothing is mapped there any more.
      { guard: 'pasidCacheIsHeld' },
      { guard: 'entryTranslates', actions: 'fetchEntry' },
    ],
  },
});
