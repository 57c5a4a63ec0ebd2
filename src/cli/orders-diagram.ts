/** Orders diagram: constraints of an operation as a Hasse diagram, with what it can't show as notes. */
import type { OrdersAnswer, OrdersKnown } from '../scenarios/orders/orders-answer.ts';
import type { HasseDiagram } from '../viz/hasse.ts';

export function diagramOf(
  { driver, operation, steps }: OrdersAnswer,
  { constraints, alternatives, loose }: OrdersKnown,
): HasseDiagram {
  return {
    title: `${driver}: what must come before what in ${operation}`,
    steps: steps.filter((step) => !loose.includes(step)),
    lines: constraints.map(({ before, after, wrong }) => ({
      from: before,
      to: after,
      label: wrong?.violation.property ?? '',
    })),
    notes: [
      ...alternatives.map(
        ({ one, other }) =>
          `either ${one.before} before ${one.after}, or ${other.before} before ${other.after}`,
      ),
      ...(loose.length === 0 ? [] : [`anywhere: ${loose.join(', ')}`]),
    ],
  };
}
