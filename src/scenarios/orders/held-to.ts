/**
 * Held to: how a driver's own order stands to the rules that were found for another driver of its vendor.
 */
import type { OperationStep } from '../../machines/operation-steps.ts';
import type { HeldTo, NamedPair, OrdersKnown } from './orders-answer.ts';
import { plainStep } from './plain-step.ts';

export function heldTo(
  steps: readonly OperationStep[],
  driver: string,
  { constraints, alternatives, needed }: OrdersKnown,
): HeldTo {
  const plain = steps.map(plainStep);
  const at = (step: OperationStep): number => plain.indexOf(plainStep(step));
  /** Where one of the two is missing, nothing stands the wrong way round. */
  const isKept = ({ before, after }: NamedPair): boolean =>
    at(before) < 0 || at(after) < 0 || at(before) < at(after);
  return {
    driver,
    broken: constraints
      .filter((pair) => !isKept(pair))
      .map(({ before, after }) => ({ before, after })),
    brokenAlternatives: alternatives
      .filter(({ one, other }) => !isKept(one) && !isKept(other))
      .map(({ one, other }) => ({ one, other })),
    lacking: needed.map(({ step }) => step).filter((step) => at(step) < 0),
  };
}
