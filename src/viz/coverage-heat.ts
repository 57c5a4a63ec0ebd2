/**
 * Coverage heat: how often arrows were taken, as classes of a drawing.
 *
 * Method: counts span many orders of magnitude, so levels are shares of the largest count's logarithm.
 */
import type { ChartTransition } from './chart.ts';

const LEVELS = 5;

type Taken = Pick<ChartTransition, 'taken'>;

/** For one of `arrows`: no class where nothing is known, `never`, or `heat-1` to `heat-5`. */
export function heatLevels(
  arrows: readonly (readonly Taken[])[],
): (arrow: readonly Taken[]) => readonly string[] {
  const most = Math.max(1, ...arrows.map((arrow) => sumOf(arrow) ?? 0));
  return (arrow) => {
    const sum = sumOf(arrow);
    if (sum === undefined) return [];
    if (sum === 0) return ['never'];
    const share = Math.log(1 + sum) / Math.log(1 + most);
    return [`heat-${Math.min(LEVELS, Math.max(1, Math.ceil(share * LEVELS)))}`];
  };
}

function sumOf(arrow: readonly Taken[]): number | undefined {
  const known = arrow.flatMap(({ taken }) => (taken === undefined ? [] : [taken]));
  return known.length === 0 ? undefined : known.reduce((sum, taken) => sum + taken, 0);
}
