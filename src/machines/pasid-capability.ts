/**
 * PASID capability: whether a function may put PASIDs on its requests.
 *
 * Kernel:  drivers/pci/ats.c, pci_enable_pasid(), pci_disable_pasid().
 * Actor:   an object, one per function.
 * Effects: refuse, violate.
 *
 * It is enabled only where the fabric sends every request of the function up to the unit. `checksPath` off is a
 * kernel before that rule; a group of one, which was proposed instead, follows from the same bridges.
 */
import { setup } from 'xstate';

import { effect, holds, type Violation } from './wiring-types.ts';

export type PasidCapabilityEvent =
  | { readonly type: 'pasid.enable' } //   from probe, attach
  | { readonly type: 'pasid.disable' }; // from release

type Input = { readonly isIsolated: boolean; readonly checksPath: boolean };

const capability = setup({
  types: { context: {} as Input, events: {} as PasidCapabilityEvent, input: {} as Input },
  actions: {
    refuse: effect<{ readonly errno: 'EINVAL'; readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: { mayBeOn: ({ context }) => context.isIsolated || !context.checksPath },
});

export const pasidCapabilityMachine = capability.createMachine({
  id: 'pasid-capability',
  context: ({ input }) => input,
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'off',
  states: {
    off: {
      on: {
        'pasid.enable': [
          { guard: 'mayBeOn', target: 'on' },
          {
            target: 'refused',
            actions: {
              type: 'refuse',
              params: { errno: 'EINVAL', reason: 'a bridge may route requests to a peer' },
            },
          },
        ],
      },
    },
    on: { on: { 'pasid.disable': 'off' } },
    // As off; the caller was told so.
    refused: { on: { 'pasid.enable': {} } },
  },
});

export const pasidCapabilityHolds = holds({});
