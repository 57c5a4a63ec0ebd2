/**
 * Swim lanes' layout: where each lane, step, touch and message of a trace lies.
 *
 * Units:  pixels, from the drawing's upper left corner.
 * Policy: lanes are as wide as what is said in them. What a step receives and touches stands below one another, each
 *         at a height of its own, so that no arrow runs through another's end.
 */
import { type Placed, rounded } from './chart-boxes.ts';
import type { Point } from './chart-points.ts';
import type { Lane, LaneTouch, Row, Swimlanes } from './swimlanes.ts';
import {
  endingLines,
  GUTTER,
  headLines,
  LANE_GAP,
  MARGIN,
  PADDING,
  stepLines,
  touchLines,
} from './swimlanes-text.ts';
import { messageTracks, TRACK_GAP } from './swimlanes-tracks.ts';
import { blockWidth, LINE_HEIGHT, type TextLine } from './text-line.ts';

export type PlacedLines = { readonly box: Placed; readonly lines: readonly TextLine[] };

export type PlacedLane = PlacedLines & { readonly lane: Lane; readonly centre: number };

export type PlacedTouch = PlacedLines & {
  readonly touch: LaneTouch;
  readonly way: readonly Point[];
};

export type PlacedRow = PlacedLines & {
  readonly row: Row;
  /** Of the whole row, over all lanes. */
  readonly top: number;
  readonly height: number;
  readonly touches: readonly PlacedTouch[];
};

/** From where it was sent to where it was received; a message still under way has no end. */
export type PlacedMessage = { readonly way: readonly Point[]; readonly isReceived: boolean };

export type PlacedSwimlanes = {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly PlacedLane[];
  readonly rows: readonly PlacedRow[];
  readonly messages: readonly PlacedMessage[];
  /** Where the lanes end. */
  readonly bottom: number;
  readonly ending: PlacedLines | undefined;
};

const ROW_GAP = 8;
const TOUCH_GAP = 3;
const LANE_WIDTH_MIN = 70;
/** Of a trace without lanes. */
const WIDTH_MIN = 300;
/** Where an arrow leaves a step below its last line. */
const FOOT_INSET = 12;
/** Of a step's side, what an arrow keeps clear of below. */
const FOOT_ROOM = 6;
/** From a step's top to the first message it receives, and from one to the next. */
const RECEIPT_INSET = 7;
const RECEIPT_GAP = 9;

export function swimlanesLayout(swimlanes: Swimlanes): PlacedSwimlanes {
  const tracks = messageTracks(swimlanes);
  const lanes = placedLanes(swimlanes, tracks);
  const last = lanes.at(-1)?.box;
  const width = rounded(last === undefined ? WIDTH_MIN : last.x + last.width + MARGIN);
  let top = MARGIN + (last?.height ?? 0) + ROW_GAP;
  const rows = swimlanes.rows.flatMap((row, index) => {
    const lane = lanes[row.lane];
    if (lane === undefined) return [];
    const received = swimlanes.messages.filter(({ receivedIn }) => receivedIn === index).length;
    const placed = placedRow(row, lane, lanes, top, received);
    top = rounded(top + placed.height);
    return [placed];
  });
  const messages = placedMessages(swimlanes, tracks, lanes, rows, top);
  const ending = placedEnding(swimlanes, width, top + ROW_GAP);
  const height = rounded((ending === undefined ? top : ending.box.y + ending.box.height) + MARGIN);
  return { width, height, lanes, rows, messages, bottom: top, ending };
}

function placedLanes(
  { lanes, rows, messages }: Swimlanes,
  tracks: readonly number[],
): readonly PlacedLane[] {
  const titles = lanes.map(({ title }) => headLines(title));
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
    const own = messages.map((message, at) => (message.lane === index ? (tracks[at] ?? 0) + 1 : 0));
    const beside = Math.max(0, ...own) * TRACK_GAP;
    const width = rounded(Math.max(LANE_WIDTH_MIN, text + 2 * PADDING) + 2 * beside);
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
  received: number,
): PlacedRow {
  const lines = stepLines(row);
  const [first] = row.touches;
  // A step is level with what it touches first, unless it receives something before.
  const drop =
    first === undefined || received > 0
      ? 0
      : Math.max(0, heightOf(touchLines(first)) - heightOf(lines)) / 2;
  const own = around(lines, lane.centre, rounded(top + ROW_GAP / 2 + drop));
  const foot = own.box.y + own.box.height;
  let y = own.box.y - drop + (received === 0 ? 0 : RECEIPT_INSET + (received - 0.5) * RECEIPT_GAP);
  const touches: PlacedTouch[] = [];
  for (const touch of row.touches) {
    const other = lanes[touch.lane];
    if (other === undefined) continue;
    const text = touchLines(touch);
    const caller = touch.within === undefined ? undefined : touches[touch.within];
    if (caller === undefined) y = clearOfFoot(y, heightOf(text), foot);
    const placed = around(text, other.centre, rounded(y));
    const way =
      caller === undefined
        ? wayFromStep(own.box, placed.box)
        : wayFromTouch(caller, lanes[caller.touch.lane]?.box ?? caller.box, placed.box);
    touches.push({ ...placed, touch, way });
    y = placed.box.y + placed.box.height + TOUCH_GAP;
  }
  const bottom = Math.max(y - TOUCH_GAP, foot);
  return { ...own, row, top, height: rounded(bottom + ROW_GAP / 2 - top), touches };
}

