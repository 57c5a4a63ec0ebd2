/**
 * Heat legend: what the colours of a heated chart stand for, drawn below it.
 *
 * Units: pixels.
 */
import { element } from '../core/markup.ts';
import { rounded } from './chart-boxes.ts';
import type { HeatLevel } from './coverage-heat.ts';
import { drawnBlocks } from './svg-text.ts';
import { blockWidth, LINE_HEIGHT, linesOf } from './text-line.ts';

export type HeatLegend = { readonly width: number; readonly height: number; readonly svg: string };

const MARGIN = 12;
const SWATCH = 26;
const GAP = 6;
const BETWEEN = 18;
const ROW = LINE_HEIGHT + 5;
/** Narrower charts have the legend's rows stand out to the right. */
const WIDTH_MIN = 160;

/** Rows as long as the chart is wide; `top` is where they begin. */
export function heatLegend(
  levels: readonly HeatLevel[],
  chartWidth: number,
  top: number,
): HeatLegend {
  const room = Math.max(WIDTH_MIN, chartWidth) - MARGIN;
  let x = MARGIN;
  let y = top;
  let right = 0;
  const items = levels.map(({ name, text }) => {
    const lines = linesOf([{ look: 'note', text }], Number.POSITIVE_INFINITY);
    const width = SWATCH + GAP + blockWidth(lines);
    if (x > MARGIN && x + width > room) {
      x = MARGIN;
      y += ROW;
    }
    const middle = rounded(y + LINE_HEIGHT / 2);
    const drawn = element(
      'g',
      { class: `arrow ${name}` },
      element('path', { d: `M${rounded(x)},${middle}h${SWATCH}` }),
      drawnBlocks([{ transition: undefined, lines }], x + SWATCH + GAP, y),
    );
    right = Math.max(right, x + width);
    x += width + BETWEEN;
    return drawn;
  });
  return {
    width: Math.ceil(right + MARGIN),
    height: y + ROW + GAP - top,
    svg: element('g', { class: 'legend' }, ...items),
  };
}
