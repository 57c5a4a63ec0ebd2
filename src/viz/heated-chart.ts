/**
 * Heated chart: a chart whose transitions know how often they were taken. Heating it again adds to that.
 */

import { err, ok, type Result } from '../core/result.ts';
import type { MachineCounts, TransitionCount } from '../core/transition-counts.ts';
import { type Chart, type ChartState, statesWithin, transitionId } from './chart.ts';

/** Counts that name a transition twice are added up. An error is the first count of no transition of the chart. */
export function heatedChart(
  chart: Chart,
  { transitions }: Pick<MachineCounts, 'transitions'>,
): Result<Chart, TransitionCount> {
  const known = new Set(
    statesWithin(chart.root).flatMap((state) => state.transitions.map(({ id }) => id)),
  );
  const idOf = ({ from, event, index }: TransitionCount): string =>
    transitionId(from, event, index);
  const stranger = transitions.find((each) => !known.has(idOf(each)));
  if (stranger !== undefined) return err(stranger);

  const counts = new Map<string, number>();
  for (const each of transitions) {
    counts.set(idOf(each), (counts.get(idOf(each)) ?? 0) + each.count);
  }
  const heated = (state: ChartState): ChartState => ({
    ...state,
    transitions: state.transitions.map((each) => ({
      ...each,
      taken: (each.taken ?? 0) + (counts.get(each.id) ?? 0),
    })),
    states: state.states.map(heated),
  });
  return ok({ ...chart, root: heated(chart.root) });
}
