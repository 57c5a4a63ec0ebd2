/**
 * Alike questions: whether goals and sightings can be asked of representatives.
 *
 * Each is judged by itself, so one about some of the alike ids would be asked of another id in every representative.
 */
import type { Model } from './model.ts';
import type { Symmetry } from './symmetry.ts';

/** Whether every goal and sighting asks about all slots of alike ids or none; each is judged by itself. */
export function asksAlike({ goals, sightings }: Model, { generators }: Symmetry): boolean {
  const asked = [
    ...goals.flatMap(({ whenever, goal }) => [whenever, goal]),
    ...sightings.map(({ reads }) => reads),
  ];
  return generators.every((moves) =>
    asked.every((reads) => {
      const slots = new Set(reads.map(({ slot }) => slot));
      return moves.every(({ slot, other }) => slots.has(slot) === slots.has(other));
    }),
  );
}
