/**
 * Mermaid: the state chart of a machine as `stateDiagram-v2` text, drawn from its definition.
 *
 * Source: Mermaid, "State diagrams"; the public fields of XState's StateNode.
 * Policy: order is the definition's. What a state does without leaving it stands inside its box; what a state that
 *         holds others, or the whole machine, does stands in a box of its own, "any state".
 *
 * Mermaid has no names for parallel regions, so the arrow into a region carries the name; and it promises nothing
 * for arrows between the insides of two states.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import { eventText, guardText, nameOf } from './chart-words.ts';

/** `from` is undefined when the arrow leaves the "any state" box of `home`, which draws it. */
type Arrow = {
  readonly home: AnyStateNode;
  readonly from: AnyStateNode | undefined;
  readonly to: AnyStateNode;
  readonly label: string;
};

type Chart = {
  readonly ids: ReadonlyMap<AnyStateNode, string>;
  readonly arrows: readonly Arrow[];
};

const INDENT = '  ';
/** Words that Mermaid reads as its own where a state's name may stand. */
const MERMAID_WORDS = new Set(
  'as choice class classDef default direction end fork hide join note scale state style'.split(' '),
);

/** The chart of a machine, one line an element, ended by a line break. */
export function mermaidChart(machine: AnyStateMachine): string {
  const root: AnyStateNode = machine.root;
  const nodes = [root, ...descendantsOf(root)];
  const chart = { ids: idsOf(nodes), arrows: nodes.flatMap(arrowsOf) };
  const lines =
    root.type === 'compound'
      ? bodyOf(chart, root)
      : [...drawn(chart, root), `[*] --> ${idOf(chart, root)}`];
  return `${['stateDiagram-v2', ...indented(lines)].join('\n')}\n`;
}

const childrenOf = (node: AnyStateNode): AnyStateNode[] => Object.values(node.states);
const descendantsOf = (node: AnyStateNode): AnyStateNode[] =>
  childrenOf(node).flatMap((child) => [child, ...descendantsOf(child)]);
const indented = (lines: readonly string[]): string[] => lines.map((line) => INDENT + line);

/** Mermaid's names take no dash and no dot: a path of plain words, told apart by a number where two agree. */
function idsOf(nodes: readonly AnyStateNode[]): Map<AnyStateNode, string> {
  const ids = new Map<AnyStateNode, string>();
  const taken = new Set<string>();
  for (const node of nodes) {
    const path = node.path.length === 0 ? [node.key] : node.path;
    const plain = path.map((key) => key.replaceAll(/\W/g, '_')).join('__');
    const wanted = MERMAID_WORDS.has(plain) ? `${plain}_` : plain;
    let id = wanted;
    for (let count = 2; taken.has(id); count += 1) id = `${wanted}_${count}`;
    taken.add(id);
    ids.set(node, id);
  }
  return ids;
}

const idOf = ({ ids }: Chart, node: AnyStateNode): string => ids.get(node) ?? node.id;
const anyOf = (chart: Chart, node: AnyStateNode): string => `${idOf(chart, node)}__any`;

/** A state and what is inside it. */
function drawn(chart: Chart, node: AnyStateNode): string[] {
  const id = idOf(chart, node);
  const name = `state "${escaped(node.key)}" as ${id}`;
  if (childrenOf(node).length === 0) {
    return [name, ...insideOf(node).map((line) => `${id} : ${line}`)];
  }
  return [`${name} {`, ...indented(bodyOf(chart, node)), '}'];
}

function bodyOf(chart: Chart, node: AnyStateNode): string[] {
  const own = [...anyBox(chart, node), ...arrowLines(chart, node)];
  if (node.type !== 'parallel') {
    const children = childrenOf(node);
    return [
      ...initialLines(chart, node, ''),
      ...children.flatMap((child) => drawn(chart, child)),
      ...own,
      ...children
        .filter((child) => child.type === 'final')
        .map((child) => `${idOf(chart, child)} --> [*]`),
    ];
  }
  const regions = childrenOf(node).map((region) => regionOf(chart, region));
  return [...regions, ...(own.length === 0 ? [] : [own])].flatMap((lines, index) =>
    index === 0 ? lines : ['--', ...lines],
  );
}

