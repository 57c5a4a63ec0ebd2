/**
 * Process: an address space's own users; they go once, when it exits.
 *
 * Kernel:  kernel/exit.c, exit_mm().
 * Actor:   active, one per address space.
 * Effects: putUsers.
 */
import { setup } from 'xstate';

import { effect } from '../../../machines/wiring-types.ts';

const process = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { putUsers: effect() },
});

export const processMachine = process.createMachine({
  id: 'process',
  context: {},
  initial: 'running',
  states: {
    running: { on: { step: { target: 'exited', actions: 'putUsers' } } },
    exited: {},
  },
});
