/**
 * Chart straightening: takes the small jogs out of arrows that a layout leaves just before or behind a box.
 *
 * Method: where an arrow's end may slide along its box until the jog is gone, and comes near no other end and on no
 *         label, it does.
 * Units:  pixels.
 */
import type { Placed } from './chart-boxes.ts';
import type { Point } from './chart-points.ts';

/** Longer jogs are meant. */
const JOG_MAX = 24;
/** From a box's corner, and from another arrow's end. */
const ROOM = 10;

export type Ends = { readonly from: Placed; readonly to: Placed };

/** The same lines without their jogs; `endsOf` are the boxes a line leads from and to, `labels` are left free. */
export function straightened(
  lines: readonly (readonly Point[])[],
  endsOf: (line: number) => Ends,
  labels: readonly Placed[],
): readonly (readonly Point[])[] {
  const straight = [...lines];
  const isFree = (line: number, start: Point, end: Point): boolean =>
    labels.every((label) => !meets(label, start, end)) &&
    straight.every(
      (points, other) =>
        other === line ||
        [points.at(0), points.at(-1)].every(
          (point) => point === undefined || distance(point, end) >= ROOM,
        ),
    );
  for (const line of straight.keys()) {
    const { from, to } = endsOf(line);
    const turned = withoutJog((straight[line] ?? []).toReversed(), from, (start, end) =>
      isFree(line, start, end),
    );
    straight[line] = withoutJog(turned.toReversed(), to, (start, end) => isFree(line, start, end));
  }
  return straight;
}

/** Slides the last point along `box`. */
function withoutJog(
  points: readonly Point[],
  box: Placed,
  isFree: (start: Point, end: Point) => boolean,
): readonly Point[] {
  const [end, turn, before, start] = points.toReversed();
  if (end === undefined || turn === undefined || before === undefined || start === undefined) {
    return points;
  }
  const isUpright = end.x === turn.x && turn.y === before.y && before.x === start.x;
  const isLevel = end.y === turn.y && turn.x === before.x && before.y === start.y;
  if (!isUpright && !isLevel) return points;
  const slid = isUpright ? { x: before.x, y: end.y } : { x: end.x, y: before.y };
  const isOnBox = isUpright
    ? slid.x >= box.x + ROOM && slid.x <= box.x + box.width - ROOM
    : slid.y >= box.y + ROOM && slid.y <= box.y + box.height - ROOM;
  const goesOn = isUpright
    ? Math.sign(end.y - turn.y) === Math.sign(before.y - start.y)
    : Math.sign(end.x - turn.x) === Math.sign(before.x - start.x);
  const isShort = distance(turn, before) <= JOG_MAX;
  return isOnBox && goesOn && isShort && isFree(start, slid)
    ? [...points.slice(0, -3), slid]
    : points;
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

/** Whether a level or upright line touches a box. */
const meets = ({ x, y, width, height }: Placed, a: Point, b: Point): boolean =>
  Math.max(a.x, b.x) >= x &&
  Math.min(a.x, b.x) <= x + width &&
  Math.max(a.y, b.y) >= y &&
  Math.min(a.y, b.y) <= y + height;
