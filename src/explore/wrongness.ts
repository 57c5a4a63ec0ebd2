/**
 * Wrongness: what is wrong with a step or with the state it led to, as a search would judge it.
 */
import { type Locals, localOf, type Step } from './careful-step.ts';
import type { Model } from './model.ts';
import { openSteps } from './recorded-choice.ts';
import { deadlockOf } from './recorded-trace.ts';
import type { Violation } from './violation.ts';

/** Violations of a step, then of the state it led to; a deadlock is asked for by itself. @throws Refused */
export const violationsAfter = (model: Model, step: Step): readonly Violation[] => [
  ...step.violations,
  ...brokenIn(model, step.locals),
];

/** Properties that a state breaks. */
export const brokenIn = (model: Model, locals: Locals): readonly Violation[] =>
  model.properties
    .filter(({ reads }) => reads.every(({ slot, holds }) => holds(localOf(locals, slot))))
    .map(({ violation }) => violation);

/** Undefined when some step is open, or everybody may rest. @throws Refused */
export function deadlockIn(model: Model, locals: Locals): Violation | undefined {
  if (openSteps(model, locals).length > 0) return undefined;
  const waiting = model.rests.filter(({ slot, holds }) => !holds(localOf(locals, slot)));
  if (waiting.length === 0) return undefined;
  return deadlockOf(waiting.map(({ slot }) => model.cells.slots.at(slot).name));
}
