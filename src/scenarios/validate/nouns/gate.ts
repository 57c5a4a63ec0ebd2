/**
 * Gate: which of the driver's lists may begin at a place now, or runs there.
 *
 * Kernel: include/linux/iommu.h, iommu_group.mutex: one attach, detach or replace at a time; a release has a gate of
 *         its own.
 * Actor:  an object, two per place.
 */
import { setup } from 'xstate';

import { count, holds, maybe } from '../../../machines/wiring-types.ts';

const LISTS_MAX = 64;

const gate = setup({
  types: {
    context: {} as { readonly list: number | undefined },
    events: {} as
      | { readonly type: 'gate.open'; readonly list: number }
      | { readonly type: 'gate.close' }
      | { readonly type: 'list.begun' },
  },
});

const keep = gate.assign(({ event }) => (event.type === 'gate.open' ? { list: event.list } : {}));
const forget = gate.assign({ list: undefined });

export const gateMachine = gate.createMachine({
  id: 'gate',
  context: { list: undefined },
  initial: 'closed',
  states: {
    closed: { on: { 'gate.open': { target: 'open', actions: keep }, 'gate.close': {} } },
    open: {
      on: {
        'gate.open': { actions: keep },
        'gate.close': { target: 'closed', actions: forget },
        'list.begun': 'running',
      },
    },
    running: { on: { 'gate.close': {}, 'list.begun': {} } },
  },
});

export const gateHolds = holds({ list: maybe(count(LISTS_MAX)) });
