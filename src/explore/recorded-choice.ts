/**
 * Recorded choice: the choice of a model that a recorded step means, found by names, not by numbers.
 */
import { carefulStep, type Locals, type Step } from './careful-step.ts';
import type { Choice } from './choices.ts';
import type { Model } from './model.ts';
import { plainText } from './plain-text.ts';
import type { RecordedStep } from './recorded-trace.ts';

export type MeantStep = Pick<RecordedStep, 'actor' | 'take' | 'event'>;

export type OpenStep = { readonly choice: Choice; readonly step: Step };

/** Every step that could be taken now. @throws Refused */
export const openSteps = ({ cells, choices }: Model, locals: Locals): readonly OpenStep[] =>
  choices.flatMap((choice) => {
    const step = carefulStep(cells, locals, choice);
    return step === undefined ? [] : [{ choice, step }];
  });

/**
 * The open step that is meant: the same actor takes the same event; of several such takes the one of the same
 * number, else the first. @throws Refused
 */
export function openStepFor(
  { cells, choices }: Model,
  locals: Locals,
  meant: MeantStep,
): OpenStep | undefined {
  const text = plainText(meant.event);
  const alike = choices
    .filter(({ slot }) => slot.name === meant.actor)
    .flatMap((choice) => {
      const step = carefulStep(cells, locals, choice);
      const isMeant = step && plainText(cells.eventOf(choice.slot, step.event)) === text;
      return isMeant ? [{ choice, step }] : [];
    });
  return alike.find(({ choice }) => choice.take === meant.take) ?? alike[0];
}
