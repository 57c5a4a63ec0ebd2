/**
 * Chart DOT: a chart as Graphviz text: nested clusters, edges that end at their borders.
 *
 * Source: Graphviz, "DOT Language"; attributes `compound`, `lhead` and `ltail`.
 * Policy: an edge needs a plain node at each end, so a cluster lends its first; Graphviz can't draw an edge from a
 *         cluster to what is in it otherwise.
 */
import { actionsText, type Chart, type ChartState, statesWithin, transitionText } from './chart.ts';
import { type Arrow, arrowsOf, type End, endId } from './chart-arrows.ts';
import { staysInside, takenText } from './chart-text.ts';

export function chartDot(chart: Chart): string {
  const states = new Map(statesWithin(chart.root).map((state) => [state.id, state]));
  const arrows = arrowsOf(chart);
  return `${[
    `digraph ${quoted(chart.name)} {`,
    '  compound=true; fontname="Helvetica"; fontsize=12; labeljust=l;',
    '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...indented(drawn(chart.root, arrows)),
    ...indented(arrows.map((arrow) => edge(arrow, states))),
    '}',
  ].join('\n')}\n`;
}

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

function drawn(state: ChartState, arrows: readonly Arrow[]): readonly string[] {
  const text = [titleOf(state), ...insideLines(state)];
  if (state.states.length === 0) {
    const shape = state.kind === 'final' ? ', peripheries=2' : '';
    return [`${quoted(state.id)} [label=${lines(text)}${shape}];`];
  }
  const ends = [
    ...new Map(
      arrows
        .flatMap(({ from, to }) => [from, to])
        .filter((end) => end.state === state.id && end.part !== 'state')
        .map((end) => [endId(end), end]),
    ).values(),
  ];
  return [
    `subgraph ${quoted(`cluster ${state.id}`)} {`,
    ...indented([
      `label=${lines(text)}; style=${state.kind === 'parallel' ? 'dashed' : 'rounded'};`,
      ...ends.map(endNode),
      ...state.states.flatMap((inner) => drawn(inner, arrows)),
    ]),
    '}',
  ];
}

const endNode = (end: End): string =>
  end.part === 'dot'
    ? `${quoted(endId(end))} [shape=point, width=0.12];`
    : `${quoted(endId(end))} [label="any state", style="rounded,dashed"];`;

const titleOf = ({ key, tags }: ChartState): string =>
  [key, ...tags.map((tag) => `#${tag}`)].join(' ');

function insideLines(state: ChartState): readonly string[] {
  return [
    ...(state.entry.length === 0 ? [] : [`entry ${actionsText(state.entry)}`]),
    ...(state.exit.length === 0 ? [] : [`exit ${actionsText(state.exit)}`]),
    ...state.transitions
      .filter((transition) => staysInside(state, transition))
      .map((transition) => [transitionText(transition), takenText(transition)].join(' ').trim()),
  ];
}

function edge(arrow: Arrow, states: ReadonlyMap<string, ChartState>): string {
  const label = arrow.transitions.map((transition) =>
    [transitionText(transition), takenText(transition)].join(' ').trim(),
  );
  const never = arrow.transitions.length > 0 && arrow.transitions.every(({ taken }) => taken === 0);
  const attributes = [
    ...(label.length === 0 ? [] : [`label=${lines(label)}`]),
    ...clusterEnd('ltail', arrow.from, states),
    ...clusterEnd('lhead', arrow.to, states),
    ...(never ? ['style=dotted', 'color=red'] : []),
  ];
  const ends = [arrow.from, arrow.to].map((end) => quoted(plainNode(end, states)));
  return `${ends.join(' -> ')}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`;
}

/** The node that stands for an end: itself, or the first plain one inside. */
function plainNode(end: End, states: ReadonlyMap<string, ChartState>): string {
  const state = states.get(end.state);
  const [first] = end.part === 'state' ? (state?.states ?? []) : [];
  return first === undefined ? endId(end) : plainNode({ state: first.id, part: 'state' }, states);
}

const clusterEnd = (
  attribute: string,
  end: End,
  states: ReadonlyMap<string, ChartState>,
): readonly string[] =>
  end.part === 'state' && (states.get(end.state)?.states.length ?? 0) > 0
    ? [`${attribute}=${quoted(`cluster ${end.state}`)}`]
    : [];

const quoted = (text: string): string => `"${escaped(text)}"`;
/** Left-aligned lines. */
const lines = (text: readonly string[]): string =>
  `"${text.map((line) => `${escaped(line)}\\l`).join('')}"`;
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
