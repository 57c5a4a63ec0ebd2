/**
 * PASID entry: what one PASID of one device translates through, as hardware and teardown see it.
 *
 * Kernel: drivers/iommu/intel/pasid.c, intel_pasid_tear_down_entry(), intel_pasid_clear_entry();
 *         the other vendors' GCR3 entry and context descriptor are the same object with fewer states.
 * Actor:  an object, one per (device, PASID).
 * Lock:   the unit's lock.
 * Effects: writeEntry, refuse, violate.
 *
 * `cleared` is a torn entry: not present, no mark, not zero. Only the thread that cleared the present bit may
 * meet it. `fault-disabled` is both "log nothing" to hardware and "this entry still owes a drain" to software.
 * Where the table of PASIDs goes with the function's domain, an entry may be `lost`: listed by its driver, its
 * memory gone; and once there is another table, `vacant`: listed, and empty.
 */
import { setup } from 'xstate';

import { effect, holds, id, maybe, type Violation } from './wiring-types.ts';

export type PasidEntryEvent =
  | { readonly type: 'entry.program'; readonly domain: number } //  from attach
  | { readonly type: 'entry.rewrite'; readonly domain: number } //  from replace, where hardware takes it whole
  | { readonly type: 'present.clear' } //                           from teardown
  | { readonly type: 'entry.zero' } //                              from teardown
  | { readonly type: 'fault-disable.mark' } //                      from mm release
  | { readonly type: 'fault-disable.mark-if-present' } //           from mm release as 7.3 has it
  | { readonly type: 'table.freed' } //                             from the detach of the function's domain
  | { readonly type: 'table.built' }; //                            from the attach of the function's domain

type Context = { readonly entry: number; readonly domain: number | undefined };
type Written = 'present' | 'cleared' | 'zero' | 'fault-disabled';

const entry = setup({
  actions: {
    writeEntry: effect<{
      readonly entry: number;
      readonly as: Written;
      readonly domain: number | undefined;
    }>(),
    refuse: effect<{ readonly errno: 'EBUSY'; readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  types: {
    context: {} as Context,
    events: {} as PasidEntryEvent,
    input: {} as { readonly entry: number },
    tags: '' as 'translates' | 'owes-drain' | 'listed',
  },
});

const remember = entry.assign(({ event }) =>
  event.type === 'entry.program' || event.type === 'entry.rewrite' ? { domain: event.domain } : {},
);
const forget = entry.assign({ domain: undefined });
const write = (as: Written) =>
  ({
    type: 'writeEntry',
    params: ({ context }: { readonly context: Context }) => ({
      entry: context.entry,
      as,
      domain: context.domain,
    }),
  }) as const;

const writesFreedTable = {
  type: 'violate',
  params: {
    unexpected: 'present.clear',
    property: 'S8',
    sentence:
      'an entry is cleared in a table of PASIDs that was freed with the domain of its function',
  },
} as const;

export const pasidEntryMachine = entry.createMachine({
  id: 'pasid-entry',
  context: ({ input }) => ({ entry: input.entry, domain: undefined }),
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'absent',
  states: {
    absent: {
      on: {
        'entry.program': { target: 'present', actions: [remember, write('present')] },
        'entry.zero': {},
        'fault-disable.mark': { target: 'fault-disabled', actions: write('fault-disabled') },
        'fault-disable.mark-if-present': {},
        'table.freed': {},
        'table.built': {},
      },
    },
    present: {
      tags: ['translates', 'listed'],
      on: {
        'present.clear': { target: 'cleared', actions: write('cleared') },
        'entry.program': {
          actions: { type: 'refuse', params: { errno: 'EBUSY', reason: 'the entry is present' } },
        },
        'entry.rewrite': { actions: [remember, write('present')] },
        'entry.zero': { target: 'absent', actions: [write('zero'), forget] },
        'table.freed': { target: 'lost', actions: write('zero') },
        'fault-disable.mark': {
          target: 'fault-disabled',
          actions: [write('fault-disabled'), forget],
        },
        'fault-disable.mark-if-present': {
          target: 'fault-disabled',
          actions: [write('fault-disabled'), forget],
        },
      },
    },
    lost: {
      tags: 'listed',
      on: {
        'present.clear': { target: 'absent', actions: [writesFreedTable, forget] },
        'table.freed': {},
        'table.built': 'vacant',
      },
    },
    vacant: {
      tags: 'listed',
      on: {
        'present.clear': { target: 'cleared', actions: write('cleared') },
        'table.freed': 'lost',
      },
    },
    cleared: {
      on: {
        'table.freed': { target: 'absent', actions: [write('zero'), forget] },
        'entry.zero': { target: 'absent', actions: [write('zero'), forget] },
        'fault-disable.mark': {
          target: 'fault-disabled',
          actions: [write('fault-disabled'), forget],
        },
        'fault-disable.mark-if-present': { target: 'absent', actions: [write('zero'), forget] },
      },
    },
    'fault-disabled': {
      tags: 'owes-drain',
      on: {
        'entry.zero': { target: 'absent', actions: write('zero') },
        'entry.program': { target: 'present', actions: [remember, write('present')] },
        'table.freed': { target: 'absent', actions: write('zero') },
      },
    },
  },
});

export const pasidEntryHolds = holds({ domain: maybe(id('domain')) });