/** A region's states stand beside its name: Mermaid draws a state inside a region wrongly when it holds others. */
function regionOf(chart: Chart, region: AnyStateNode): string[] {
  if (region.type !== 'compound') return drawn(chart, region);
  const [, ...rest] = bodyOf(chart, region);
  return [...initialLines(chart, region, region.key), ...rest];
}

function initialLines(chart: Chart, node: AnyStateNode, name: string): string[] {
  const { target, actions } = node.initial;
  const label = [escaped(name), actionsText(actions)].filter((text) => text !== '').join(' ');
  const into: readonly AnyStateNode[] = target ?? [];
  return into.map((state) => arrowLine('[*]', idOf(chart, state), label));
}

/** The box of what happens in all states inside `node`: transitions that stay, and where arrows begin that don't. */
function anyBox(chart: Chart, node: AnyStateNode): string[] {
  const inside = insideOf(node);
  const leaves = chart.arrows.some(({ home, from }) => home === node && from === undefined);
  if (inside.length === 0 && !leaves) return [];
  const id = anyOf(chart, node);
  const name = node.parent === undefined ? 'any state' : `any state of ${node.key}`;
  return [`state "${escaped(name)}" as ${id}`, ...inside.map((line) => `${id} : ${line}`)];
}

const arrowLines = (chart: Chart, node: AnyStateNode): string[] =>
  chart.arrows
    .filter(({ home }) => home === node)
    .map(({ from, to, label }) =>
      arrowLine(
        from === undefined ? anyOf(chart, node) : idOf(chart, from),
        idOf(chart, to),
        label,
      ),
    );

const arrowLine = (from: string, to: string, label: string): string =>
  label === '' ? `${from} --> ${to}` : `${from} --> ${to} : ${label}`;

type Transition = NonNullable<AnyStateNode['always']>[number];

const transitionsOf = (node: AnyStateNode): Transition[] => [
  ...[...node.transitions.values()].flat(),
  ...(node.always ?? []),
];

function arrowsOf(node: AnyStateNode): Arrow[] {
  return transitionsOf(node).flatMap((transition) =>
    (transition.target ?? []).map((to: AnyStateNode): Arrow => {
      const label = transitionText(transition);
      const inside = to !== node && ancestorsOf(to).includes(node);
      if (inside || node.parent === undefined) return { home: node, from: undefined, to, label };
      const around = ancestorsOf(to);
      const home = ancestorsOf(node).find((each) => around.includes(each)) ?? node.machine.root;
      return { home, from: node, to, label };
    }),
  );
}

/** Nearest first. */
const ancestorsOf = ({ parent }: AnyStateNode): AnyStateNode[] =>
  parent === undefined ? [] : [parent, ...ancestorsOf(parent)];

/** Entry and exit actions, and transitions without a target. */
function insideOf(node: AnyStateNode): string[] {
  const onEntry = actionsText(node.entry);
  const onExit = actionsText(node.exit);
  return [
    ...(onEntry === '' ? [] : [`entry ${onEntry}`]),
    ...(onExit === '' ? [] : [`exit ${onExit}`]),
    ...transitionsOf(node).flatMap((transition) =>
      (transition.target ?? []).length === 0 ? [transitionText(transition)] : [],
    ),
  ];
}

/** `event [guard] / actions`. */
function transitionText({ eventType, guard, actions }: Transition): string {
  const guarded = guard === undefined ? '' : `[${escaped(guardText(guard))}]`;
  const parts = [escaped(eventText(eventType)), guarded, actionsText(actions)];
  return parts.filter((part) => part !== '').join(' ');
}

const actionsText = (actions: readonly unknown[]): string =>
  actions.length === 0 ? '' : `/ ${actions.map((action) => escaped(nameOf(action))).join(', ')}`;

/** Mermaid's own escapes for the characters that would end a label or a name, or be read as markup. */
const escaped = (text: string): string =>
  text.replaceAll(/[#:;"<>{}\n]/g, (character) => `#${character.charCodeAt(0)};`);
