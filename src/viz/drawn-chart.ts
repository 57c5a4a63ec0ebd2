/**
 * Drawn chart: a chart as text in one of its formats.
 */
import type { AnyStateMachine } from 'xstate';

import type { Chart } from './chart.ts';
import { chartAscii } from './chart-ascii.ts';
import { chartDot } from './chart-dot.ts';
import type { ChartFormat } from './chart-format.ts';
import { chartJson } from './chart-json.ts';
import { chartLayout } from './chart-layout.ts';
import { chartSvg, type SvgOptions } from './chart-svg.ts';
import { mermaidChart } from './mermaid.ts';

/** `chart` is the machine's, perhaps heated; Mermaid knows no heat and is drawn from the machine. */
export async function drawnAs(
  format: ChartFormat,
  chart: Chart,
  machine: AnyStateMachine,
  options: SvgOptions = {},
): Promise<string> {
  switch (format) {
    case 'svg':
      return chartSvg(await chartLayout(chart), options);
    case 'mermaid':
      return mermaidChart(machine);
    case 'dot':
      return chartDot(chart);
    case 'ascii':
      return chartAscii(chart);
    case 'json':
      return chartJson(chart);
  }
}
