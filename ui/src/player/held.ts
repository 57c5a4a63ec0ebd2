/**
 * Held: what slots are and hold after a step, from the page of steps it lies in; and what the step changed.
 */
import type {
  PlayerHeld,
  PlayerPage,
  PlayerStep,
  PlayerSummary,
} from '../../../src/viz/player-shape.ts';

export type Held = ReadonlyMap<string, PlayerHeld>;

/** Number of the page that `step` lies in, whose first step is number 1; 0 is before every step. */
export const pageOf = ({ pageSteps }: Pick<PlayerSummary, 'pageSteps'>, step: number): number =>
  Math.max(0, Math.floor((step - 1) / pageSteps));

/** After `step` steps of the trace. Caller's duty: the step lies in the page. */
export function heldAfter({ first, before, steps }: PlayerPage, step: number): Held {
  const held = new Map(Object.entries(before));
  for (const { changes, fields } of steps.slice(0, step - first)) {
    for (const { slot, to } of changes) held.set(slot, { ...known(held, slot), state: to });
    for (const { slot, field, to } of fields) {
      const was = known(held, slot);
      held.set(slot, { ...was, fields: { ...was.fields, [field]: to } });
    }
  }
  return held;
}

const known = (held: Held, slot: string): PlayerHeld => held.get(slot) ?? { state: '', fields: {} };

/** Slots of a step: whoever takes it first, then those it changes or offends, in order. */
export const slotsOf = ({ actor, changes, fields, violates }: PlayerStep): readonly string[] => [
  ...new Set([actor, ...[...changes, ...fields, ...violates].map(({ slot }) => slot)]),
];

/** Slots that are not as they were. */
export const changedBy = ({ changes, fields, violates }: PlayerStep): ReadonlySet<string> =>
  new Set([...changes, ...fields, ...violates].map(({ slot }) => slot));
