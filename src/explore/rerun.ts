/**
 * Rerun: steps of a trace taken again, those that can't be taken left out, until a property is violated.
 */
import type { Locals } from './careful-step.ts';
import type { Model } from './model.ts';
import { type MeantStep, openStepFor } from './recorded-choice.ts';
import { DEADLOCK } from './recorded-trace.ts';
import type { Violation } from './violation.ts';
import { brokenIn, deadlockIn, violationsAfter } from './wrongness.ts';

export type Rerun = { readonly way: readonly number[]; readonly violation: Violation };

/** The choices taken, by number, when they end in a violation of `property`; else undefined. @throws Refused */
export function rerun(
  model: Model,
  steps: readonly MeantStep[],
  property: string,
): Rerun | undefined {
  const wrongIn = (seen: readonly Violation[], locals: Locals): Violation | undefined =>
    property === DEADLOCK
      ? deadlockIn(model, locals)
      : seen.find((one) => one.property === property);
  let locals = model.first;
  const way: number[] = [];
  let violation = wrongIn([...model.firstViolations, ...brokenIn(model, locals)], locals);
  for (const meant of steps) {
    if (violation !== undefined) break;
    const open = openStepFor(model, locals, meant);
    if (open === undefined) continue;
    way.push(open.choice.number);
    locals = open.step.locals;
    violation = wrongIn(violationsAfter(model, open.step), locals);
  }
  return violation && { way, violation };
}
