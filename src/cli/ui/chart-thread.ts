/**
 * Chart thread: the entry of a thread that lays charts out, which may take a second each.
 */
import type { Chart } from '../../viz/chart.ts';
import { chartAscii } from '../../viz/chart-ascii.ts';
import type { Direction } from '../../viz/chart-elk.ts';
import { chartLayout } from '../../viz/chart-layout.ts';
import { chartSvg } from '../../viz/chart-svg.ts';

export type ChartTask = { readonly chart: Chart; readonly directions: readonly Direction[] };

export type ChartPicture = { readonly svg: string; readonly text: string };

export async function picture({ chart, directions }: ChartTask): Promise<ChartPicture> {
  const placed = await chartLayout(chart, directions);
  return { svg: chartSvg(placed, { style: false }), text: chartAscii(chart) };
}
