/**
 * Swim lanes' layout: where each lane, step and arrow of a trace lies.
 *
 * Units:  pixels, from the drawing's upper left corner.
 * Policy: lanes are as wide as what is said in them. What a step touches stands below one another on each side, so
 *         that no arrow runs through another's end.
 */
import { type Placed, rounded } from './chart-boxes.ts';
import type { Lane, Row, Swimlanes, Touch } from './swimlanes.ts';
import {
  blockWidth,
  LINE_HEIGHT,
  type Look,
  linesOf,
  type Piece,
  type TextLine,
} from './text-line.ts';

export type PlacedLines = { readonly box: Placed; readonly lines: readonly TextLine[] };

export type PlacedLane = PlacedLines & { readonly lane: Lane; readonly centre: number };

export type PlacedTouch = PlacedLines & { readonly touch: Touch };

export type PlacedRow = PlacedLines & {
  readonly row: Row;
  /** Of the whole row, over all lanes. */
  readonly top: number;
  readonly height: number;
  readonly touches: readonly PlacedTouch[];
};

export type PlacedSwimlanes = {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly PlacedLane[];
  readonly rows: readonly PlacedRow[];
  /** Where the lanes end. */
  readonly bottom: number;
  readonly ending: PlacedLines | undefined;
};

/** Left of the lanes, for numbers. */
export const GUTTER = 44;
export const PADDING = 6;
const MARGIN = 10;
const ROW_GAP = 8;
const TOUCH_GAP = 3;
const LANE_GAP = 18;
const LANE_WIDTH_MIN = 70;
const STEP_TEXT_MAX = 190;
const TOUCH_TEXT_MAX = 110;
/** Of a trace without lanes. */
const WIDTH_MIN = 300;

export function swimlanesLayout(swimlanes: Swimlanes): PlacedSwimlanes {
  const lanes = placedLanes(swimlanes);
  const last = lanes.at(-1)?.box;
  const width = rounded(last === undefined ? WIDTH_MIN : last.x + last.width + MARGIN);
  let top = MARGIN + (last?.height ?? 0) + ROW_GAP;
  const rows = swimlanes.rows.flatMap((row) => {
    const lane = lanes[row.lane];
    if (lane === undefined) return [];
    const placed = placedRow(row, lane, lanes, top);
    top = rounded(top + placed.height);
    return [placed];
  });
  const ending = placedEnding(swimlanes, width, top + ROW_GAP);
  const height = rounded((ending === undefined ? top : ending.box.y + ending.box.height) + MARGIN);
  return { width, height, lanes, rows, bottom: top, ending };
}

function placedLanes({ lanes, rows }: Swimlanes): readonly PlacedLane[] {
  const titles = lanes.map(({ title }) => linesOf([look('event', title)], TOUCH_TEXT_MAX));
  const height = Math.max(0, ...titles.map(heightOf));
  let x = GUTTER;
  return lanes.map((lane, index) => {
    const lines = titles[index] ?? [];
    const steps = rows.filter((row) => row.lane === index).map(stepLines);
    const touches = rows
      .flatMap((row) => row.touches)
      .filter((touch) => touch.lane === index)
      .map(touchLines);
    const text = Math.max(...[lines, ...steps, ...touches].map(blockWidth));
    const width = rounded(Math.max(LANE_WIDTH_MIN, text + 2 * PADDING));
    const box = { x, y: MARGIN, width, height };
    x = rounded(x + width + LANE_GAP);
    return { lane, lines, box, centre: rounded(box.x + width / 2) };
  });
}

function placedRow(
  row: Row,
  lane: PlacedLane,
  lanes: readonly PlacedLane[],
  top: number,
): PlacedRow {
  const own = around(stepLines(row), lane.centre, rounded(top + ROW_GAP / 2));
  const next = { left: own.box.y, right: own.box.y };
  const touches = row.touches.flatMap((touch) => {
    const other = lanes[touch.lane];
    if (other === undefined) return [];
    const side = touch.lane < row.lane ? 'left' : 'right';
    const placed = around(touchLines(touch), other.centre, next[side]);
    next[side] = rounded(placed.box.y + placed.box.height + TOUCH_GAP);
    return [{ ...placed, touch }];
  });
  const bottom = Math.max(...[own, ...touches].map(({ box }) => box.y + box.height));
  return { ...own, row, top, height: rounded(bottom + ROW_GAP / 2 - top), touches };
}

function placedEnding(
  { violation }: Swimlanes,
  width: number,
  top: number,
): PlacedLines | undefined {
  if (violation === undefined) return undefined;
  const { property, sentence, slot } = violation;
  const across = rounded(width - GUTTER - MARGIN);
  const told = slot === '' ? sentence : `${sentence} (seen by ${slot})`;
  const lines = linesOf([look('event', property), look('action', told)], across - 2 * PADDING);
  return { lines, box: { x: GUTTER, y: rounded(top), width: across, height: heightOf(lines) } };
}

/** A box for `lines` whose middle is at `centre`. */
function around(lines: readonly TextLine[], centre: number, y: number): PlacedLines {
  const width = rounded(blockWidth(lines) + 2 * PADDING);
  return { lines, box: { x: rounded(centre - width / 2), y, width, height: heightOf(lines) } };
}

const look = (look: Look, text: string): Piece => ({ look, text });

const heightOf = (lines: readonly TextLine[]): number => lines.length * LINE_HEIGHT + PADDING;

const stepLines = ({ label, effects, passes }: Row): readonly TextLine[] => [
  ...linesOf([passes ? look('note', `passes ${label}`) : look('event', label)], STEP_TEXT_MAX),
  ...effects.flatMap((effect) => linesOf([look('action', `/ ${effect}`)], STEP_TEXT_MAX)),
];

const touchLines = ({ text, violates }: Touch): readonly TextLine[] =>
  linesOf([look('note', violates ? `violates ${text}` : text)], TOUCH_TEXT_MAX);
