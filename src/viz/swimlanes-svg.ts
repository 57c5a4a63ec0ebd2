/**
 * Swim lanes SVG: a trace as a picture: time downward, a step in its thread's lane, arrows to what it changed.
 *
 * Policy: rows carry `data-step`, so that a page can light one; no ids, so that many may stand in one page.
 */

import { element, escaped } from '../core/markup.ts';
import { rounded } from './chart-boxes.ts';
import type { Point } from './chart-points.ts';
import type { DrawnTrace } from './drawn-trace.ts';
import { arrowHead, roundedPath } from './paths.ts';
import { drawnBlocks } from './svg-text.ts';
import { swimlanesOf } from './swimlanes.ts';
import {
  GUTTER,
  PADDING,
  type PlacedLane,
  type PlacedLines,
  type PlacedRow,
  type PlacedTouch,
  swimlanesLayout,
} from './swimlanes-layout.ts';
import { SWIMLANES_CLASS, SWIMLANES_RULES } from './swimlanes-style.ts';
import { blockWidth } from './text-line.ts';
import { styleSheet } from './theme.ts';

export type SwimlanesOptions = {
  /** Off where the page around has the style sheet already. */
  readonly style?: boolean;
  readonly theme?: 'light' | 'dark';
};

/** Where an arrow leaves a step below its last line. */
const FOOT_INSET = 12;
/** Of a step's side, what an arrow keeps clear of below. */
const FOOT_ROOM = 6;
const BASE_OF_NUMBER = 14;

/** The style sheet of every sequence. */
export const swimlanesStyle = (): string => styleSheet(SWIMLANES_CLASS, SWIMLANES_RULES);

export function swimlanesSvg(
  trace: DrawnTrace,
  { style = true, theme }: SwimlanesOptions = {},
): string {
  const { width, height, lanes, rows, bottom, ending } = swimlanesLayout(swimlanesOf(trace));
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: SWIMLANES_CLASS,
      'data-theme': theme,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': `Sequence of ${trace.scenario}, ${trace.steps.length} steps`,
    },
    '\n',
    [
      ...(style ? [`<style>\n${escaped(swimlanesStyle())}\n</style>`] : []),
      element('rect', { class: 'page', width, height }),
      ...rows
        .filter((_, index) => index % 2 === 0)
        .map(({ top, height }) => element('rect', { class: 'band', y: top, width, height })),
      ...lanes.map((lane) => lifeLine(lane, bottom)),
      ...lanes.map(drawnHead),
      ...rows.map(drawnRow),
      ...(ending === undefined
        ? []
        : [
            element(
              'g',
              { class: 'ending' },
              element('rect', { ...ending.box, rx: 6 }),
              text(ending),
            ),
          ]),
    ].join('\n'),
    '\n',
  )}\n`;
}

const lifeLine = ({ lane, centre, box }: PlacedLane, bottom: number): string =>
  element('path', {
    class: `lane ${lane.kind}`,
    d: `M${centre},${rounded(box.y + box.height)}V${bottom}`,
  });

const drawnHead = (placed: PlacedLane): string =>
  element(
    'g',
    { class: `head ${placed.lane.kind}` },
    element('rect', { ...placed.box, rx: 6 }),
    text(placed),
  );

function drawnRow(placed: PlacedRow): string {
  const { row, box, touches } = placed;
  const number = row.first === row.last ? `${row.first}` : `${row.first}-${row.last}`;
  const at = { x: GUTTER - 10, y: rounded(box.y + BASE_OF_NUMBER), 'text-anchor': 'end' };
  return element(
    'g',
    { class: row.passes ? 'step passes' : 'step', 'data-step': row.first },
    element('text', { class: 'number', ...at }, number),
    ...touches.map((touch) => drawnTouch(touch, placed)),
    element('rect', { ...box, rx: 5 }),
    text(placed),
  );
}

function drawnTouch(placed: PlacedTouch, from: PlacedRow): string {
  const points = wayTo(placed, from);
  return element(
    'g',
    { class: placed.touch.violates ? 'touch violates' : 'touch' },
    element('path', { d: roundedPath(points) }),
    element('polygon', { points: arrowHead(points) }),
    element('rect', { ...placed.box, rx: 8 }),
    text(placed),
  );
}

/** From the step's side, or from its foot where the step is not as high. */
function wayTo({ box }: PlacedTouch, { box: own }: PlacedRow): readonly Point[] {
  const y = rounded(box.y + box.height / 2);
  const toRight = box.x > own.x;
  const end = { x: toRight ? box.x : rounded(box.x + box.width), y };
  const side = rounded(toRight ? own.x + own.width : own.x);
  const foot = own.y + own.height;
  if (y < foot - FOOT_ROOM) return [{ x: side, y }, end];
  const inset = rounded(toRight ? side - FOOT_INSET : side + FOOT_INSET);
  return [{ x: inset, y: foot }, { x: inset, y }, end];
}

/** Lines in the middle of their box. */
function text({ box, lines }: PlacedLines): string {
  const x = lines.length > 1 ? box.x + PADDING : box.x + (box.width - blockWidth(lines)) / 2;
  return drawnBlocks([{ transition: undefined, lines }], x, box.y + PADDING / 2);
}
