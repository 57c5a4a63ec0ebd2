/** Step words: a step as one sentence, for who can't see the picture, and for the slider. */
import type { PlayerStep, PlayerSummary } from '../../../src/viz/player-shape.ts';
import { count } from '../words.ts';

export function stepSentence(
  step: number,
  { steps, violation }: Pick<PlayerSummary, 'steps' | 'violation'>,
  taken: PlayerStep | undefined,
): string {
  const place = `Step ${count(step)} of ${count(steps)}`;
  if (step === 0) return `${place}: before the first step.`;
  if (taken === undefined) return `${place}.`;
  const { actor, label, details, violates, passes } = taken;
  const did = `${actor} ${passes ? 'passes ' : ''}${label}`;
  const told = details.length === 0 ? '' : `; ${details.join('; ')}`;
  const wrong = violates.map(({ slot, property }) => `; ${slot} says ${property} is violated`);
  const end =
    step === steps && violation !== undefined
      ? ` ${violation.property} is violated: ${violation.sentence}.`
      : '';
  return `${place}: ${did}${told}${wrong.join('')}.${end}`;
}
