/**
 * Coverage heat: how often arrows were taken, as classes of a drawing.
 *
 * Method: counts span many orders of magnitude, so levels are shares of the largest count's logarithm.
 */
import type { ChartTransition } from './chart.ts';

const LEVELS = 5;

type Taken = Pick<ChartTransition, 'taken'>;

/** One class of arrows, and which counts it stands for. */
export type HeatLevel = { readonly name: string; readonly text: string };

export type Heat = {
  /** For one of the arrows: no class where nothing is known, `never`, or `heat-1` to `heat-5`. */
  classOf(arrow: readonly Taken[]): readonly string[];
  /** Those that counts can fall into, hottest last; none where nothing is known. */
  readonly levels: readonly HeatLevel[];
};

export function heatOf(arrows: readonly (readonly Taken[])[]): Heat {
  const sums = arrows.flatMap((arrow) => sumOf(arrow) ?? []);
  const most = Math.max(1, ...sums);
  const levelOf = (sum: number): number => {
    const share = Math.log(1 + sum) / Math.log(1 + most);
    return Math.min(LEVELS, Math.max(1, Math.ceil(share * LEVELS)));
  };
  return {
    classOf: (arrow) => {
      const sum = sumOf(arrow);
      if (sum === undefined) return [];
      return [sum === 0 ? 'never' : `heat-${levelOf(sum)}`];
    },
    levels: sums.length === 0 ? [] : [{ name: 'never', text: 'never' }, ...ranges(most, levelOf)],
  };
}

function ranges(most: number, levelOf: (sum: number) => number): readonly HeatLevel[] {
  const levels: HeatLevel[] = [];
  let first = 1;
  for (let level = 1; level <= LEVELS && first <= most; level += 1) {
    let last = Math.floor((1 + most) ** (level / LEVELS) - 1);
    // Rounding may be one off: the level itself decides.
    while (last < most && levelOf(last + 1) <= level) last += 1;
    while (last >= first && levelOf(last) > level) last -= 1;
    if (last < first) continue;
    levels.push({ name: `heat-${level}`, text: rangeText(first, last) });
    first = last + 1;
  }
  return levels;
}

function rangeText(first: number, last: number): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  if (first < last) return `${count(first)} to ${count(last)} times`;
  return first === 1 ? 'once' : `${count(first)} times`;
}

function sumOf(arrow: readonly Taken[]): number | undefined {
  const known = arrow.flatMap(({ taken }) => (taken === undefined ? [] : [taken]));
  return known.length === 0 ? undefined : known.reduce((sum, taken) => sum + taken, 0);
}
