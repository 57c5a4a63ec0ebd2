/**
 * Opening: what each slot of a world is, and what it holds before the first step, as plain data beside its machine.
 */
import type { AnyStateMachine, StateValue } from 'xstate';

import type { Result } from '../core/result.ts';
import { localOf } from './careful-step.ts';
import { fieldText } from './field-text.ts';
import { modelOf } from './model.ts';
import { type Refusal, unlessRefused } from './refusal.ts';
import type { World } from './world.ts';

export type OpeningSlot = {
  /** As traces name it: `worker[1]`. */
  readonly slot: string;
  /** The name all slots of its machine share. */
  readonly kind: string;
  readonly role: 'actor' | 'object';
  readonly machine: AnyStateMachine;
  readonly state: StateValue;
  /** Held fields by name, each as one text. */
  readonly fields: Readonly<Record<string, string>>;
};

/** In the order of the world's slots. */
export const openingOf = (world: World): Result<readonly OpeningSlot[], Refusal> =>
  unlessRefused(() => {
    const { cells, first } = modelOf(world);
    return cells.slots.all.map((slot): OpeningSlot => {
      const snapshot = cells.localsOf(slot).snapshotOf(slot, localOf(first, slot.number));
      const held = new Map<string, unknown>(Object.entries(snapshot.context));
      const { kind, role } = slot.part;
      return {
        slot: slot.name,
        kind: kind.name,
        role,
        machine: kind.machine,
        state: snapshot.value,
        fields: Object.fromEntries(
          Object.entries(kind.holds).map(([field, bound]) => [
            field,
            fieldText(bound, held.get(field)),
          ]),
        ),
      };
    });
  });
