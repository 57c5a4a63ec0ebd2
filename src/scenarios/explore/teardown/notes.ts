/**
 * Teardown notes: the small objects of a teardown world that have no noun of their own elsewhere.
 *
 * Actor:   objects. A debt, one per group: from its request to its one answer. A slot, one per attachment: whether
 *          a lookup finds its handle. A pass note, one per operation: whether a pass has ended since it looked.
 * Effects: violate (of the debt: S1).
 */
import { setup } from 'xstate';

import { effect, type Violation } from '../../../machines/wiring-types.ts';

const debt = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'request.sent' | 'request.answered' },
  },
  actions: { violate: effect<Violation>() },
});

export const debtMachine = debt.createMachine({
  id: 'debt',
  context: {},
  on: {
    '*': {
      actions: {
        type: 'violate',
        params: ({ event }) => ({
          unexpected: event.type,
          property: 'S1',
          sentence: 'a group receives at most one response',
        }),
      },
    },
  },
  initial: 'none',
  states: {
    none: { on: { 'request.sent': 'owed' } },
    owed: { on: { 'request.answered': 'paid' } },
    paid: {},
  },
});

const slot = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'slot.erase' } },
});

export const slotMachine = slot.createMachine({
  id: 'slot',
  context: {},
  initial: 'published',
  states: { published: { on: { 'slot.erase': 'erased' } }, erased: {} },
});

const passNote = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'pass.noted' | 'pass.ended' },
  },
});

export const passNoteMachine = passNote.createMachine({
  id: 'pass-note',
  context: {},
  initial: 'none',
  states: {
    none: { on: { 'pass.noted': 'noted', 'pass.ended': {} } },
    noted: { on: { 'pass.ended': 'ended' } },
    ended: { on: { 'pass.noted': 'noted', 'pass.ended': {} } },
  },
});
