/**
 * Storm figures: what many storms measured, added up; latencies are added step by step, never averaged.
 */
import { percentilesOf } from '../actors/storm-result.ts';
import { LATENCY_WORDS } from '../workers/storm-layout.ts';
import type { Percentiles } from '../workers/storm-plan.ts';
import type { SparseLatencies, StormMeasures } from './job-record.ts';

export type StormFigures = {
  readonly pageRequests: number;
  readonly responses: {
    readonly success: number;
    readonly invalid: number;
    readonly failure: number;
  };
  readonly overflows: number;
  readonly attaches: number;
  readonly detaches: number;
  readonly exits: number;
  readonly groupLatencyUs: Percentiles;
  readonly detachLatencyUs: Percentiles;
};

type Counted = Exclude<keyof StormMeasures, 'groupLatencies' | 'detachLatencies'>;

export function stormFigures(all: readonly StormMeasures[]): StormFigures {
  const sum = (figure: Counted): number => all.reduce((total, each) => total + each[figure], 0);
  return {
    pageRequests: sum('pageRequests'),
    responses: { success: sum('success'), invalid: sum('invalid'), failure: sum('failure') },
    overflows: sum('overflows'),
    attaches: sum('attaches'),
    detaches: sum('detaches'),
    exits: sum('exits'),
    groupLatencyUs: percentilesOf(added(all.map(({ groupLatencies }) => groupLatencies))),
    detachLatencyUs: percentilesOf(added(all.map(({ detachLatencies }) => detachLatencies))),
  };
}

function added(all: readonly SparseLatencies[]): Float64Array {
  const table = new Float64Array(LATENCY_WORDS);
  for (const [step, count] of all.flat()) table[step] = (table[step] ?? 0) + count;
  return table;
}
