/**
 * Chart layout: where each box, label and line of a chart lies.
 *
 * Method: ELK's layered layout over the whole nesting at once, labels included, so that nothing overlaps; it is done
 *         in several ways, and the one that fits a page best is kept. Regions of a parallel state are boxes inside it.
 * Units:  pixels, from the drawing's upper left corner.
 */
import { invariant } from '../core/invariant.ts';
import { type Chart, type ChartState, statesWithin } from './chart.ts';
import { type Arrow, arrowsOf, type End, endId } from './chart-arrows.ts';
import { type BoxSize, type Placed, rounded, sizeOfBox } from './chart-boxes.ts';
import { type Direction, type ElkEdge, type ElkNode, elkLayout, PLACEMENTS } from './chart-elk.ts';
import type { Point } from './chart-points.ts';
import { straightened } from './chart-straighten.ts';
import { initialLabelOf, insideOf, labelOf, type TextBlock } from './chart-text.ts';

export type PlacedState = Placed & {
  readonly state: ChartState;
  readonly size: BoxSize;
  readonly inside: readonly TextBlock[];
  /** A region of a parallel state. */
  readonly isRegion: boolean;
};

export type PlacedEnd = Placed & { readonly end: End };

export type PlacedArrow = {
  readonly arrow: Arrow;
  readonly points: readonly Point[];
  readonly label: (Placed & { readonly blocks: readonly TextBlock[] }) | undefined;
};

export type PlacedChart = {
  readonly chart: Chart;
  readonly width: number;
  readonly height: number;
  /** Outermost first. */
  readonly states: readonly PlacedState[];
  /** Initial dots and "any state" boxes. */
  readonly ends: readonly PlacedEnd[];
  readonly arrows: readonly PlacedArrow[];
};

/** Wanted width over height. */
const ASPECT = 1.3;
/** A page is this wide before its text has to shrink. */
const WIDTH_WANTED = 1400;
/** How much a bend counts against a drawing, beside its shape and size. */
const BEND_WEIGHT = 0.12;

/** Lays a chart out, downwards and to the right unless it is said which. */
export async function chartLayout(
  chart: Chart,
  directions: readonly Direction[] = ['down', 'right'],
): Promise<PlacedChart> {
  const drafts: PlacedChart[] = [];
  for (const direction of directions) {
    for (const placement of PLACEMENTS) {
      drafts.push(await laidOut(chart, direction, placement));
    }
  }
  const [best] = drafts.toSorted((a, b) => unfitness(a) - unfitness(b));
  invariant(best !== undefined, 'a chart is laid out in some direction');
  return best;
}

function unfitness({ width, height, arrows }: PlacedChart): number {
  const bends = arrows.reduce((sum, { points }) => sum + points.length - 2, 0);
  return (
    Math.abs(Math.log(width / height / ASPECT)) +
    2 * Math.max(0, Math.log(width / WIDTH_WANTED)) +
    Math.log(width * height) / 2 +
    (BEND_WEIGHT * bends) / Math.max(1, arrows.length)
  );
}

async function laidOut(
  chart: Chart,
  direction: Direction,
  placement: (typeof PLACEMENTS)[number],
): Promise<PlacedChart> {
  const arrows = arrowsOf(chart);
  const states = statesWithin(chart.root);
  const labels = new Map(arrows.map((arrow) => [arrow.id, blocksOf(arrow, states)]));
  const blocks = ({ id }: Arrow): readonly TextBlock[] => labels.get(id) ?? [];
  const layout = await elkLayout(chart.root, arrows, blocks, direction, placement);

  const nodes = new Map(nodesWithin(layout).map((node) => [node.id, placed(node)]));
  const edges = new Map((layout.edges ?? []).map((edge) => [edge.id, edge]));
  const placedAt = (id: string): Placed => {
    const node = nodes.get(id);
    invariant(node !== undefined, `the layout lost ${id}`);
    return node;
  };
  const edgeOf = ({ id }: Arrow): ElkEdge => {
    const edge = edges.get(id);
    invariant(edge !== undefined, `the layout lost ${id}`);
    return edge;
  };
  const ends = arrows.flatMap(({ from, to }) => [from, to]).filter(({ part }) => part !== 'state');
  const regions = new Set(
    states.flatMap(({ kind, states }) => (kind === 'parallel' ? states.map(({ id }) => id) : [])),
  );
  const lines = straightened(
    arrows.map((arrow) => pointsOf(arrow, edgeOf(arrow))),
    (line) => {
      const arrow = arrows[line];
      invariant(arrow !== undefined, `there is no arrow ${line}`);
      return { from: placedAt(endId(arrow.from)), to: placedAt(endId(arrow.to)) };
    },
    [...edges.values()].flatMap(({ labels = [] }) => labels.map(placed)),
  );
  return {
    chart,
    width: rounded(layout.width ?? 0),
    height: rounded(layout.height ?? 0),
    states: states.map((state) => ({
      ...placedAt(state.id),
      state,
      size: sizeOfBox(state),
      inside: insideOf(state),
      isRegion: regions.has(state.id),
    })),
    ends: [...new Map(ends.map((end) => [endId(end), end])).entries()].map(([id, end]) => ({
      ...placedAt(id),
      end,
    })),
    arrows: arrows.map((arrow, index) => {
      const [label] = edgeOf(arrow).labels ?? [];
      return {
        arrow,
        points: lines[index] ?? [],
        label: label === undefined ? undefined : { ...placed(label), blocks: blocks(arrow) },
      };
    }),
  };
}

function blocksOf(
  { from, transitions }: Arrow,
  states: readonly ChartState[],
): readonly TextBlock[] {
  if (from.part !== 'dot') return labelOf(transitions);
  const state = states.find(({ id }) => id === from.state);
  return state === undefined ? [] : initialLabelOf(state);
}

const nodesWithin = (node: ElkNode): readonly ElkNode[] => [
  node,
  ...(node.children ?? []).flatMap(nodesWithin),
];

const placed = ({ x = 0, y = 0, width = 0, height = 0 }: Partial<Placed>): Placed => ({
  x: rounded(x),
  y: rounded(y),
  width: rounded(width),
  height: rounded(height),
});

/** From the arrow's own beginning, whichever way it was laid out. */
function pointsOf({ forward }: Arrow, { sections = [] }: ElkEdge): readonly Point[] {
  const points = sections
    .flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint])
    .map(({ x, y }) => ({ x: rounded(x), y: rounded(y) }));
  return forward ? points : points.toReversed();
}
