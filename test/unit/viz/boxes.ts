/**
 * Boxes: what of a placed chart takes room, and which of it is in the way of something else.
 */
import { PADDING, type Placed, tagsWidth } from '../../../src/viz/chart-boxes.ts';
import type { PlacedChart } from '../../../src/viz/chart-layout.ts';
import type { Point } from '../../../src/viz/chart-points.ts';
import { blockWidth, NAME_SIZE } from '../../../src/viz/text-line.ts';
import { textWidth } from '../../../src/viz/text-width.ts';

export type Named = Placed & { readonly name: string };

/** Less is a matter of rounding. */
const TOLERANCE = 0.5;

/** Everything a reader reads or an arrow ends on: no two of these may share a spot. */
export function solidBoxes({ states, ends, arrows }: PlacedChart): readonly Named[] {
  return [
    ...states.map(({ state, size, x, y, width, height }) => ({
      name: state.id,
      x,
      y,
      width,
      height: state.states.length === 0 ? height : size.header,
    })),
    ...ends.map(({ end, ...box }) => ({ ...box, name: `${end.state} ${end.part}` })),
    ...labels({ arrows }),
  ];
}

export const labels = ({ arrows }: Pick<PlacedChart, 'arrows'>): readonly Named[] =>
  arrows.flatMap(({ arrow, label }) =>
    label === undefined ? [] : [{ ...label, name: `label of ${arrow.id}` }],
  );

/** Pairs that share more than a border. */
export const overlaps = (boxes: readonly Named[]): readonly string[] =>
  boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter((other) => overlap(one, other))
      .map((other) => `${one.name} | ${other.name}`),
  );

const overlap = (a: Placed, b: Placed): boolean =>
  a.x + a.width > b.x + TOLERANCE &&
  b.x + b.width > a.x + TOLERANCE &&
  a.y + a.height > b.y + TOLERANCE &&
  b.y + b.height > a.y + TOLERANCE;

export const isInside = (inner: Placed, outer: Placed): boolean =>
  inner.x >= outer.x - TOLERANCE &&
  inner.y >= outer.y - TOLERANCE &&
  inner.x + inner.width <= outer.x + outer.width + TOLERANCE &&
  inner.y + inner.height <= outer.y + outer.height + TOLERANCE;

/** States that hold others and whose border runs through a label. */
export const bordersThroughLabels = (placed: PlacedChart): readonly string[] =>
  placed.states
    .filter(({ state }) => state.states.length > 0)
    .flatMap((state) =>
      labels(placed)
        .filter((label) => overlap(label, state) && !isInside(label, state))
        .map((label) => `${state.state.id} | ${label.name}`),
    );

/** Arrows that run through a state without others, what a title bar says, or a label, their own among them. */
export const arrowsThroughBoxes = (placed: PlacedChart): readonly string[] =>
  placed.arrows.flatMap(({ arrow, points }) => {
    const own = [arrow.from, arrow.to].map(({ state }) => state);
    const boxes = [
      ...placed.states
        .filter(({ state }) => state.states.length === 0 && !own.includes(state.id))
        .map((box) => ({ ...box, name: box.state.id })),
      ...placed.states.filter(({ state }) => state.states.length > 0).map(headerText),
      ...labels(placed),
    ];
    return boxes
      .filter((box) => segmentsOf(points).some((segment) => overlap(segment, box)))
      .map((box) => `${arrow.id} | ${box.name}`);
  });

export type Line = {
  readonly name: string;
  readonly points: readonly Point[];
  /** Boxes it may touch. */
  readonly ends: readonly string[];
};

/** Lines that run through boxes that are none of their ends. */
export const throughBoxes = (lines: readonly Line[], boxes: readonly Named[]): readonly string[] =>
  lines.flatMap(({ name, points, ends }) =>
    boxes
      .filter((box) => !ends.includes(box.name))
      .filter((box) => segmentsOf(points).some((segment) => overlap(segment, box)))
      .map((box) => `${name} | ${box.name}`),
  );

/** The part of a title bar and the lines below it that has text. */
const headerText = ({ state, x, y, size, inside }: PlacedChart['states'][number]): Named => ({
  name: `text of ${state.id}`,
  x,
  y,
  width: Math.max(
    textWidth(state.key, NAME_SIZE, 'bold') + tagsWidth(state.tags) + 2 * PADDING,
    ...inside.map(({ lines }) => blockWidth(lines) + PADDING),
  ),
  height: size.header,
});

/** Thin boxes: orthogonal lines, widened so that the tolerance leaves something of them. */
const segmentsOf = (points: readonly Point[]): readonly Placed[] =>
  points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    return {
      x: Math.min(from.x, to.x) - TOLERANCE,
      y: Math.min(from.y, to.y) - TOLERANCE,
      width: Math.abs(from.x - to.x) + 2 * TOLERANCE,
      height: Math.abs(from.y - to.y) + 2 * TOLERANCE,
    };
  });
