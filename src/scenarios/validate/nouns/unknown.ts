/**
 * Unknown: the answer to a question that no trace records: whether a page can be made resident, for one.
 *
 * Actor: active; it changes its mind as long as somebody is about to ask.
 */
import { setup } from 'xstate';

const unknown = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'mind.change' } },
});

export const unknownMachine = unknown.createMachine({
  id: 'unknown',
  context: {},
  initial: 'no',
  states: { no: { on: { 'mind.change': 'yes' } }, yes: { on: { 'mind.change': 'no' } } },
});
