/**
 * Held to: how a driver's own order stands to the rules that were found for another driver of its vendor.
 */
import { partialOrder } from '../../explore/orders/partial-order.ts';
import type { OperationStep } from '../../machines/operation-steps.ts';
import type { HeldTo, NamedPair, OrdersKnown } from './orders-answer.ts';
import { standInFor } from './plain-step.ts';

/** `steps` are the own order; steps that it does not have stand nowhere. */
export function heldTo(
  steps: readonly OperationStep[],
  driver: string,
  { necessary, alternatives, needed }: OrdersKnown,
): HeldTo {
  const plain = steps.map(standInFor);
  const at = (step: OperationStep): number => plain.indexOf(standInFor(step));
  const isKept = ({ before, after }: NamedPair): boolean =>
    at(before) < 0 || at(after) < 0 || at(before) < at(after);
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
