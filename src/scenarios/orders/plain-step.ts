/**
 * Plain step: a step without what tells its variants apart: `drain-ring-by-completion` is a `drain-ring`.
 */
import type { OperationStep } from '../../machines/operation-steps.ts';

const VARIANT = /-(if-present|by-completion|owing-drain|owing-flush)$/;

export const plainStep = (step: OperationStep): string => step.replace(VARIANT, '');

/** The step that another driver of the vendor has in its place: a flush of a handle's groups in that of a queue. */
export const standInFor = (step: OperationStep): string =>
  step === 'flush-groups' ? 'flush-workqueue' : plainStep(step);
