/**
 * Pass note: whether a pass of the page request thread has ended since an operation looked at the ring.
 *
 * Actor:   an object, one per operation that waits for passes.
 */
import { setup } from 'xstate';

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
    noted: { on: { 'pass.noted': {}, 'pass.ended': 'none' } },
  },
});
