/**
 * Unfolding: the real steps behind a way through representatives.
 *
 * A representative's choice may be another one in the state it stands for. So the way is gone again from the real
 * first state by careful steps, each to a state that the next representative stands for. That there is one, and
 * that it ends as the search said, is what the world's declaration of alike ids promises.
 */
import { carefulStep, type Locals, localOf, type Step } from './careful-step.ts';
import { choiceAt } from './choices.ts';
import { Refused } from './refusal.ts';
import type { Violation } from './violation.ts';
import type { Way } from './way.ts';

export type RealWay = {
  /** By number, from the real first state. */
  readonly choices: readonly number[];
  readonly last: Locals;
  /** Of the last step. */
  readonly violations: readonly Violation[];
};

/** `property` is what the last step breaks, where the way ends in a step that goes wrong. @throws Refused */
export function realWay({ space, states, choices }: Way, property?: string): RealWay {
  const { model, store } = space;
  const real: number[] = [];
  let last = model.first;
  let violations: readonly Violation[] = [];
  const take = (at: number, isIt: (step: Step) => boolean): void => {
    const candidates =
      space.symmetry === undefined ? [choiceAt(model.choices, choices[at] ?? -1)] : model.choices;
    for (const choice of candidates) {
      const step = carefulStep(model.cells, last, choice);
      if (step === undefined || !isIt(step)) continue;
      real.push(choice.number);
      last = step.locals;
      violations = step.violations.filter(space.judged);
      return;
    }
    throw unlike(`a step of one state has no counterpart in another, after ${at} steps`);
  };

  for (const [at, state] of states.slice(1).entries()) {
    take(at, ({ locals }) => {
      // Packing may widen the store, so its words are read afterwards.
      const words = space.packed(locals);
      return words.every((word, index) => word === store.states[state * store.words + index]);
    });
  }
  if (choices.length === states.length) {
    take(choices.length - 1, (step) =>
      step.violations.some((one) => one.property === property && space.judged(one)),
    );
  }
  return { choices: real, last, violations };
}

/** What is violated in the real state, or by the real step, that a verdict is about. @throws Refused */
export function realViolation(
  violation: Violation,
  way: Way,
): { readonly violation: Violation; readonly way: readonly number[] } {
  const { property } = violation;
  const { choices, last, violations } = realWay(way, property);
  if (way.space.symmetry === undefined) return { violation, way: choices };
  const { properties, goals } = way.space.model;
  const found =
    way.choices.length === way.states.length
      ? violations.find((one) => one.property === property)
      : [
          ...properties.filter(({ reads }) =>
            reads.every((read) => read.holds(localOf(last, read.slot))),
          ),
          ...goals,
        ]
          .map((one) => one.violation)
          .find((one) => one.property === property);
  if (found === undefined) throw unlike(`property ${property} is broken in one state only`);
  return { violation: found, way: choices };
}

/** A declaration of alike ids that is not true. */
export const unlike = (feature: string): Refused =>
  new Refused({ code: 'not-alike', machine: 'symmetry', state: '', feature });
