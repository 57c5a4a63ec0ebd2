/**
 * Entry fetch: a PASID entry as hardware reads it from memory, the word with the present bit first.
 *
 * Actor:   an object, one per attachment; the reads come from an active fetcher beside it.
 * Effects: violate (S13); read (of the fetcher).
 *
 * Zeroing goes word by word from the first on, so a fetch that has found the entry present may find the rest zeroed;
 * one that begins later finds it not present.
 */
import { assign, setup } from 'xstate';

import { bit, effect, holds, type Violation } from '../../../../machines/wiring-types.ts';

export type EntryFetchEvent =
  | {
      readonly type: 'entry.written'; //           from PASID entry
      readonly as: 'present' | 'cleared' | 'zero' | 'fault-disabled';
    }
  | { readonly type: 'words.read' } //             from the fetcher
  | { readonly type: 'pasid-cache.invalidate' }; // from invalidation hardware

type Context = { readonly isPresent: boolean; readonly isWhole: boolean };

const fetch = setup({
  types: { context: {} as Context, events: {} as EntryFetchEvent },
  actions: {
    note: assign(({ context, event }) =>
      event.type === 'entry.written'
        ? {
            isPresent: event.as === 'present',
            isWhole: event.as === 'present' || (event.as === 'cleared' && context.isWhole),
          }
        : {},
    ),
    violate: effect<Violation>(),
  },
  guards: {
    isPresent: ({ context }) => context.isPresent,
    isWhole: ({ context }) => context.isWhole,
  },
});

const torn = {
  type: 'violate',
  params: {
    unexpected: 'words.read',
    property: 'S13',
    sentence: 'hardware acts on an entry that it found present and then zeroed',
  },
} as const;

export const entryFetchMachine = fetch.createMachine({
  id: 'entry-fetch',
  context: { isPresent: false, isWhole: false },
  on: { 'entry.written': { actions: 'note' } },
  initial: 'none',
  states: {
    none: {
      on: {
        'words.read': [{ guard: 'isPresent', target: 'begun' }, {}],
        'pasid-cache.invalidate': {},
      },
    },
    begun: {
      on: {
        'words.read': [
          { guard: 'isWhole', target: 'none' },
          { target: 'none', actions: torn },
        ],
        'pasid-cache.invalidate': 'none',
      },
    },
  },
});

export const entryFetchHolds = holds({ isPresent: bit, isWhole: bit });

const fetcher = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { read: effect() },
});

/** Hardware that fetches whenever it likes. */
export const entryFetcherMachine = fetcher.createMachine({
  id: 'entry-fetcher',
  context: {},
  on: { step: { actions: 'read' } },
});
