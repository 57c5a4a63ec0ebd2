/**
 * Tagged state: what one tag still stands for, in table entries and in the unit's cache. No kernel keeps it: it is the
 * hidden truth that makes handing a tag out right or wrong.
 *
 * Kernel:  the entries of struct pasid_entry, the IOTLB behind them.
 * Actor:   an object, one per (unit, tag).
 * Effects: violate (S11: a tag handed out, or given back, while entries or the cache carry it).
 */
import { and, assign, not, setup, stateIn } from 'xstate';

import { count, effect, holds, type Violation } from './wiring-types.ts';

export const TAGGED_ENTRIES_MODEL_MAX = 8;

export type TaggedStateEvent =
  | { readonly type: 'tag.granted' } //        from the allocator
  | { readonly type: 'tag.released' } //       from the allocator
  | { readonly type: 'entry.programmed' } //   from attach
  | { readonly type: 'entry.cleared' } //      from detach
  | { readonly type: 'translation.cached' } // from hardware
  | { readonly type: 'tag.flushed' }; //       from whoever invalidates by this tag

type Context = { readonly entries: number };

const state = setup({
  types: { context: {} as Context, events: {} as TaggedStateEvent },
  actions: {
    more: assign({ entries: ({ context }) => context.entries + 1 }),
    fewer: assign({ entries: ({ context }) => context.entries - 1 }),
    violate: effect<Violation>(),
  },
  guards: {
    hasEntries: ({ context }) => context.entries > 0,
    hasRoom: ({ context }) => context.entries < TAGGED_ENTRIES_MODEL_MAX,
    holdsNothing: and([not('hasEntries'), stateIn({ cache: 'clean' })]),
  },
});

const violate = (sentence: string) =>
  ({
    type: 'violate',
    params: ({ event }: { readonly event: TaggedStateEvent }) => ({
      unexpected: event.type,
      property: 'S11',
      sentence,
    }),
  }) as const;

export const taggedStateMachine = state.createMachine({
  id: 'tagged-state',
  context: { entries: 0 },
  type: 'parallel',
  on: {
    'tag.granted': [
      { guard: 'holdsNothing' },
      { actions: violate('a tag is handed out while entries or the cache carry it') },
    ],
    'tag.released': [
      {
        guard: 'hasEntries',
        actions: violate('a tag is given back while an entry carries it'),
      },
      {},
    ],
    'entry.programmed': { guard: 'hasRoom', actions: 'more' },
    'entry.cleared': { guard: 'hasEntries', actions: 'fewer' },
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  states: {
    cache: {
      initial: 'clean',
      states: {
        clean: { on: { 'translation.cached': 'holding', 'tag.flushed': {} } },
        holding: { on: { 'translation.cached': {}, 'tag.flushed': 'clean' } },
      },
    },
  },
});

export const taggedStateHolds = holds({ entries: count(TAGGED_ENTRIES_MODEL_MAX) });