/** Where a touch begins whose arrow is to leave the step by its side or by its foot, not by the corner between. */
function clearOfFoot(y: number, height: number, foot: number): number {
  const at = y + height / 2;
  return at > foot - FOOT_ROOM && at < foot + FOOT_ROOM ? foot + FOOT_ROOM - height / 2 : y;
}

/** From the step's side, or from its foot where the step is not as high. */
function wayFromStep(own: Placed, to: Placed): readonly Point[] {
  const y = middle(to);
  const toRight = to.x > own.x;
  const end = { x: toRight ? to.x : rounded(to.x + to.width), y };
  const side = rounded(toRight ? own.x + own.width : own.x);
  const foot = own.y + own.height;
  if (y <= foot - FOOT_ROOM) return [{ x: side, y }, end];
  const inset = rounded(toRight ? side - FOOT_INSET : side + FOOT_INSET);
  return [{ x: inset, y: foot }, { x: inset, y }, end];
}

/** Out of the caller's lane, down between the lanes, and into the other; what is in one lane is gone round. */
function wayFromTouch({ box }: PlacedLines, lane: Placed, to: Placed): readonly Point[] {
  const y = middle(to);
  const isInLane = to.x + to.width / 2 === box.x + box.width / 2;
  const toRight = isInLane || to.x > box.x;
  const between = toRight ? lane.x + lane.width + LANE_GAP / 2 : lane.x - LANE_GAP / 2;
  const start = { x: rounded(toRight ? box.x + box.width : box.x), y: middle(box) };
  const end = { x: toRight && !isInLane ? to.x : rounded(to.x + to.width), y };
  return [start, { x: rounded(between), y: start.y }, { x: rounded(between), y }, end];
}

function placedMessages(
  { messages }: Swimlanes,
  tracks: readonly number[],
  lanes: readonly PlacedLane[],
  rows: readonly PlacedRow[],
  bottom: number,
): readonly PlacedMessage[] {
  const received = new Map<number, number>();
  return messages.flatMap(({ lane, sent, receivedIn }, at): readonly PlacedMessage[] => {
    const own = lanes[lane]?.box;
    if (own === undefined) return [];
    const x = rounded(own.x + own.width - TRACK_GAP / 2 - (tracks[at] ?? 0) * TRACK_GAP);
    const from = sent && rows[sent.row]?.touches[sent.touch]?.box;
    const start: readonly Point[] =
      from === undefined
        ? [{ x, y: rounded(own.y + own.height) }]
        : [
            { x: rounded(from.x + from.width), y: middle(from) },
            { x, y: middle(from) },
          ];
    const to = receivedIn === undefined ? undefined : rows[receivedIn]?.box;
    if (receivedIn === undefined || to === undefined) {
      return [{ way: [...start, { x, y: bottom }], isReceived: false }];
    }
    const before = received.get(receivedIn) ?? 0;
    received.set(receivedIn, before + 1);
    const y = rounded(to.y + RECEIPT_INSET + before * RECEIPT_GAP);
    const end = { x: x > to.x ? rounded(to.x + to.width) : to.x, y };
    return [{ way: [...start, { x, y }, end], isReceived: true }];
  });
}

function placedEnding(
  { violation }: Swimlanes,
  width: number,
  top: number,
): PlacedLines | undefined {
  if (violation === undefined) return undefined;
  const across = rounded(width - GUTTER - MARGIN);
  const lines = endingLines(violation, across - 2 * PADDING);
  return { lines, box: { x: GUTTER, y: rounded(top), width: across, height: heightOf(lines) } };
}

/** A box for `lines` whose middle is at `centre`. */
function around(lines: readonly TextLine[], centre: number, y: number): PlacedLines {
  const width = rounded(blockWidth(lines) + 2 * PADDING);
  return { lines, box: { x: rounded(centre - width / 2), y, width, height: heightOf(lines) } };
}

const middle = ({ y, height }: Placed): number => rounded(y + height / 2);

const heightOf = (lines: readonly TextLine[]): number => lines.length * LINE_HEIGHT + PADDING;
