/**
 * Chart SVG: a placed chart as one picture that needs no other file.
 *
 * Policy: states carry `data-state`, transitions `data-transition`, so that a page can light what is active; no ids,
 *         so that many charts may stand in one page.
 */

import { element, escaped } from '../core/markup.ts';
import { LABEL_PADDING, type Placed, rounded } from './chart-boxes.ts';
import type { PlacedArrow, PlacedChart, PlacedEnd } from './chart-layout.ts';
import { drawnState } from './chart-state-svg.ts';
import { CHART_CLASS, CHART_RULES } from './chart-style.ts';
import { type Heat, heatOf } from './coverage-heat.ts';
import { heatLegend } from './heat-legend.ts';
import { arrowHead, roundedPath } from './paths.ts';
import { drawnBlocks } from './svg-text.ts';
import { styleSheet } from './theme.ts';

const ANY_TEXT = 'any state';

export type SvgOptions = {
  /** Off where the page around has the style sheet already. */
  readonly style?: boolean;
  readonly theme?: 'light' | 'dark';
};

/** The style sheet of every chart. */
export const chartStyle = (): string => styleSheet(CHART_CLASS, CHART_RULES);

export function chartSvg(placed: PlacedChart, { style = true, theme }: SvgOptions = {}): string {
  const { chart, states, ends, arrows } = placed;
  const heat = heatOf(arrows.map(({ arrow }) => arrow.transitions));
  const legend =
    heat.levels.length === 0 ? undefined : heatLegend(heat.levels, placed.width, placed.height);
  const width = Math.max(placed.width, legend?.width ?? 0);
  const height = placed.height + (legend?.height ?? 0);
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: CHART_CLASS,
      'data-theme': theme,
      'data-machine': chart.name,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': `State chart of ${chart.name}`,
    },
    '\n',
    [
      ...(style ? [`<style>\n${escaped(chartStyle())}\n</style>`] : []),
      element('rect', { class: 'page', width, height }),
      ...states.map(drawnState),
      ...ends.map(drawnEnd),
      ...arrows.map((arrow) => drawnArrow(arrow, heat)),
      ...arrows.flatMap(drawnLabel),
      ...(legend === undefined ? [] : [legend.svg]),
    ].join('\n'),
    '\n',
  )}\n`;
}

function drawnEnd({ end, x, y, width, height }: PlacedEnd): string {
  if (end.part === 'dot') {
    const [cx, cy] = [rounded(x + width / 2), rounded(y + height / 2)];
    return element('circle', { class: 'dot', cx, cy, r: width / 2 });
  }
  return element(
    'g',
    { class: 'any', 'data-any': end.state },
    element('rect', { x, y, width, height, rx: height / 2 }),
    element(
      'text',
      { class: 'note', x: rounded(x + width / 2), y: rounded(y + 15), 'text-anchor': 'middle' },
      ANY_TEXT,
    ),
  );
}

function drawnArrow({ arrow, points }: PlacedArrow, heat: Heat): string {
  const { transitions } = arrow;
  const waits = transitions.some(({ event }) => event !== '') || arrow.from.part === 'dot';
  const kind = ['arrow', ...(waits ? [] : ['always']), ...heat.classOf(transitions)].join(' ');
  return element(
    'g',
    { class: kind, 'data-arrow': transitions.map(({ id }) => id).join('; ') || undefined },
    element('path', { d: roundedPath(points) }),
    element('polygon', { points: arrowHead(points) }),
  );
}

function drawnLabel({ label }: PlacedArrow): readonly string[] {
  if (label === undefined) return [];
  const { blocks, ...box } = label;
  return [
    element(
      'g',
      { class: 'label' },
      element('rect', boxOf(box)),
      drawnBlocks(blocks, box.x + LABEL_PADDING, box.y),
    ),
  ];
}

const boxOf = ({ x, y, width, height }: Placed) => ({ x, y, width, height, rx: 3 });
