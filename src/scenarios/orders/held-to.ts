/**
 * Held to: how a driver's own order stands to the rules that were found for another driver of its vendor.
 */
import { partialOrder } from '../../explore/orders/partial-order.ts';
import {
  isKnownStep,
  type OperationStep,
  type OwnSteps,
  type StepShape,
  stepShape,
} from '../../machines/operation-steps.ts';
import type { HeldTo, NamedPair, OrdersKnown } from './orders-answer.ts';
import { standInFor } from './plain-step.ts';

/** `steps` are the own order, `own` its own steps' rows; what it does not do stands nowhere. */
export function heldTo(
  steps: readonly OperationStep[],
  own: OwnSteps | undefined,
  driver: string,
  { necessary, alternatives, needed }: OrdersKnown,
): HeldTo {
  const plain = steps.map(standInFor);
  const at = (step: OperationStep): number => {
    const named = plain.indexOf(standInFor(step));
    return named >= 0 ? named : steps.findIndex((each) => doesWhat(each, own, step));
  };
  const isKept = ({ before, after }: NamedPair): boolean =>
    at(before) < 0 || at(after) < 0 || at(before) <= at(after);
  return {
    driver,
    broken: withoutImplied(
      necessary.filter((pair) => at(pair.before) >= 0 && at(pair.after) >= 0),
    ).filter((pair) => !isKept(pair)),
    brokenAlternatives: alternatives
      .filter(({ one, other }) => !isKept(one) && !isKept(other))
      .map(({ one, other }) => ({ one, other })),
    lacking: needed.map(({ step }) => step).filter((step) => at(step) < 0),
  };
}

/** Whether a step of a user's own does what a known one does. */
function doesWhat(step: OperationStep, own: OwnSteps | undefined, known: OperationStep): boolean {
  if (isKnownStep(step) || !isKnownStep(known)) return false;
  const does = effectsOf(stepShape(step, own));
  const needed = effectsOf(stepShape(known));
  return needed.length > 0 && needed.every((effect) => does.includes(effect));
}

const effectsOf = (shape: StepShape): readonly string[] => {
  if (shape.kind === 'act') return shape.effects;
  return shape.kind === 'invalidate' ? [shape.effect] : [];
};

/** Of all pairs of an order those that do not follow from others. */
function withoutImplied(pairs: readonly NamedPair[]): readonly NamedPair[] {
  const steps = [...new Set(pairs.flatMap(({ before, after }) => [before, after]))];
  const numbers = steps.map((_, number) => number);
  const order = partialOrder(
    numbers,
    pairs.map(({ before, after }) => ({
      first: steps.indexOf(before),
      second: steps.indexOf(after),
    })),
  );
  return order.covers().flatMap(({ first, second }) => {
    const [before, after] = [steps[first], steps[second]];
    return before === undefined || after === undefined ? [] : [{ before, after }];
  });
}
