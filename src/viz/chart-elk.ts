/**
 * Chart ELK: a chart as the graph that ELK lays out.
 *
 * Policy: what leads backwards in the definition is laid out turned round: the picture follows the author's order,
 *         and ELK has no circle to break. Options are inherited by nobody, so each box has them all.
 */
import ElkModule, {
  type ElkExtendedEdge,
  type ElkNode,
  type LayoutOptions,
} from 'elkjs/lib/elk.bundled.js';
import type { ChartState } from './chart.ts';
import { type Arrow, type End, endId } from './chart-arrows.ts';
import { sizeOfBox, sizeOfLabel } from './chart-boxes.ts';
import type { TextBlock } from './chart-text.ts';

export type Direction = 'down' | 'right';
export type { ElkExtendedEdge as ElkEdge, ElkNode };

/** Two of ELK's ways to place boxes: the first is narrow, the second straight. */
export const PLACEMENTS = ['LINEAR_SEGMENTS', 'NETWORK_SIMPLEX'] as const;

const DOT_SIZE = { width: 10, height: 10 };
const ANY_SIZE = { width: 66, height: 22 };
/** Between what a state's box holds and its border. */
const PADDING = 14;
/** Of a side of a box that arrows end on, one arrow. */
const ARROW_ROOM = 13;

/** ELK's constructor is the default export of a CommonJS module, which the types see one level higher. */
const Elk = ElkModule as unknown as typeof ElkModule.default; // what the module evaluates to

const engine = new Elk();

const OPTIONS: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.randomSeed': '1',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.spacing.nodeNode': '24',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.labelNode': '8',
  'elk.layered.spacing.nodeNodeBetweenLayers': '22',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
};

type Shape = {
  readonly options: LayoutOptions;
  readonly ends: readonly End[];
  /** Arrows on the busier side of a state's box. */
  readonly arrowsAt: (state: string) => number;
};

/** The same nesting of boxes, with places. */
export async function elkLayout(
  root: ChartState,
  arrows: readonly Arrow[],
  blocksOf: (arrow: Arrow) => readonly TextBlock[],
  direction: Direction,
  placement: (typeof PLACEMENTS)[number],
): Promise<ElkNode> {
  const options = {
    ...OPTIONS,
    'elk.direction': direction.toUpperCase(),
    'elk.layered.nodePlacement.strategy': placement,
  };
  const ends = arrows.flatMap(({ from, to }) => [from, to]);
  const countAt = (pick: 'from' | 'to', state: string): number =>
    arrows.filter((arrow) => endId(arrow[pick]) === state).length;
  const shape: Shape = {
    options,
    ends: ends.filter((end, at) => ends.findIndex((each) => endId(each) === endId(end)) === at),
    arrowsAt: (state) => Math.max(countAt('from', state), countAt('to', state)),
  };
  const graph: ElkNode = {
    id: '',
    layoutOptions: { ...options, 'elk.padding': '[top=8,left=8,bottom=8,right=8]' },
    children: [nodeOf(root, shape)],
    edges: arrows.map((arrow) => edgeOf(arrow, blocksOf(arrow))),
  };
  return engine.layout(graph);
}

function nodeOf(state: ChartState, shape: Shape): ElkNode {
  const { width, height, header } = sizeOfBox(state);
  if (state.states.length === 0) {
    const busy = (shape.arrowsAt(state.id) + 1) * ARROW_ROOM;
    return { id: state.id, width: Math.max(width, busy), height };
  }
  const own = shape.ends.filter((end) => end.state === state.id && end.part !== 'state');
  return {
    id: state.id,
    layoutOptions: {
      ...shape.options,
      'elk.padding': `[top=${header + PADDING},left=${PADDING},bottom=${PADDING},right=${PADDING}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width},${height})`,
    },
    children: [
      ...own.map((end) => ({ id: endId(end), ...(end.part === 'dot' ? DOT_SIZE : ANY_SIZE) })),
      ...state.states.map((inner) => nodeOf(inner, shape)),
    ],
  };
}

function edgeOf({ id, from, to, forward }: Arrow, blocks: readonly TextBlock[]): ElkExtendedEdge {
  const [source, target] = forward ? [from, to] : [to, from];
  return {
    id,
    sources: [endId(source)],
    targets: [endId(target)],
    labels: blocks.length === 0 ? [] : [{ id: `${id} label`, text: id, ...sizeOfLabel(blocks) }],
  };
}
