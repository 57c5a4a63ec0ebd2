/**
 * Other attachments: those of the same device elsewhere, which keep it on the fault queue or don't.
 *
 * Actor:   active, one per device; the count matters only as none or some.
 * Effects: enable, disable.
 */
import { setup } from 'xstate';

import { effect } from '../../../machines/wiring-types.ts';

const others = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { enable: effect(), disable: effect() },
});

export const otherAttachmentsMachine = others.createMachine({
  id: 'other-attachments',
  context: {},
  initial: 'none',
  states: {
    none: { on: { step: { target: 'some', actions: 'enable' } } },
    some: { on: { step: { target: 'none', actions: 'disable' } } },
  },
});
