/**
 * Trace: a way from the first state told step by step, by the careful step.
 */
import { invariant } from '../core/invariant.ts';
import { carefulStep } from './careful-step.ts';
import { choiceAt } from './choices.ts';
import type { Model } from './model.ts';
import type { Trace } from './outcome.ts';
import { toldStep } from './told-step.ts';

/** Tells a way step by step, from the first state. @throws InvariantViolation when a choice isn't open */
export function toldTrace({ cells, choices, first }: Model, way: readonly number[]): Trace {
  let locals = first;
  return way.map((number) => {
    const choice = choiceAt(choices, number);
    const step = carefulStep(cells, locals, choice);
    invariant(step !== undefined, `a choice of ${choice.slot.name} on the way is not open`);
    const told = toldStep(cells, locals, choice, step);
    locals = step.locals;
    return told;
  });
}
