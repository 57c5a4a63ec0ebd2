/**
 * Nouns of the VMID worlds: lines of a unit's TLB, marked with the VMID, and a device that reads a page through them.
 */
import { assign, setup } from 'xstate';

import { effect, holds, list, question, scalar } from '../../../machines/wiring-types.ts';

const LINES_MODEL_MAX = 8;

type LinesEvent =
  | { readonly type: 'line.fill'; readonly vmid: number } //  from a device that read
  | { readonly type: 'vmid.flush'; readonly vmid: number }; // from an invalidation

const lines = setup({
  types: { context: {} as { readonly vmids: readonly number[] }, events: {} as LinesEvent },
  actions: {
    fill: assign(({ context, event }) => ({
      vmids: [...new Set([...context.vmids, event.vmid])].sort((one, other) => one - other),
    })),
    flush: assign(({ context, event }) => ({
      vmids: context.vmids.filter((vmid) => vmid !== event.vmid),
    })),
  },
});

/** VMIDs under which the one page is cached: a line each. */
export const vmidLinesMachine = lines.createMachine({
  id: 'vmid-lines',
  context: { vmids: [] },
  on: { 'line.fill': { actions: 'fill' }, 'vmid.flush': { actions: 'flush' } },
});
export const vmidLinesHolds = holds({ vmids: list(LINES_MODEL_MAX, scalar) });

type ReadEvent = { readonly type: 'page.read'; readonly vmid: number }; // by the VMID of its holder

const reader = setup({
  types: { context: {} as Record<string, never>, events: {} as ReadEvent },
  actions: { fill: effect<{ readonly vmid: number }>() },
  guards: { mayRead: question('mayRead') },
});

export const vmidReaderMachine = reader.createMachine({
  id: 'vmid-reader',
  context: {},
  on: {
    'page.read': {
      guard: 'mayRead',
      actions: { type: 'fill', params: ({ event }) => ({ vmid: event.vmid }) },
    },
  },
});
