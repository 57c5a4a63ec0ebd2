/**
 * Bench ring: page requests in order of arrival.
 *
 * Actor:   an object, one.
 * Effects: violate.
 */
import { assign, setup } from 'xstate';

import { bit, effect, holds, id, list, type Violation } from '../../../machines/wiring-types.ts';
import { RING_SLOTS_MAX } from './sizes.ts';

type RingEntry = { readonly group: number; readonly last: boolean };

type RingEvent =
  | { readonly type: 'entry.push'; readonly entry: RingEntry } // from device
  | { readonly type: 'entry.pop' }; //                            from irq thread

const ring = setup({
  types: { context: {} as { readonly entries: readonly RingEntry[] }, events: {} as RingEvent },
  actions: {
    push: assign(({ context }, { entry }: { readonly entry: RingEntry }) => ({
      entries: [...context.entries, entry],
    })),
    pop: assign({ entries: ({ context }) => context.entries.slice(1) }),
    violate: effect<Violation>(),
  },
});

export const benchRingMachine = ring.createMachine({
  id: 'bench-ring',
  context: { entries: [] },
  on: {
    'entry.push': { actions: { type: 'push', params: ({ event }) => ({ entry: event.entry }) } },
    'entry.pop': { actions: 'pop' },
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
});

export const benchRingHolds = holds({
  entries: list(RING_SLOTS_MAX, { group: id('group'), last: bit }),
});
