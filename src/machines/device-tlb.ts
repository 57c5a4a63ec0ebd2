/**
 * Device TLB: the translations a function keeps, and whether it answers when asked to forget them.
 *
 * Kernel:  drivers/pci/ats.c, pci_enable_ats(), pci_disable_ats(); drivers/pci/pci.c, pcie_flr().
 * Spec:    PCIe Base, "Address Translation Services", "Invalidate Request Message".
 * Actor:   an object, one per function.
 * Effects: violate.
 *
 * A function whose ATS is off, or that is being reset, may ignore an invalidation: whoever waits for its completion
 * waits until a timeout of the whole queue. `ignored` keeps that from being forgotten.
 */
import { and, setup, stateIn } from 'xstate';

import { effect, holds, type Violation } from './wiring-types.ts';

export type DeviceTlbEvent =
  | { readonly type: 'ats.enable' } //              from probe, attach
  | { readonly type: 'ats.disable' } //             from detach, reset
  | { readonly type: 'reset.begin' } //             from reset
  | { readonly type: 'reset.end' } //               from reset
  | { readonly type: 'translation.cached' } //      from the function
  | { readonly type: 'invalidation.request' } //    from the unit
  | { readonly type: 'invalidation.complete' }; //  from the function

const tlb = setup({
  types: { context: {} as Record<string, never>, events: {} as DeviceTlbEvent },
  actions: { violate: effect<Violation>() },
  guards: { answers: and([stateIn({ ats: 'on' }), stateIn({ function: 'running' })]) },
});

const UNASKED = {
  type: 'violate',
  params: ({ event }: { readonly event: DeviceTlbEvent }) => ({ unexpected: event.type }),
} as const;

export const deviceTlbMachine = tlb.createMachine({
  id: 'device-tlb',
  context: {},
  type: 'parallel',
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  states: {
    ats: {
      initial: 'off',
      states: {
        off: { on: { 'ats.enable': 'on', 'ats.disable': {} } },
        on: { on: { 'ats.enable': {}, 'ats.disable': 'off' } },
      },
    },
    function: {
      initial: 'running',
      states: {
        running: { on: { 'reset.begin': 'inReset' } },
        inReset: { on: { 'reset.end': 'running' } },
      },
    },
    // A reset and ATS going off both empty it.
    cache: {
      initial: 'empty',
      states: {
        empty: { on: { 'translation.cached': { guard: 'answers', target: 'holding' } } },
        holding: {
          on: {
            'translation.cached': {},
            'invalidation.complete': 'empty',
            'reset.begin': 'empty',
            'ats.disable': 'empty',
          },
        },
      },
    },
    request: {
      initial: 'none',
      states: {
        none: {
          on: {
            'invalidation.request': [
              { guard: 'answers', target: 'requested' },
              { target: 'ignored' },
            ],
            'invalidation.complete': { actions: UNASKED },
          },
        },
        // What a reset or ATS off meets on its way is as good as ignored.
        requested: {
          on: {
            'invalidation.complete': 'none',
            'reset.begin': 'ignored',
            'ats.disable': 'ignored',
          },
        },
        ignored: {
          on: { 'invalidation.request': {}, 'invalidation.complete': { actions: UNASKED } },
        },
      },
    },
  },
});

export const deviceTlbHolds = holds({});
