/**
 * Plain step: a step without what tells its variants apart: `drain-ring-by-completion` is a `drain-ring`.
 */
import type { OperationStep } from '../../machines/operation-steps.ts';

const VARIANT = /-(if-present|by-completion|owing-drain|owing-flush)$/;

export const plainStep = (step: OperationStep): string => step.replace(VARIANT, '');
