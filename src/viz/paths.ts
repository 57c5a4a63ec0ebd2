/**
 * Paths: lines with rounded corners and heads of arrows, as SVG writes them.
 *
 * Units: pixels.
 */
import { rounded } from './chart-boxes.ts';
import type { Point } from './chart-points.ts';

const CORNER = 7;
const HEAD_LENGTH = 8;
const HEAD_WIDTH = 7;

/** Through all points, corners rounded as far as their sides are long; an arrow's head has room at the end. */
export const roundedPath = (points: readonly Point[]): string => pathTo(points, HEAD_LENGTH - 1);

/** The same, to the very end. */
export const openPath = (points: readonly Point[]): string => pathTo(points, 0);

function pathTo(points: readonly Point[], room: number): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = rest.map((point, index) => {
    const before = points[index] ?? first;
    const after = points[index + 2];
    if (after === undefined) return `L${pair(towards(point, before, room))}`;
    const radius = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
    const start = towards(point, before, radius);
    return `L${pair(start)}Q${pair(point)} ${pair(towards(point, after, radius))}`;
  });
  return `M${pair(first)}${parts.join('')}`;
}

/** A triangle at the last point, in the direction of the last line. */
export function arrowHead(points: readonly Point[]): string {
  const [tip = { x: 0, y: 0 }, before = tip] = points.toReversed();
  const length = distance(before, tip) || 1;
  const along = { x: (tip.x - before.x) / length, y: (tip.y - before.y) / length };
  const base = { x: tip.x - along.x * HEAD_LENGTH, y: tip.y - along.y * HEAD_LENGTH };
  const half = HEAD_WIDTH / 2;
  const sides = [half, -half].map((side) => ({
    x: base.x - along.y * side,
    y: base.y + along.x * side,
  }));
  return [tip, ...sides].map(pair).join(' ');
}

const pair = ({ x, y }: Point): string => `${rounded(x)},${rounded(y)}`;

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** The point `length` away from `from` on the way to `to`. */
function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1;
  const share = Math.min(1, length / whole);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
