/** Goal: percentiles of a latency table are those of the latencies themselves, to the width of a step. */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { percentilesOf } from '../../../src/actors/storm-result.ts';
import { countLatency, latencyStep, stepLatency } from '../../../src/workers/latency-table.ts';
import { LATENCY_WORDS } from '../../../src/workers/storm-layout.ts';

const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999, max: 1 };

it('says of any latencies which share of them is not longer', () => {
  const latency = fc.double({ min: 2 ** -12, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(latency, { minLength: 1, maxLength: 3000 }), (latencies) => {
      const table = new Int32Array(LATENCY_WORDS);
      for (const each of latencies) countLatency(table, each);
      const sorted = latencies.toSorted((left, right) => left - right);
      const expected = Object.entries(SHARES).map(([name, share]) => {
        const at = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
        return [name, stepLatency(latencyStep(at))];
      });
      expect(percentilesOf(table)).toEqual(Object.fromEntries(expected));
    }),
  );
});

it('is zero where nothing was counted', () => {
  const nothing = { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 };
  expect(percentilesOf(new Int32Array(LATENCY_WORDS))).toEqual(nothing);
});
