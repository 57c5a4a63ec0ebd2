/**
 * Opening: what each slot of a world is and holds before the first step, with the machine behind it.
 */
import type { AnyStateMachine } from 'xstate';

import type { Result } from '../core/result.ts';
import { modelOf } from './model.ts';
import { type RecordedSlot, recordedSlots } from './recorded-slot.ts';
import { type Refusal, unlessRefused } from './refusal.ts';
import type { World } from './world.ts';

export type OpeningSlot = RecordedSlot & {
  /** The name all slots of its machine share. */
  readonly kind: string;
  readonly definition: AnyStateMachine;
};

/** In the order of the world's slots. */
export const openingOf = (world: World): Result<readonly OpeningSlot[], Refusal> =>
  unlessRefused(() => {
    const model = modelOf(world);
    return recordedSlots(model).map((recorded, number): OpeningSlot => {
      const { kind } = model.cells.slots.at(number).part;
      return { ...recorded, kind: kind.name, definition: kind.machine };
    });
  });
