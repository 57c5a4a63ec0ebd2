/**
 * Group memory: which group slots are free; the lowest is given next, so that equal histories end in equal states.
 *
 * Actor:   an object, one per unit.
 *
 * A slot whose group was freed under its owner's hands stays taken until the owner lets it go.
 */
import { assign, setup } from 'xstate';

import { bag, count, holds } from '../../../../machines/wiring-types.ts';

const GROUP_SLOTS_MAX = 8;

type Group = { readonly group: number };
type Context = { readonly slots: number; readonly taken: readonly number[] };
export type GroupMemoryEvent =
  | ({ readonly type: 'slot.taken' } & Group) // from page request thread
  | ({ readonly type: 'slot.freed' } & Group); // from page request thread, fault worker

const memory = setup({
  types: {
    context: {} as Context,
    events: {} as GroupMemoryEvent,
    input: {} as { readonly slots: number },
  },
  actions: {
    take: assign(({ context, event }) => ({
      taken: [...context.taken, event.group].sort((a, b) => a - b),
    })),
    free: assign(({ context, event }) => ({
      taken: context.taken.filter((group) => group !== event.group),
    })),
  },
});

export const groupMemoryMachine = memory.createMachine({
  id: 'group-memory',
  context: ({ input }) => ({ slots: input.slots, taken: [] }),
  on: { 'slot.taken': { actions: 'take' }, 'slot.freed': { actions: 'free' } },
});

export const groupMemoryHolds = holds({ taken: bag(GROUP_SLOTS_MAX, count(GROUP_SLOTS_MAX - 1)) });

/** The slot that the next group gets; undefined: all are taken. */
export const lowestFree = ({ slots, taken }: Context): number | undefined =>
  Array.from({ length: slots }, (_, slot) => slot).find((slot) => !taken.includes(slot));
