/**
 * Model: a world made ready to take steps: slots, cells to fill, choices, and the state it starts in.
 */
import { invariant } from '../core/invariant.ts';
import { carriedOut, type Locals } from './careful-step.ts';
import { type Cells, cellsOf, type Decided } from './cells.ts';
import { type Choice, choicesOf } from './choices.ts';
import { type SlotRead, slotRead } from './reads.ts';
import { slotsOf } from './slots.ts';
import { type Symmetry, symmetryOf } from './symmetry.ts';
import type { Violation } from './violation.ts';
import type { World } from './world.ts';

/** A goal by number, see the world's. */
export type ModelGoal = {
  readonly violation: Violation;
  readonly whenever: readonly SlotRead[];
  readonly goal: readonly SlotRead[];
  /** By choice: whether somebody may count on it. */
  readonly counted: readonly boolean[];
};

export type Model = {
  readonly cells: Cells;
  readonly choices: readonly Choice[];
  readonly first: Locals;
  /** What was made of the events before the first step. */
  readonly firstCells: readonly Decided[];
  /** What went wrong before the first step. */
  readonly firstViolations: readonly Violation[];
  readonly properties: readonly {
    readonly violation: Violation;
    readonly reads: readonly SlotRead[];
  }[];
  readonly goals: readonly ModelGoal[];
  readonly sightings: readonly { readonly id: string; readonly reads: readonly SlotRead[] }[];
  /** Undefined when the world declares nothing that can be exchanged. */
  readonly symmetry: Symmetry | undefined;
  /** By slot: whether it may rest, see {@link World}. */
  readonly rests: readonly SlotRead[];
};

/** Slots of the actors, in order. */
export const actorsOf = ({ choices }: Model): readonly number[] => [
  ...new Set(choices.map(({ slot }) => slot.number)),
];

/** @throws Refused when the world can't be explored exactly; what only a step shows is refused in that step. */
export function modelOf(world: World): Model {
  const slots = slotsOf(world);
  const cells = cellsOf(slots);
  const choices = choicesOf(cells);
  let first: Locals = slots.all.map((slot) => cells.localsOf(slot).numberOf(slot, slot.first));
  const firstCells: Decided[] = [];
  const firstViolations: Violation[] = [];
  for (const call of cells.callsOf(world.before ?? [], undefined)) {
    const { locals, violations, cells: fired } = carriedOut(cells, first, call, []);
    firstCells.push(...fired);
    first = locals;
    firstViolations.push(...violations);
  }
  return {
    cells,
    choices,
    first,
    firstCells,
    firstViolations,
    properties: (world.properties ?? []).map(({ id, sentence, never }) => ({
      violation: { slot: '', property: id, sentence },
      reads: never.map(cells.readOf),
    })),
    goals: (world.goals ?? []).map(({ id, sentence, whenever, goal, without = [] }) => {
      const kinds = world.parts.map(({ kind }) => kind.name);
      for (const name of without) invariant(kinds.includes(name), `${world.name} has no ${name}`);
      return {
        violation: { slot: '', property: id, sentence },
        whenever: whenever.map(cells.readOf),
        goal: goal.map(cells.readOf),
        counted: choices.map(({ slot }) => !without.includes(slot.part.kind.name)),
      };
    }),
    sightings: (world.sightings ?? []).map(({ id, reads }) => ({
      id,
      reads: reads.map(cells.readOf),
    })),
    symmetry: symmetryOf(world, cells),
    rests: slots.all.map((slot) => slotRead(slot, cells.localsOf(slot), slot.part.mayRest)),
  };
}
