/** Step bits: a set of steps as one whole number. */
import { STEPS_MAX } from './movers.ts';

export const has = (steps: number, step: number): boolean => ((steps >>> step) & 1) === 1;

export const bitsOf = (steps: readonly number[]): number =>
  steps.reduce((bits, step) => bits | (1 << step), 0);

export const bitsIn = (steps: number): number =>
  Array.from({ length: STEPS_MAX }, (_, step) => step).filter((step) => has(steps, step)).length;
