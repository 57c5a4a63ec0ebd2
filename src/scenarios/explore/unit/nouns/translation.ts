/**
 * Translation: one page of one attachment as device and unit have cached it.
 *
 * Actor:   an object, one per (attachment, page); what fills it is an active filler beside it.
 * Effects: fill (of the filler).
 * Asks:    mayFill.
 */
import { setup } from 'xstate';

import { effect, question } from '../../../../machines/wiring-types.ts';

const translation = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'translation.fill' | 'translation.invalidate' },
  },
});

export const translationMachine = translation.createMachine({
  id: 'translation',
  context: {},
  initial: 'empty',
  states: {
    empty: { on: { 'translation.fill': 'cached', 'translation.invalidate': {} } },
    cached: { on: { 'translation.fill': {}, 'translation.invalidate': 'empty' } },
  },
});

const filler = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { fill: effect() },
  guards: { mayFill: question('mayFill') },
});

/** The device asks for a translation that it does not have, and keeps the answer. */
export const translationFillerMachine = filler.createMachine({
  id: 'translation-filler',
  context: {},
  on: { step: { guard: 'mayFill', actions: 'fill' } },
});
