/**
 * Recorded slot: what a slot is and what it holds before a trace's first step, as plain data.
 */
import type { StateValue } from 'xstate';

import { localOf } from './careful-step.ts';
import { fieldOf, fieldText } from './field-text.ts';
import type { Model } from './model.ts';

export type RecordedSlot = {
  readonly slot: string;
  /** The machine's id. */
  readonly machine: string;
  /** Whether it takes steps of its own or changes only when called. */
  readonly role: 'actor' | 'object';
  readonly state: StateValue;
  readonly fields: readonly { readonly field: string; readonly to: string }[];
};

/** In the world's order, after what happened before the first step. */
export const recordedSlots = ({ cells, first }: Model): readonly RecordedSlot[] =>
  cells.slots.all.map((slot) => {
    const { value, context } = cells.localsOf(slot).snapshotOf(slot, localOf(first, slot.number));
    const { kind, role } = slot.part;
    return {
      slot: slot.name,
      machine: kind.machine.id,
      role,
      state: value,
      fields: Object.entries(kind.holds).map(([field, bound]) => ({
        field,
        to: fieldText(bound, fieldOf(context, field)),
      })),
    };
  });
