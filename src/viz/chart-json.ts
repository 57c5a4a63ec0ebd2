/** Chart JSON: the chart as it is, for other programs; schema `stormdrain.chart/1`. */
import type { Chart } from './chart.ts';

export const chartJson = ({ name, root }: Chart): string =>
  `${JSON.stringify({ schema: 'stormdrain.chart/1', name, root }, undefined, 2)}\n`;
