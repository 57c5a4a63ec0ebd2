/**
 * Coverage union: which transitions of which machines any job of a campaign took.
 */
import type { TransitionCounts } from '../core/transition-counts.ts';
import type { MachineCoverage } from '../explore/coverage.ts';

export type CoverageUnion = {
  readonly transitionsSeen: number;
  readonly transitionsTotal: number;
  /** A machine each, in alphabetical order; a count is how many jobs took the transition. */
  readonly machines: readonly TransitionCounts[];
};

/** One list of machines a job; machines of one id in one job are one machine. */
export function coverageUnion(jobs: readonly (readonly MachineCoverage[])[]): CoverageUnion {
  const machines = new Map<string, { total: number; readonly taken: Map<string, Count> }>();
  for (const [number, job] of jobs.entries()) {
    for (const { machine, transitionsTotal, taken } of job) {
      const union = machines.get(machine) ?? { total: 0, taken: new Map<string, Count>() };
      machines.set(machine, union);
      union.total = Math.max(union.total, transitionsTotal);
      for (const { from, event, index } of taken) {
        const name = JSON.stringify([from, event, index]);
        const known = union.taken.get(name) ?? { from, event, index, count: 0, last: -1 };
        if (known.last === number) continue;
        union.taken.set(name, { ...known, count: known.count + 1, last: number });
      }
    }
  }
  const named = [...machines].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    transitionsSeen: named.reduce((sum, [, { taken }]) => sum + taken.size, 0),
    transitionsTotal: named.reduce((sum, [, { total }]) => sum + total, 0),
    machines: named.map(([machine, { taken }]) => ({
      schema: 'stormdrain.coverage/1',
      machine,
      transitions: [...taken]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([, { from, event, index, count }]) => ({ from, event, index, count })),
    })),
  };
}

type Count = {
  readonly from: string;
  readonly event: string;
  readonly index: number;
  readonly count: number;
  /** The last job that was counted. */
  readonly last: number;
};
