/**
 * Model: a world made ready to take steps: slots, cells to fill, choices, and the state it starts in.
 */
import { carriedOut, type Locals } from './careful-step.ts';
import { type Cells, cellsOf } from './cells.ts';
import { type Choice, choicesOf } from './choices.ts';
import { type SlotRead, slotRead } from './reads.ts';
import { slotsOf } from './slots.ts';
import type { Violation } from './violation.ts';
import type { World } from './world.ts';

export type Model = {
  readonly cells: Cells;
  readonly choices: readonly Choice[];
  readonly first: Locals;
  /** What went wrong before the first step. */
  readonly firstViolations: readonly Violation[];
  readonly properties: readonly {
    readonly violation: Violation;
    readonly reads: readonly SlotRead[];
  }[];
  /** By slot: whether it may rest, see {@link World}. */
  readonly rests: readonly SlotRead[];
};

/** @throws Refused when the world can't be explored exactly; what only a step shows is refused in that step. */
export function modelOf(world: World): Model {
  const slots = slotsOf(world);
  const cells = cellsOf(slots);
  const choices = choicesOf(cells);
  let first: Locals = slots.all.map((slot) => cells.localsOf(slot).numberOf(slot, slot.first));
  const firstViolations: Violation[] = [];
  for (const call of cells.callsOf(world.before ?? [], undefined)) {
    const { locals, violations } = carriedOut(cells, first, call, []);
    first = locals;
    firstViolations.push(...violations);
  }
  return {
    cells,
    choices,
    first,
    firstViolations,
    properties: (world.properties ?? []).map(({ id, sentence, never }) => ({
      violation: { slot: '', property: id, sentence },
      reads: never.map(cells.readOf),
    })),
    rests: slots.all.map((slot) => slotRead(slot, cells.localsOf(slot), slot.part.mayRest)),
  };
}
