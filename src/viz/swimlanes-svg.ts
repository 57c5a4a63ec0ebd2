/**
 * Swim lanes SVG: a trace as a picture: time downward, a step in its thread's lane, arrows to what it changed.
 *
 * Policy: rows carry `data-step`, so that a page can light one; no ids, so that many may stand in one page.
 */

import { element, escaped } from '../core/markup.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { rounded } from './chart-boxes.ts';
import { arrowHead, openPath, roundedPath } from './paths.ts';
import { drawnBlocks } from './svg-text.ts';
import { swimlanesOf } from './swimlanes.ts';
import {
  type PlacedLane,
  type PlacedLines,
  type PlacedMessage,
  type PlacedRow,
  type PlacedTouch,
  swimlanesLayout,
} from './swimlanes-layout.ts';
import { SWIMLANES_CLASS, SWIMLANES_RULES } from './swimlanes-style.ts';
import { GUTTER, PADDING } from './swimlanes-text.ts';
import { blockWidth } from './text-line.ts';
import { styleSheet } from './theme.ts';

/** Without a theme the reader's system chooses. */
export type SwimlanesOptions = { readonly theme?: 'light' | 'dark' };

const BASE_OF_NUMBER = 14;

export function swimlanesSvg(trace: RecordedTrace, { theme }: SwimlanesOptions = {}): string {
  const { width, height, lanes, rows, messages, bottom, ending } = swimlanesLayout(
    swimlanesOf(trace),
  );
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
      `<style>\n${escaped(styleSheet(SWIMLANES_CLASS, SWIMLANES_RULES))}\n</style>`,
      element('rect', { class: 'page', width, height }),
      ...rows
        .filter((_, index) => index % 2 === 0)
        .map(({ top, height }) => element('rect', { class: 'band', y: top, width, height })),
      ...lanes.map((lane) => lifeLine(lane, bottom)),
      ...lanes.map(drawnHead),
      ...messages.map(drawnMessage),
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

function drawnMessage({ way, isReceived }: PlacedMessage): string {
  return element(
    'g',
    { class: 'message' },
    element('path', { d: isReceived ? roundedPath(way) : openPath(way) }),
    ...(isReceived ? [element('polygon', { points: arrowHead(way) })] : []),
  );
}

function drawnRow(placed: PlacedRow): string {
  const { row, box, touches } = placed;
  const number = row.first === row.last ? `${row.first}` : `${row.first}-${row.last}`;
  const at = { x: GUTTER - 10, y: rounded(box.y + BASE_OF_NUMBER), 'text-anchor': 'end' };
  const looks = [
    'step',
    ...(row.passes ? ['passes'] : []),
    ...(row.violates.length > 0 ? ['violates'] : []),
  ];
  return element(
    'g',
    { class: 'row', 'data-step': row.first },
    element('text', { class: 'number', ...at }, number),
    ...touches.map(drawnTouch),
    element('g', { class: looks.join(' ') }, element('rect', { ...box, rx: 5 }), text(placed)),
  );
}

function drawnTouch(placed: PlacedTouch): string {
  const { touch, box, way } = placed;
  return element(
    'g',
    { class: `touch ${lookOf(touch)}` },
    element('path', { d: roundedPath(way) }),
    element('polygon', { points: arrowHead(way) }),
    element('rect', { ...box, rx: 8 }),
    text(placed),
  );
}

function lookOf({ violates, isMessage, changed }: PlacedTouch['touch']): string {
  if (violates.length > 0) return 'violates';
  if (isMessage) return 'sent';
  return changed ? 'changed' : 'told';
}

/** Lines in the middle of their box. */
function text({ box, lines }: PlacedLines): string {
  const x = lines.length > 1 ? box.x + PADDING : box.x + (box.width - blockWidth(lines)) / 2;
  return drawnBlocks([{ transition: undefined, lines }], x, box.y + PADDING / 2);
}
