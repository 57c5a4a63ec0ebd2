/** Goal: a latency is counted in the step it lies in, and a step is under 0.8 % wide. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countLatency, latencyStep, stepLatency } from '../../../src/workers/latency-table.ts';
import { LATENCY_WORDS } from '../../../src/workers/storm-layout.ts';

/** From the least step to over a day, in microseconds. */
const latencies = fc.double({ min: 2 ** -12, max: 1e11, noNaN: true });

describe('a latency table', () => {
  it('places a latency within 0.8 % of the middle of its step', () => {
    fc.assert(
      fc.property(latencies, (latency) => {
        const middle = stepLatency(latencyStep(latency));
        expect(Math.abs(middle - latency) / latency).toBeLessThan(0.004);
      }),
    );
  });

  it('has steps that ascend and are less than 0.8 % wide', () => {
    for (let step = 1; step < LATENCY_WORDS; step += 1) {
      const ratio = stepLatency(step) / stepLatency(step - 1);
      expect(ratio).toBeGreaterThan(1);
      expect(ratio).toBeLessThan(1.008);
    }
  });

  it('keeps the order of latencies', () => {
    fc.assert(
      fc.property(latencies, latencies, (left, right) => {
        const [least, most] = [Math.min(left, right), Math.max(left, right)];
        expect(latencyStep(least)).toBeLessThanOrEqual(latencyStep(most));
      }),
    );
  });

  it('finds a step again by its middle', () => {
    for (let step = 0; step < LATENCY_WORDS; step += 1) {
      expect(latencyStep(stepLatency(step))).toBe(step);
    }
  });

  it.each([
    [0, 0],
    [2 ** -20, 0],
    [1e30, LATENCY_WORDS - 1],
    [Number.POSITIVE_INFINITY, LATENCY_WORDS - 1],
  ])('puts %d into step %i, inside the table', (latency, step) => {
    expect(latencyStep(latency)).toBe(step);
  });

  it('counts', () => {
    const table = new Int32Array(LATENCY_WORDS);
    for (const latency of [1, 1.001, 1000]) countLatency(table, latency);
    expect([table[latencyStep(1)], table[latencyStep(1000)]]).toEqual([2, 1]);
  });
});
