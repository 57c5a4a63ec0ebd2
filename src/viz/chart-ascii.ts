/**
 * Chart ASCII: a chart as an indented tree for mails and terminals: each state with what it does and where it leads.
 */
import {
  actionsText,
  type Chart,
  type ChartState,
  type ChartTransition,
  transitionText,
} from './chart.ts';
import { takenText } from './chart-text.ts';

const LEGEND =
  '> first state   = region   . final state   #tag   -> where it leads; none: it stays';

const MARKS = { first: '>', region: '=', final: '.', other: ' ' } as const;

export function chartAscii(chart: Chart): string {
  const names = namesOf(chart.root);
  return `${[...drawn(chart.root, '', names), '', LEGEND].join('\n')}\n`;
}

/** A state's key where no other has it, its path otherwise; the root's id is on every path. */
function namesOf(root: ChartState): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const walk = (state: ChartState, path: readonly string[]): void => {
    paths.set(state.id, path.length === 0 ? state.key : path.join('.'));
    for (const inner of state.states) walk(inner, [...path, inner.key]);
  };
  walk(root, []);
  const keyOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
  const keys = [...paths.values()].map(keyOf);
  return new Map(
    [...paths].map(([id, path]) => {
      const isOnly = keys.filter((key) => key === keyOf(path)).length === 1;
      return [id, isOnly ? keyOf(path) : path];
    }),
  );
}

function drawn(
  state: ChartState,
  mark: string,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const tags = state.tags.map((tag) => ` #${tag}`).join('');
  const own = [
    ...(state.entry.length === 0 ? [] : [`entry ${actionsText(state.entry)}`]),
    ...(state.exit.length === 0 ? [] : [`exit ${actionsText(state.exit)}`]),
    ...state.transitions.map((transition) => transitionLine(transition, names)),
  ];
  const below = state.states.flatMap((inner) => drawn(inner, markOf(state, inner), names));
  const bar = state.states.length === 0 ? '  ' : '| ';
  const indent = mark === '' ? '' : '  ';
  return [
    `${mark === '' ? '' : `${mark} `}${state.key}${tags}`,
    ...own.map((line) => `${indent}${bar}  ${line}`),
    ...below.map((line) => `${indent}${bar}${line}`.trimEnd()),
  ];
}

function markOf(parent: ChartState, { id, kind }: ChartState): string {
  if (parent.kind === 'parallel') return MARKS.region;
  if (parent.initial.includes(id)) return MARKS.first;
  return kind === 'final' ? MARKS.final : MARKS.other;
}

function transitionLine(transition: ChartTransition, names: ReadonlyMap<string, string>): string {
  const leads = transition.targets.map((id) => names.get(id) ?? id).join(', ');
  return [transitionText(transition), leads === '' ? '' : `-> ${leads}`, takenText(transition)]
    .filter((text) => text !== '')
    .join('  ');
}
