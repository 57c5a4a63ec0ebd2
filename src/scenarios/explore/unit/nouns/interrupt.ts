/**
 * Interrupt: the page request event of a unit, on its way to the thread; raised twice it is still one.
 *
 * Actor:   an object, one per unit.
 */
import { setup } from 'xstate';

const interrupt = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'interrupt.raised' | 'interrupt.taken' },
  },
});

export const interruptMachine = interrupt.createMachine({
  id: 'interrupt',
  context: {},
  initial: 'none',
  states: {
    none: { on: { 'interrupt.raised': 'waiting' } },
    waiting: { on: { 'interrupt.raised': {}, 'interrupt.taken': 'none' } },
  },
});
