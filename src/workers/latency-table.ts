/**
 * Latency table: counts of latencies on a log-linear scale, cheap enough for every group.
 *
 * Units: microseconds; each power of two from 2^-12 us on is split into 128 steps, so a step is under 0.8 % wide.
 */
import { word } from '../core/words.ts';
import { LATENCY_STEPS, LATENCY_WORDS } from './storm-layout.ts';

/** Powers of two below one microsecond that the table covers. */
const EXPONENT_BIAS = 12;

const exponentOf = new Float64Array(1);
const exponentBits = new Int32Array(exponentOf.buffer);

/** The step a latency falls in: exponent and the first seven bits of the fraction of its double. */
export function latencyStep(microseconds: number): number {
  if (microseconds <= 0) return 0;
  exponentOf[0] = microseconds;
  const high = word(exponentBits, 1);
  const step = (high >>> 13) - ((1023 - EXPONENT_BIAS) << 7);
  return step < 0 ? 0 : step >= LATENCY_WORDS ? LATENCY_WORDS - 1 : step;
}

/** The middle of a step, in microseconds. */
export const stepLatency = (step: number): number =>
  2 ** (Math.floor(step / LATENCY_STEPS) - EXPONENT_BIAS) *
  (1 + ((step % LATENCY_STEPS) + 0.5) / LATENCY_STEPS);

export function countLatency(table: Int32Array, microseconds: number): void {
  const step = latencyStep(microseconds);
  table[step] = word(table, step) + 1;
}
