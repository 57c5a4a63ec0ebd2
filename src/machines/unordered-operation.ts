/**
 * Unordered operation: an operation that has no order of its own, but is told which step to begin, and when it is over.
 *
 * Kernel:  none: it is how orders are tried out. Whoever tells it remembers which steps are done.
 * Actor:   active. Takes the begin of each step and `operation.end` between two steps, and `step` inside one.
 * Effects: as operation.ts.
 *
 * Told the steps of a list one by one it does what the machine of that list does; in `underWay` it waits to be told.
 */
import { stepState } from './operation.ts';
import { type OperationStep, type OwnSteps, stepShape } from './operation-steps.ts';
import { foundPresent, NOT_BEGUN, operation } from './operation-terms.ts';

/** `name` must be a plain kebab-case word. */
export function unorderedOperationMachine(
  name: string,
  steps: readonly OperationStep[],
  own?: OwnSteps,
) {
  const last = `#${name}.done`;
  const told = Object.fromEntries([
    ...steps.map((step) => [`begin.${step}`, `#${name}.${step}`]),
    ['operation.end', last],
  ]);
  const states = Object.fromEntries(
    steps.map((step) => [step, stepState(stepShape(step, own), `#${name}.underWay`, last)]),
  );
  return operation.createMachine({
    id: name,
    context: ({ input }) => ({ ...input, found: 'present' }),
    initial: 'notBegun',
    states: {
      notBegun: { tags: NOT_BEGUN, on: told },
      underWay: { on: told },
      ...states,
      done: { type: 'final', entry: foundPresent },
    },
  });
}
