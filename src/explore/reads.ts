/**
 * Reads: a predicate on one slot as a table by local state, each entry computed once.
 */
import type { AnyMachineSnapshot } from 'xstate';

import type { LocalStates } from './local-states.ts';
import type { Slot } from './slots.ts';

export type SlotRead = {
  readonly slot: number;
  holds(local: number): boolean;
};

export function slotRead(
  slot: Slot,
  locals: LocalStates,
  predicate: (snapshot: AnyMachineSnapshot) => boolean,
): SlotRead {
  const known: boolean[] = [];
  return {
    slot: slot.number,
    holds: (local) => {
      known[local] ??= predicate(locals.snapshotOf(slot, local));
      return known[local];
    },
  };
}
