/**
 * Context entry: two words that hardware fetches one after the other, one of them with the present bit.
 *
 * Kernel:  drivers/iommu/intel/pasid.c, device_pasid_table_teardown(), intel_context_flush_present();
 *          amd/iommu.c, update_dte256(): the same entry in halves that are written whole.
 * Actor:   an object, one per function.
 * Lock:    the unit's lock for software; hardware takes none.
 * Effects: violate (S13: an entry seen present is used with its rest already zero).
 *
 *     whole: present | rest      halfCleared: - | rest      empty: - | -      torn: present | -
 *
 * What hardware has fetched of the word with the present bit is the walker's; here it only asks for the rest.
 */
import { setup } from 'xstate';

import { effect, holds, type Violation } from './wiring-types.ts';

export type ContextEntryEvent =
  | { readonly type: 'entry.program' } //  from attach
  | { readonly type: 'present.clear' } //  from teardown
  | { readonly type: 'entry.zero' } //     from teardown: everything but the word with the present bit
  | { readonly type: 'rest.fetched' }; //  from hardware that found the entry present

const entry = setup({
  types: { context: {} as Record<string, never>, events: {} as ContextEntryEvent },
  actions: { violate: effect<Violation>() },
});

const torn = {
  type: 'violate',
  params: ({ event }: { readonly event: ContextEntryEvent }) => ({
    unexpected: event.type,
    property: 'S13',
    sentence: 'hardware acts on an entry that is present and half zero',
  }),
} as const;

export const contextEntryMachine = entry.createMachine({
  id: 'context-entry',
  context: {},
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'empty',
  states: {
    empty: {
      on: {
        'entry.program': 'whole',
        'entry.zero': {},
        'present.clear': {},
        'rest.fetched': { actions: torn },
      },
    },
    whole: {
      tags: 'present',
      on: { 'present.clear': 'halfCleared', 'entry.zero': 'torn', 'rest.fetched': {} },
    },
    halfCleared: { on: { 'entry.zero': 'empty', 'rest.fetched': {} } },
    torn: {
      tags: 'present',
      on: { 'present.clear': 'empty', 'rest.fetched': { actions: torn } },
    },
  },
});

export const contextEntryHolds = holds({});
