/**
 * Bench PASID: whether hardware still accepts requests for one PASID, and the exit of the process behind it.
 *
 * Actor:   the entry is an object, one per PASID; the exiting process is active, one.
 * Effects: block (of the exit).
 */
import { setup } from 'xstate';

import { effect } from '../../../machines/wiring-types.ts';

const entry = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'entry.block' }, // from detach, from mm exit
  },
});

export const benchEntryMachine = entry.createMachine({
  id: 'bench-entry',
  context: {},
  initial: 'open',
  states: { open: { on: { 'entry.block': 'blocked' } }, blocked: { on: { 'entry.block': {} } } },
});

const mmExit = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { block: effect() },
});

export const benchMmExitMachine = mmExit.createMachine({
  id: 'bench-mm-exit',
  context: {},
  initial: 'running',
  states: {
    running: { on: { step: { target: 'exiting', actions: 'block' } } },
    exiting: { on: { step: 'released' } },
    released: { type: 'final' },
  },
});
